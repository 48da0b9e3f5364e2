/** Making an API key: its name, what it may do, how long it works. */
import { useSignal } from "@preact/signals";
import type { NewApiKeyAnswer } from "../../../contract/api-key.ts";
import { SCOPES, type Scope } from "../../../kernel/scope.ts";
import { api, may, session } from "../../api/session.ts";
import { createApiKey } from "../../api/settings.ts";
import { messages } from "../../i18n/messages.ts";
import { settingsMessages } from "../../i18n/settings-messages.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { fieldText } from "../../parts/form-field.ts";
import { failureText } from "../../parts/notice.tsx";

const DAY_MS = 86_400_000;
/** In days; 0 for a key that does not expire. */
const LIVES = [30, 90, 365, 0] as const;
const USUAL_LIFE = 90;
const USUAL_SCOPE: Scope = "events:write";
/** What they allow concerns all organizations, so that a key of one cannot use them. */
const SCOPES_OF_ALL: ReadonlySet<Scope> = new Set(["schemas:write", "metrics:read"]);

export interface NewApiKeyDialogProps {
  readonly onMade: (key: NewApiKeyAnswer) => void;
  readonly onClose: () => void;
}

export function NewApiKeyDialog({ onMade, onClose }: NewApiKeyDialogProps) {
  const t = settingsMessages.value.keys;
  const problem = useSignal("");
  const isBusy = useSignal(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const scopes = new FormData(event.currentTarget as HTMLFormElement).getAll("scope") as Scope[];
    const days = Number(fieldText(event, "days"));
    problem.value = scopes.length === 0 ? t.scopeMissing : "";
    if (scopes.length === 0 || api.value === undefined || isBusy.value) {
      return;
    }
    isBusy.value = true;
    const made = await createApiKey(api.value, {
      name: fieldText(event, "name"),
      scopes,
      organization_id: session.value?.organizationId ?? null,
      expires_at: days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString(),
    });
    isBusy.value = false;
    if (made.ok) {
      onMade(made.value);
    } else {
      problem.value = failureText(made.failure);
    }
  }

  return (
    <Dialog title={t.create} onClose={onClose}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>{t.name}</span>
          <input class="input" name="name" required maxLength={255} autoComplete="off" />
        </label>
        <ScopeChoice />
        <label class="field">
          <span>{t.expires}</span>
          <select class="input" name="days">
            {LIVES.map((days) => (
              <option key={days} value={days} selected={days === USUAL_LIFE}>
                {days === 0 ? t.never : t.inDays(days)}
              </option>
            ))}
          </select>
        </label>
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {messages.value.cancel}
          </button>
          <button type="submit" class="button primary" aria-disabled={isBusy.value}>
            {t.create}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a key of one organization can use; and nobody can give what they do not have. */
function ScopeChoice() {
  const t = settingsMessages.value.keys;
  return (
    <fieldset class="field">
      <legend>{t.scopes}</legend>
      {SCOPES.filter((scope) => may(scope) && !SCOPES_OF_ALL.has(scope)).map((scope) => (
        <label key={scope} class="check">
          <input
            type="checkbox"
            name="scope"
            value={scope}
            defaultChecked={scope === USUAL_SCOPE}
          />
          <code>{scope}</code>
          <span class="faint">{t.scopeTexts[scope]}</span>
        </label>
      ))}
    </fieldset>
  );
}
