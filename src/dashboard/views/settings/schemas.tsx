/** Actions and their schemas: what was seen is proposed, and becomes the rule when somebody locks it. */
import { useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import type { Action } from "../../../contract/action-schema.ts";
import type { Api } from "../../api/client.ts";
import { session } from "../../api/session.ts";
import { listActions } from "../../api/settings.ts";
import { settingsMessages } from "../../i18n/settings-messages.ts";
import { numberFormat } from "../../i18n/time-format.ts";
import { LoadedPart } from "../../parts/loaded-part.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Section } from "../../parts/section.tsx";
import { shown } from "../../parts/shown-text.ts";
import { Table } from "../../parts/table.tsx";
import { SchemaDialog } from "./schema-dialog.tsx";

export function Schemas() {
  const t = settingsMessages.value.schemas;
  const organizationId = session.value?.organizationId ?? "";
  const actions = useLoaded(
    useCallback(
      (client: Api, signal: AbortSignal) => listActions(client, organizationId, signal),
      [organizationId],
    ),
  );
  const opened = useSignal<Action | undefined>(undefined);
  function close(): void {
    opened.value = undefined;
  }
  return (
    <Section title={t.title} text={t.text}>
      <LoadedPart loading={actions}>
        {({ data }) => (
          <ActionTable
            actions={data.toSorted((a, b) => (a.name < b.name ? -1 : 1))}
            onOpen={(action) => {
              opened.value = action;
            }}
          />
        )}
      </LoadedPart>
      {opened.value !== undefined && (
        <SchemaDialog
          action={opened.value}
          onLocked={() => {
            close();
            actions.reload();
          }}
          onClose={close}
        />
      )}
    </Section>
  );
}

interface ActionTableProps {
  readonly actions: readonly Action[];
  readonly onOpen: (action: Action) => void;
}

function ActionTable({ actions, onOpen }: ActionTableProps) {
  const t = settingsMessages.value.schemas;
  return (
    <div class="table-frame">
      <Table
        rows={actions}
        keyOf={({ name }) => name}
        none={t.none}
        columns={[
          { heading: t.action, isTitle: true, cell: ({ name }) => <bdi>{shown(name)}</bdi> },
          {
            heading: t.events,
            class: "number",
            cell: ({ events }) => numberFormat.value.format(events ?? 0),
          },
          {
            heading: t.state,
            cell: ({ schema }) =>
              schema === null ? (
                <span class="badge">{t.open}</span>
              ) : (
                <span class="badge good">{t.locked(schema.version)}</span>
              ),
          },
        ]}
        actions={(action) => (
          <button type="button" class="button small" onClick={() => onOpen(action)}>
            {action.schema === null ? t.propose : t.show}
          </button>
        )}
      />
    </div>
  );
}
