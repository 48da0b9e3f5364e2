/**
 * Who is signed in, and to which organization's log. Every way of signing in ends in a `Session`: an API key or a JWT
 * that is sent with each request, or the portal's cookie that the browser sends by itself.
 *
 * A bearer token is kept for this tab only, and gone when it closes.
 */
import { computed, signal } from "@preact/signals";
import { Api } from "./client.ts";

export type Credential =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "cookie" };

export interface Session {
  readonly credential: Credential;
  /** Empty when the credential is for one organization whose id nobody has said yet: the server knows it. */
  readonly organizationId: string;
}

const KEY = "rekishi.session";

export const session = signal<Session | undefined>(restored());
/** The server stopped accepting the credential, so that the sign-in can say why it is there. */
export const isSessionExpired = signal(false);

export const api = computed(() =>
  session.value === undefined
    ? undefined
    : new Api(session.value.credential, () => {
        isSessionExpired.value = true;
        signOut();
      }),
);

export function signIn(next: Session): void {
  isSessionExpired.value = false;
  session.value = next;
  sessionStorage.setItem(KEY, JSON.stringify(next));
}

export function signOut(): void {
  session.value = undefined;
  sessionStorage.removeItem(KEY);
}

function restored(): Session | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Session | null) ?? undefined;
  } catch {
    return undefined;
  }
}
