/** Asks for an export of the query and the period that the address names, as Explore shows them. */
import { useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import type { ExportFormat } from "../../../contract/export.ts";
import type { Api } from "../../api/client.ts";
import { createExport } from "../../api/exports.ts";
import { api } from "../../api/session.ts";
import { readRetention } from "../../api/settings.ts";
import { exportsMessages } from "../../i18n/exports-messages.ts";
import { messages } from "../../i18n/messages.ts";
import { numberFormat, timeFormat } from "../../i18n/time-format.ts";
import { fieldText } from "../../parts/form-field.ts";
import { useLoaded } from "../../parts/loaded.ts";
import { failureText } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { shown } from "../../parts/shown-text.ts";
import { address, navigate } from "../../state/address.ts";
import { exportBounds } from "./export-bounds.ts";

export interface NewExportProps {
  readonly organizationId: string;
  readonly onCreated: () => void;
}

export function NewExport({ organizationId, onCreated }: NewExportProps) {
  const t = exportsMessages.value.create;
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const { q, range } = address.value;
  const { loaded } = useLoaded(
    useCallback(
      (client: Api, signal: AbortSignal) => readRetention(client, organizationId, signal),
      [organizationId],
    ),
  );
  const days = loaded.kind === "ready" ? loaded.value.retention_period_in_days : undefined;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    // Read now, because the form is not the event's any more after the first answer.
    const [format = "csv", variant] = fieldText(event, "format").split("-");
    if (api.value === undefined || isBusy.value || loaded.kind === "loading") {
      return;
    }
    const { from, to } = exportBounds(range, Date.now(), days);
    isBusy.value = true;
    const made = await createExport(api.value, {
      organizationId,
      q,
      from,
      to,
      format: format as ExportFormat,
      bom: variant === "excel",
    });
    isBusy.value = false;
    problem.value = made.ok ? "" : failureText(made.failure);
    if (made.ok) {
      onCreated();
    }
  }

  return (
    <Section title={t.title} text={t.text}>
      <Selection isLoading={loaded.kind === "loading"} days={days} />
      <form class="form inline" onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>{t.format}</span>
          <select class="input" name="format">
            <option value="csv">{t.formats.csv}</option>
            <option value="csv-excel">{t.formats.excel}</option>
            <option value="ndjson">{t.formats.ndjson}</option>
          </select>
        </label>
        <button type="submit" class="button primary" aria-disabled={isBusy.value}>
          {t.submit}
        </button>
        <p class="problem" role="alert">
          {problem.value}
        </p>
      </form>
    </Section>
  );
}

interface SelectionProps {
  /** How many days an export can cover is not known yet. */
  readonly isLoading: boolean;
  /** How many days events are kept; undefined where the session may not know. */
  readonly days: number | undefined;
}

function Selection({ isLoading, days }: SelectionProps) {
  const t = exportsMessages.value.create;
  const { q, range } = address.value;
  const { from, to, isCut } = exportBounds(range, Date.now(), days);
  const { bound } = timeFormat.value;
  return (
    <dl class="selection">
      <dt>{t.query}</dt>
      <dd>{q === "" ? t.everything : <code>{shown(q)}</code>}</dd>
      <dt>{t.period}</dt>
      <dd>{isLoading ? "…" : messages.value.time.between(bound(from), bound(to))}</dd>
      {days !== undefined && (
        <dd class="faint wide">{t.covers(numberFormat.value.format(days), isCut)}</dd>
      )}
      <dd class="wide">
        <button type="button" class="button small" onClick={() => navigate({ view: "explore" })}>
          {t.change}
        </button>
      </dd>
    </dl>
  );
}
