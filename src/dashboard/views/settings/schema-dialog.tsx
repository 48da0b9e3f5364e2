/** One action's schema: the one that holds, and what its newest events propose. */
import { useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import type { Action, ActionSchemaRules } from "../../../contract/action-schema.ts";
import { type Api, type ApiResult } from "../../api/client.ts";
import { api, session } from "../../api/session.ts";
import { createSchema, inferSchema } from "../../api/settings.ts";
import { settingsMessages } from "../../i18n/settings-messages.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { LoadedPart } from "../../parts/loaded-part.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { failureText } from "../../parts/notice.tsx";
import { shown } from "../../parts/shown-text.ts";

export interface SchemaDialogProps {
  readonly action: Action;
  readonly onLocked: () => void;
  readonly onClose: () => void;
}

export function SchemaDialog({ action, onLocked, onClose }: SchemaDialogProps) {
  const t = settingsMessages.value.schemas;
  const organizationId = session.value?.organizationId ?? "";
  const { name, schema } = action;
  const proposal = useLoaded(
    useCallback(
      (client: Api, signal: AbortSignal) => inferSchema(client, organizationId, name, signal),
      [organizationId, name],
    ),
  );
  return (
    <Dialog title={shown(name)} onClose={onClose}>
      {schema !== null && (
        <>
          <h3>{t.locked(schema.version)}</h3>
          <Rules rules={rulesOf(schema)} />
        </>
      )}
      <LoadedPart loading={proposal}>
        {({ events, schema: rules }) => (
          <>
            <h3>{t.proposal(events)}</h3>
            <Rules rules={rules} />
            <Lock
              text={schema === null ? t.lock : t.lockNext(schema.version + 1)}
              lock={(client) => createSchema(client, name, rules)}
              onLocked={onLocked}
            />
          </>
        )}
      </LoadedPart>
    </Dialog>
  );
}

function Rules({ rules }: { readonly rules: ActionSchemaRules }) {
  return (
    <pre class="example" tabIndex={0}>
      {JSON.stringify(rules, null, 2)}
    </pre>
  );
}

interface LockProps {
  readonly text: string;
  readonly lock: (client: Api) => Promise<ApiResult<unknown>>;
  readonly onLocked: () => void;
}

function Lock({ text, lock, onLocked }: LockProps) {
  const t = settingsMessages.value.schemas;
  const problem = useSignal("");
  async function onClick(): Promise<void> {
    const locked = api.value === undefined ? undefined : await lock(api.value);
    if (locked?.ok === true) {
      onLocked();
    } else if (locked !== undefined) {
      problem.value = failureText(locked.failure);
    }
  }
  return (
    <>
      <p class="hint">{t.lockText}</p>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <div class="dialog-actions">
        <button type="button" class="button primary" onClick={() => void onClick()}>
          {text}
        </button>
      </div>
    </>
  );
}

function rulesOf({ actor, targets, metadata }: ActionSchemaRules): ActionSchemaRules {
  return {
    ...(actor === undefined ? {} : { actor }),
    targets,
    ...(metadata === undefined ? {} : { metadata }),
  };
}
