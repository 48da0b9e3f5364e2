/** The exports of the organization: how far they are, what is in them, and their files. */
import type { ExportResource } from "../../../contract/export.ts";
import { deleteExport, readExport } from "../../api/exports.ts";
import { api } from "../../api/session.ts";
import { exportsMessages } from "../../i18n/exports-messages.ts";
import { numberFormat, timeFormat } from "../../i18n/time-format.ts";
import { announce } from "../../parts/announce.ts";
import { copy } from "../../parts/copy.tsx";
import { Icon } from "../../parts/icon.tsx";
import { failureText } from "../../parts/notice.tsx";
import { Table } from "../../parts/table.tsx";
import { language } from "../../state/preferences.ts";
import { sizeText } from "./size-text.ts";

export interface ExportTableProps {
  readonly exports: readonly ExportResource[];
  readonly onChange: () => void;
}

export function ExportTable({ exports, onChange }: ExportTableProps) {
  const t = exportsMessages.value.made;
  return (
    <Table
      rows={exports}
      keyOf={({ id }) => id}
      none={t.none}
      columns={[
        {
          heading: t.created,
          class: "brief",
          cell: (each) => timeFormat.value.bound(Date.parse(each.created_at)),
        },
        { heading: t.format, class: "brief", cell: ({ format }) => format.toUpperCase() },
        { heading: t.state, cell: (each) => <State export={each} /> },
        {
          heading: t.events,
          class: "number",
          cell: ({ events }) => (events === null ? "" : numberFormat.value.format(events)),
        },
        {
          heading: t.size,
          class: "number",
          cell: ({ size }) => (size === null ? "" : sizeText(size)),
        },
      ]}
      actions={(each) => <RowActions export={each} onChange={onChange} />}
    />
  );
}

function State({ export: each }: { readonly export: ExportResource }) {
  const t = exportsMessages.value.made;
  switch (each.state) {
    case "pending":
      return (
        <>
          <progress
            class="meter"
            aria-label={t.states.pending}
            max={Math.max(1, each.progress.total)}
            value={each.progress.events}
          />
          <span class="faint">{shareText(each.progress)}</span>
        </>
      );
    case "error":
      return (
        <span class="problem">
          {t.states.error} {each.failure?.message}
        </span>
      );
    case "ready":
      return (
        <>
          <span class="badge good">{t.states.ready}</span>
          {each.expires_at !== null && (
            <span class="faint">
              {t.until(timeFormat.value.bound(Date.parse(each.expires_at)))}
            </span>
          )}
        </>
      );
    case "expired":
      return <span class="badge">{t.states.expired}</span>;
  }
}

function shareText({ events, total }: ExportResource["progress"]): string {
  const format = new Intl.NumberFormat(language.value, { style: "percent" });
  return format.format(total === 0 ? 0 : events / total);
}

interface RowActionsProps {
  readonly export: ExportResource;
  readonly onChange: () => void;
}

function RowActions({ export: each, onChange }: RowActionsProps) {
  const t = exportsMessages.value.made;
  const { id, sha256 } = each;
  async function open(which: "url" | "manifest_url"): Promise<void> {
    const fresh = api.value === undefined ? undefined : await readExport(api.value, id);
    const url = fresh?.ok === true ? fresh.value[which] : null;
    if (url !== null) {
      location.assign(url);
    } else if (fresh?.ok === false) {
      announce(failureText(fresh.failure));
    }
  }
  async function remove(): Promise<void> {
    const removed = api.value === undefined ? undefined : await deleteExport(api.value, id);
    if (removed?.ok === false) {
      announce(failureText(removed.failure));
    }
    onChange();
  }
  return (
    <>
      {each.state === "ready" && (
        <>
          <button type="button" class="button small primary" onClick={() => void open("url")}>
            {t.download}
          </button>
          <button type="button" class="button small" onClick={() => void open("manifest_url")}>
            {t.manifest}
          </button>
        </>
      )}
      {sha256 !== null && (
        <button
          type="button"
          class="button small"
          title={sha256}
          onClick={() => void copy(sha256, "SHA-256")}
        >
          SHA-256
        </button>
      )}
      <button
        type="button"
        class="icon-button small quiet"
        aria-label={each.state === "pending" ? t.cancel : t.remove}
        title={each.state === "pending" ? t.cancel : t.remove}
        onClick={() => void remove()}
      >
        <Icon name="trash" />
      </button>
    </>
  );
}
