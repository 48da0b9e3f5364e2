/**
 * Who is signed in, and to which organization's log. Every way of signing in ends in a `Session`: an API key or a JWT
 * that is sent with each request, or the portal's cookie that the browser sends by itself.
 *
 * A bearer token is kept for this tab only, and gone when it closes; in a frame of another site it is kept nowhere.
 */
import { computed, signal } from "@preact/signals";
import type { Session as Holder } from "../../contract/portal.ts";
import type { Scope } from "../../kernel/scope.ts";
import { isEmbedded } from "../embed/is-embedded.ts";
import { forgetQueries } from "../state/recent-queries.ts";
import { Api, type ApiResult } from "./client.ts";

export type Credential =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "cookie" };

export interface Session {
  readonly credential: Credential;
  readonly organizationId: string;
  /** Who signed in and what they may do, as the server sees it. */
  readonly holder: Holder;
}

const KEY = "rekishi.session";
/** A page cannot see the portal's cookie, so it is remembered that there should be one. */
const COOKIE_KEY = "rekishi.portal";

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

/** Whether the views may offer something; the server decides again when it is asked. */
export function may(scope: Scope): boolean {
  return session.value?.holder.scopes.includes(scope) === true;
}

export function signIn(next: Session): void {
  isSessionExpired.value = false;
  session.value = next;
  if (isEmbedded) {
    return;
  }
  sessionStorage.setItem(KEY, JSON.stringify(next));
  if (next.credential.kind === "cookie") {
    localStorage.setItem(COOKIE_KEY, "1");
  }
}

export function signOut(): void {
  session.value = undefined;
  if (isEmbedded) {
    return;
  }
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(COOKIE_KEY);
}

/** Ends a portal session on the server too; a key goes on working for whoever else has it. Nothing asked is left. */
export async function endSession(): Promise<void> {
  if (session.value?.holder.intent !== null) {
    await api.value?.send("DELETE", "/session", {});
  }
  signOut();
  forgetQueries();
}

/** Who holds a credential. */
export function identify(credential: Credential): Promise<ApiResult<Holder>> {
  return new Api(credential).get("/session");
}

/** Goes on with the portal session of another tab, if there is one. */
export async function resume(): Promise<void> {
  if (session.value !== undefined || localStorage.getItem(COOKIE_KEY) === null) {
    return;
  }
  const credential = { kind: "cookie" } as const;
  const holder = await identify(credential);
  if (holder.ok && holder.value.organization_id !== null) {
    const organizationId = holder.value.organization_id;
    signIn({ credential, organizationId, holder: holder.value });
  } else if (!holder.ok && holder.failure.status === 401) {
    localStorage.removeItem(COOKIE_KEY);
  }
}

function restored(): Session | undefined {
  if (isEmbedded) {
    return undefined;
  }
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Partial<Session> | null;
    // An older version of this page kept less.
    return stored?.holder === undefined ? undefined : (stored as Session);
  } catch {
    return undefined;
  }
}
