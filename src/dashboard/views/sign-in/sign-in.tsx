/**
 * The way in while nobody is signed in: an API key, and then the organization whose log to open. Other ways, such as a
 * portal link, end in the same `signIn`.
 */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Session as Holder } from "../../../contract/portal.ts";
import { ok } from "../../../kernel/result.ts";
import { Api, type ApiResult } from "../../api/client.ts";
import type { ApiFailure } from "../../api/failure.ts";
import { type Access, findAccess } from "../../api/organizations.ts";
import { identify, isSessionExpired, resume, signIn } from "../../api/session.ts";
import { messages } from "../../i18n/messages.ts";
import { fieldText } from "../../parts/form-field.ts";
import { Logo } from "../../parts/logo.tsx";
import { failureText, failureTitle } from "../../parts/notice.tsx";
import { address, navigate } from "../../state/address.ts";
import { ChooseOrganization } from "./choose-organization.tsx";
import { isSendable } from "./sendable.ts";

/** A key that the server knows, and what it opens. */
interface Entrance {
  readonly token: string;
  readonly holder: Holder;
  readonly access: Access;
}

export function SignIn() {
  const t = messages.value.signIn;
  const entrance = useSignal<Entrance | undefined>(undefined);
  useEffect(() => void resume(), []);

  function enter({ token, holder }: Entrance, organizationId: string): void {
    signIn({ credential: { kind: "bearer", token }, holder, organizationId });
    navigate({ organizationId }, { replace: true });
  }

  function onEntrance(found: Entrance): void {
    const wanted = address.value.organizationId;
    const { access } = found;
    if (access.kind === "one") {
      enter(found, access.organizationId);
    } else if (
      access.kind === "many" &&
      (wanted !== undefined || access.organizations.length === 1)
    ) {
      enter(found, wanted ?? access.organizations[0]?.id ?? "");
    } else {
      entrance.value = found;
    }
  }

  const open = entrance.value;
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Logo />
        {open === undefined ? (
          <>
            <h1>{t.title}</h1>
            <p class="faint">{t.text}</p>
            <KeyForm onEntrance={onEntrance} />
          </>
        ) : (
          <ChooseOrganization
            access={open.access}
            onChoose={(organizationId) => enter(open, organizationId)}
            onBack={() => {
              entrance.value = undefined;
            }}
          />
        )}
      </div>
    </main>
  );
}

function KeyForm({ onEntrance }: { readonly onEntrance: (entrance: Entrance) => void }) {
  const t = messages.value.signIn;
  const isBusy = useSignal(false);
  const problem = useSignal("");

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const key = fieldText(event, "key");
    problem.value = key === "" ? t.keyMissing : isSendable(key) ? "" : t.keyRefused;
    if (problem.value !== "" || isBusy.value) {
      return;
    }
    isBusy.value = true;
    const found = await findEntrance(key);
    isBusy.value = false;
    if (!found.ok) {
      problem.value = problemOf(found.failure);
    } else if (found.value.holder.scopes.includes("events:read")) {
      onEntrance(found.value);
    } else {
      problem.value = t.keyForbidden;
    }
  }

  return (
    <form class="sign-in-form" onSubmit={(event) => void submit(event)}>
      {isSessionExpired.value && problem.value === "" && <p class="warning">{t.expired}</p>}
      <label class="field">
        <span>{t.key}</span>
        <input
          class="input mono"
          name="key"
          type="password"
          autoComplete="off"
          spellcheck={false}
          autofocus
          aria-invalid={problem.value !== ""}
          aria-describedby="key-hint key-problem"
        />
      </label>
      <p id="key-problem" class="problem" role="alert">
        {problem.value}
      </p>
      <button type="submit" class="button primary" aria-disabled={isBusy.value}>
        {isBusy.value ? t.checking : t.submit}
      </button>
      <div id="key-hint" class="hint">
        <p>{t.keyHint}</p>
        {isLocal() && <p>{t.rootKeyHint}</p>}
      </div>
    </form>
  );
}

async function findEntrance(token: string): Promise<ApiResult<Entrance>> {
  const credential = { kind: "bearer", token } as const;
  const holder = await identify(credential);
  if (!holder.ok) {
    return holder;
  }
  const access = await findAccess(new Api(credential), holder.value);
  return access.ok ? ok({ token, holder: holder.value, access: access.value }) : access;
}

function problemOf(failure: ApiFailure): string {
  const t = messages.value.signIn;
  return failure.status === 401
    ? t.keyRefused
    : messages.value.failure.inOneLine(failureTitle(failure), failureText(failure));
}

function isLocal(): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
}
