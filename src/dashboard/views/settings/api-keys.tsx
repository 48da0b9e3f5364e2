/** The organization's API keys: what each may do and when it was last used; making, rotating and revoking them. */
import { useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import type { ApiKey, NewApiKeyAnswer } from "../../../contract/api-key.ts";
import type { Api, ApiResult } from "../../api/client.ts";
import { api, session } from "../../api/session.ts";
import { listApiKeys, revokeApiKey, rotateApiKey } from "../../api/settings.ts";
import { settingsMessages } from "../../i18n/settings-messages.ts";
import { timeFormat } from "../../i18n/time-format.ts";
import { announce } from "../../parts/announce.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icon.tsx";
import { LoadedPart } from "../../parts/loaded-part.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { failureText } from "../../parts/notice.tsx";
import { Secret } from "../../parts/secret.tsx";
import { Section } from "../../parts/section.tsx";
import { shown } from "../../parts/shown-text.ts";
import { Table } from "../../parts/table.tsx";
import { NewApiKeyDialog } from "./new-api-key.tsx";

/** What is open above the list. */
type Step =
  | { readonly kind: "new" }
  | { readonly kind: "made"; readonly key: NewApiKeyAnswer }
  | { readonly kind: "rotate" | "revoke"; readonly key: ApiKey };

export function ApiKeys() {
  const t = settingsMessages.value.keys;
  const organizationId = session.value?.organizationId ?? "";
  const keys = useLoaded(
    useCallback(
      (client: Api, signal: AbortSignal) => listApiKeys(client, organizationId, signal),
      [organizationId],
    ),
  );
  const step = useSignal<Step | undefined>(undefined);
  function close(): void {
    step.value = undefined;
  }
  function onMade(key: NewApiKeyAnswer): void {
    step.value = { kind: "made", key };
    keys.reload();
  }

  return (
    <Section
      title={t.title}
      text={t.text}
      action={
        <button
          type="button"
          class="button"
          onClick={() => {
            step.value = { kind: "new" };
          }}
        >
          <Icon name="plus" />
          {t.create}
        </button>
      }
    >
      <LoadedPart loading={keys}>
        {({ data }) => (
          <KeyTable
            keys={data}
            onStep={(next) => {
              step.value = next;
            }}
          />
        )}
      </LoadedPart>
      {step.value !== undefined && (
        <StepDialog step={step.value} onMade={onMade} onChange={keys.reload} onClose={close} />
      )}
    </Section>
  );
}

interface KeyTableProps {
  readonly keys: readonly ApiKey[];
  readonly onStep: (step: Step) => void;
}

function KeyTable({ keys, onStep }: KeyTableProps) {
  const t = settingsMessages.value.keys;
  return (
    <Table
      rows={keys}
      keyOf={({ id }) => id}
      none={t.none}
      columns={[
        { heading: t.name, isTitle: true, cell: ({ name }) => <bdi>{shown(name)}</bdi> },
        {
          heading: t.scopes,
          class: "scopes",
          cell: ({ scopes }) => scopes.map((scope) => <code key={scope}>{scope}</code>),
        },
        { heading: t.lastUsed, cell: (key) => timeText(key.last_used_at, t.never) },
        { heading: t.expires, cell: (key) => timeText(key.expires_at, t.never) },
      ]}
      actions={(key) => (
        <>
          <button
            type="button"
            class="button small"
            onClick={() => onStep({ kind: "rotate", key })}
          >
            {t.rotate}
          </button>
          <button
            type="button"
            class="button small danger"
            onClick={() => onStep({ kind: "revoke", key })}
          >
            {t.revoke}
          </button>
        </>
      )}
    />
  );
}

interface StepDialogProps {
  readonly step: Step;
  readonly onMade: (key: NewApiKeyAnswer) => void;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

function StepDialog({ step, onMade, onChange, onClose }: StepDialogProps) {
  const t = settingsMessages.value.keys;
  async function act<T>(ask: (client: Api) => Promise<ApiResult<T>>): Promise<T | undefined> {
    const answer = api.value === undefined ? undefined : await ask(api.value);
    if (answer?.ok === false) {
      announce(failureText(answer.failure));
    }
    return answer?.ok === true ? answer.value : undefined;
  }
  async function rotate(key: ApiKey): Promise<void> {
    const made = await act((client) => rotateApiKey(client, key.id));
    if (made !== undefined) {
      onMade(made);
    }
  }
  async function revoke(key: ApiKey): Promise<void> {
    onClose();
    await act((client) => revokeApiKey(client, key.id));
    onChange();
  }

  switch (step.kind) {
    case "new":
      return <NewApiKeyDialog onMade={onMade} onClose={onClose} />;
    case "made":
      return (
        <Dialog title={t.made(step.key.name)} onClose={onClose}>
          <Secret label={t.key} text={step.key.key} hint={t.once} />
        </Dialog>
      );
    case "rotate":
      return (
        <Confirm
          title={t.rotateTitle(step.key.name)}
          text={t.rotateText}
          action={t.rotate}
          onConfirm={() => void rotate(step.key)}
          onClose={onClose}
        />
      );
    case "revoke":
      return (
        <Confirm
          title={t.revokeTitle(step.key.name)}
          text={t.revokeText}
          action={t.revoke}
          onConfirm={() => void revoke(step.key)}
          onClose={onClose}
        />
      );
  }
}

function timeText(time: string | null, never: string): string {
  return time === null ? never : timeFormat.value.bound(Date.parse(time));
}
