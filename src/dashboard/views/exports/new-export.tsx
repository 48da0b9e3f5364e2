/** Asks for an export of the query and the period that the address names, as Explore shows them. */
import { useSignal } from "@preact/signals";
import type { ExportFormat } from "../../../contract/export.ts";
import { createExport } from "../../api/exports.ts";
import { api } from "../../api/session.ts";
import { readRetention } from "../../api/settings.ts";
import { messages } from "../../i18n/messages.ts";
import { rangeText } from "../../i18n/range-text.ts";
import { fieldText } from "../../parts/form-field.ts";
import { failureText } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";
import { shown } from "../../parts/shown-text.ts";
import { address, navigate } from "../../state/address.ts";
import { boundsOf } from "../../state/time-range.ts";

const DAY_MS = 86_400_000;

export interface NewExportProps {
  readonly organizationId: string;
  readonly onCreated: () => void;
}

export function NewExport({ organizationId, onCreated }: NewExportProps) {
  const t = messages.value.exports.create;
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const { q } = address.value;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    // Read now, because the form is not the event's any more after the first answer.
    const [format = "csv", variant] = fieldText(event, "format").split("-");
    if (api.value === undefined || isBusy.value) {
      return;
    }
    isBusy.value = true;
    const made = await createExport(api.value, {
      organizationId,
      q,
      ...(await exportBounds(organizationId, Date.now())),
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
      <Selection />
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

function Selection() {
  const t = messages.value.exports.create;
  const { q, range } = address.value;
  return (
    <dl class="selection">
      <dt>{t.query}</dt>
      <dd>{q === "" ? t.everything : <code>{shown(q)}</code>}</dd>
      <dt>{t.period}</dt>
      <dd>{rangeText(range)}</dd>
      <dd>
        <button type="button" class="button small" onClick={() => navigate({ view: "explore" })}>
          {t.change}
        </button>
      </dd>
    </dl>
  );
}

/** An export has two bounds, and does not reach further back than events are kept. */
async function exportBounds(organizationId: string, now: number) {
  const { from = 0, to = now } = boundsOf(address.value.range, now);
  const retention =
    api.value === undefined
      ? undefined
      : await readRetention(api.value, organizationId, AbortSignal.timeout(10_000));
  const days = retention?.ok === true ? retention.value.retention_period_in_days : undefined;
  return { from: days === undefined ? from : Math.max(from, now - days * DAY_MS), to };
}
