/** Reads pieces of a log as rows of the file: those of the events that are wanted. */
import type { StoredEvent } from "../contract/event.ts";
import { byteText } from "../kernel/byte-text.ts";
import { blockEvents } from "../log/block-events.ts";
import { type BlockTable, readTable } from "../log/block-table.ts";
import type { HeldPiece } from "../log/encoded.ts";
import { parseLine } from "../log/line.ts";
import { compile, type EventTest } from "../query/match.ts";
import type { Query } from "../query/query.ts";
import { isTimeRange, timeBounds } from "../query/time-bounds.ts";
import type { FileFormat } from "./format.ts";
import type { Row } from "./row.ts";
import { TableRows } from "./table-rows.ts";

export class RowReader {
  readonly #format: FileFormat;
  readonly #tableRows: TableRows;
  readonly #where: Query;
  readonly #matches: EventTest;

  constructor(format: FileFormat, where: Query) {
    this.#format = format;
    this.#tableRows = new TableRows(format);
    this.#where = where;
    this.#matches = compile(where);
  }

  /** Those from `firstSeq` to `lastSeq`, in order of seq. */
  read(piece: HeldPiece, firstSeq: number, lastSeq: number): Row[] {
    const isInside = (seq: number) => seq >= firstSeq && seq <= lastSeq;
    if (piece.kind === "lines") {
      return this.#rowsOf(piece.lines.map(parseLine), isInside);
    }
    const table = readTable(piece.bytes);
    if (table === undefined) {
      return this.#rowsOf(blockEvents(piece.bytes), isInside);
    }
    const isWanted = this.#wantedOf(table, piece.bytes);
    return this.#tableRows.read(
      table,
      (index) => isInside(table.firstSeq + index) && isWanted(index),
    );
  }

  #rowsOf(events: readonly StoredEvent[], isInside: (seq: number) => boolean): Row[] {
    return events
      .filter((stored) => isInside(stored.seq) && this.#matches(stored))
      .map((stored) => ({
        occurredAt: Date.parse(stored.event.occurred_at),
        seq: stored.seq,
        text: byteText(this.#format.row(stored)),
      }));
  }

  /** Which events of a block match, by their numbers. They are read only if their time does not say it. */
  #wantedOf({ occurredAt }: BlockTable, bytes: Uint8Array): (index: number) => boolean {
    if (isTimeRange(this.#where)) {
      const { from, to } = timeBounds(this.#where);
      return (index) => {
        const at = occurredAt[index] ?? Number.NaN;
        return at >= from && at < to;
      };
    }
    const events = blockEvents(bytes);
    return (index) => {
      const stored = events[index];
      return stored !== undefined && this.#matches(stored);
    };
  }
}
