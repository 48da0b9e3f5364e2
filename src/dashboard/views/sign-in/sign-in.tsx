/**
 * The way in while nobody is signed in: an API key, and then the organization whose log to open. Other ways, such as a
 * portal link, end in the same `signIn`.
 */
import { useSignal } from "@preact/signals";
import { Api } from "../../api/client.ts";
import type { ApiFailure } from "../../api/failure.ts";
import { type Access, findAccess } from "../../api/organizations.ts";
import { isSessionExpired, signIn } from "../../api/session.ts";
import { messages } from "../../i18n/messages.ts";
import { fieldText } from "../../parts/form-field.ts";
import { Logo } from "../../parts/logo.tsx";
import { failureText, failureTitle } from "../../parts/notice.tsx";
import { address, navigate } from "../../state/address.ts";
import { ChooseOrganization } from "./choose-organization.tsx";

export function SignIn() {
  const t = messages.value.signIn;
  const token = useSignal("");
  const access = useSignal<Access | undefined>(undefined);

  function enter(organizationId: string): void {
    signIn({ credential: { kind: "bearer", token: token.value }, organizationId });
    navigate({ organizationId }, { replace: true });
  }

  function onAccess(found: Access): void {
    const wanted = address.value.organizationId;
    if (found.kind === "one") {
      enter(found.organizationId);
    } else if (
      found.kind === "many" &&
      (wanted !== undefined || found.organizations.length === 1)
    ) {
      enter(wanted ?? found.organizations[0]?.id ?? "");
    } else {
      access.value = found;
    }
  }

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Logo />
        {access.value === undefined ? (
          <>
            <h1>{t.title}</h1>
            <p class="faint">{t.text}</p>
            <KeyForm
              onKey={(key) => {
                token.value = key;
              }}
              onAccess={onAccess}
            />
          </>
        ) : (
          <ChooseOrganization
            access={access.value}
            onChoose={enter}
            onBack={() => {
              access.value = undefined;
            }}
          />
        )}
      </div>
    </main>
  );
}

interface KeyFormProps {
  readonly onKey: (key: string) => void;
  readonly onAccess: (access: Access) => void;
}

function KeyForm({ onKey, onAccess }: KeyFormProps) {
  const t = messages.value.signIn;
  const isBusy = useSignal(false);
  const problem = useSignal("");

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const key = fieldText(event, "key");
    problem.value = key === "" ? t.keyMissing : "";
    if (key === "" || isBusy.value) {
      return;
    }
    isBusy.value = true;
    onKey(key);
    const found = await findAccess(new Api({ kind: "bearer", token: key }));
    isBusy.value = false;
    if (found.ok) {
      onAccess(found.value);
    } else {
      problem.value = problemOf(found.failure);
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
      <p id="key-hint" class="hint">
        {t.keyHint} {isLocal() && t.rootKeyHint}
      </p>
    </form>
  );
}

function problemOf(failure: ApiFailure): string {
  const t = messages.value.signIn;
  if (failure.status === 401) {
    return t.keyRefused;
  }
  return failure.status === 403
    ? t.keyForbidden
    : `${failureTitle(failure)}. ${failureText(failure)}`;
}

function isLocal(): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
}
