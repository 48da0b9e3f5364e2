/**
 * Events as CSV: RFC 4180, one record an event, objects as JSON text (contract, "Exports").
 *
 * A cell that a spreadsheet would execute begins with an apostrophe. Whoever needs each value exactly as it is takes
 * NDJSON.
 */
import papa from "papaparse";
import type { StoredEvent } from "../contract/event.ts";

const COLUMNS = [
  "id",
  "seq",
  "occurred_at",
  "ingested_at",
  "action",
  "version",
  "actor_type",
  "actor_id",
  "actor_name",
  "actor_metadata",
  "targets",
  "location",
  "user_agent",
  "metadata",
] as const;

const NEWLINE = "\r\n";
const OPTIONS = {
  newline: NEWLINE,
  // Papa's own test for formulas overlooks those that go on over several lines.
  escapeFormulae: /^[=+\-@\t\r]/,
};

export function csvHeader(): string {
  return COLUMNS.join(",") + NEWLINE;
}

/** Each record ends with a line break. */
export function csvRows(events: readonly StoredEvent[]): string {
  return events.length === 0 ? "" : papa.unparse(events.map(cellsOf), OPTIONS) + NEWLINE;
}

/** In the order of `COLUMNS`. */
function cellsOf({ event, id, seq, ingested_at }: StoredEvent): (string | number)[] {
  const { actor, context } = event;
  return [
    id,
    seq,
    event.occurred_at,
    ingested_at,
    event.action,
    event.version ?? "",
    actor.type,
    actor.id,
    actor.name ?? "",
    JSON.stringify(actor.metadata ?? {}),
    JSON.stringify(event.targets),
    context.location,
    context.user_agent ?? "",
    JSON.stringify(event.metadata ?? {}),
  ];
}
