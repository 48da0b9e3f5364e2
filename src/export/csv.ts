/**
 * Events as CSV: RFC 4180, one record an event, objects as JSON text (contract, "Exports").
 *
 * A cell that a spreadsheet would execute begins with an apostrophe. Whoever needs each value exactly as it is takes
 * NDJSON. What must be quoted, and how, is Papa Parse's to say; only values of which it would change nothing are
 * written without asking it.
 */
import papa from "papaparse";
import type { Metadata, Party, StoredEvent } from "../contract/event.ts";
import { byteText, textOf } from "../kernel/byte-text.ts";
import { canonicalJson } from "../kernel/canonical-json.ts";
import type { Json } from "../kernel/strict-json.ts";
import { slotMark } from "../log/block-table.ts";
import type { FileFormat, ValuePlace } from "./format.ts";

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

/** How the mark of a slot looks that is a cell. */
const CELL_MARK = new RegExp(slotMark(0).replace("0", "(\\d+)"));

/** A value in the JSON text of a cell, which is quoted. */
const QUOTED: ValuePlace = {
  mark: /""\\u0001(\d+)\\u0001""/,
  write: (column) => column.replaceAll('"', '""').split("\n"),
};

export function csvFormat(bom: boolean): FileFormat {
  const cells = new Cells();
  return {
    head: (bom ? "\ufeff" : "") + COLUMNS.join(",") + NEWLINE,
    row: (stored) => csvRecord(cellsOf(stored)) + NEWLINE,
    places: [{ mark: CELL_MARK, write: (column) => cells.write(column) }, QUOTED],
  };
}

function csvRecord(cells: readonly unknown[]): string {
  return papa.unparse([cells], OPTIONS);
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
    json(actor.metadata ?? {}),
    json(event.targets),
    context.location,
    context.user_agent ?? "",
    json(event.metadata ?? {}),
  ];
}

function json(value: Metadata | readonly Party[]): string {
  return canonicalJson(value as Json);
}

/** Escapes, the separator, a formula, a space at an end, a byte order mark: what Papa Parse has to see. */
const ODD = /[\\,]|^"[=+\-@ ]| "$|\u00ef\u00bb\u00bf/m;
/** Odd values that are remembered: of many of them, such as user agents, there are few. */
const KNOWN_CELLS_MAX = 1_000;

/** Writes the values of a column as cells. They are all texts, or all numbers. */
class Cells {
  readonly #known = new Map<string, string>();

  write(column: string): string[] {
    if (ODD.test(column)) {
      return column.split("\n").map((value) => this.#cell(value));
    }
    return column.startsWith('"') ? column.slice(1, -1).split('"\n"') : column.split("\n");
  }

  #cell(value: string): string {
    if (!ODD.test(value)) {
      return value.startsWith('"') ? value.slice(1, -1) : value;
    }
    let cell = this.#known.get(value);
    if (cell === undefined) {
      cell = byteText(csvRecord([JSON.parse(textOf(value))]));
      if (this.#known.size >= KNOWN_CELLS_MAX) {
        this.#known.clear();
      }
      this.#known.set(value, cell);
    }
    return cell;
  }
}
