/**
 * A block as a table, for those who write its events in another form: columns of values as they are stored, and
 * templates, which are events with marks in place of values. Who knows how to write an event knows how to write a
 * template, and fills in the values without having read them.
 *
 * All is byte text (`kernel/byte-text.ts`). How a block is laid out is told in `block-codec.ts`.
 */
import type { StoredEvent } from "../contract/event.ts";
import { byteTextOf } from "../kernel/byte-text.ts";
import { mintEventId } from "../kernel/event-id.ts";
import {
  type BlockHeader,
  INGESTED_COLUMN,
  ITEM,
  OCCURRED_COLUMN,
  RANDOM_COLUMN,
  SECTION,
  SLOT,
  VERSION_SHREDDED,
} from "./block-codec.ts";
import { decompress } from "./zstd.ts";

export interface BlockTable {
  readonly organizationId: string;
  readonly firstSeq: number;
  /** When each event occurred, in milliseconds since the epoch. */
  readonly occurredAt: readonly number[];
  readonly templates: readonly string[];
  /** The number of each event's template. */
  readonly templateOf: readonly number[];
  /** Values as JSON, separated by line feeds, in the order in which events take them. */
  readonly columns: readonly string[];
}

export interface EventTemplate {
  /** Where an event has the value of slot 3, this has the text that `slotMark(3)` gives. */
  readonly stored: StoredEvent;
  /** For each slot, the column of its values. */
  readonly columns: readonly number[];
}

const MINUTE_MS = 60_000;
/** In front of the columns that the block has. */
const SEQ_COLUMN = 0;
const BLOCK_COLUMNS = 1;
const ID_COLUMN = BLOCK_COLUMNS + RANDOM_COLUMN;
const INGESTED_AT_COLUMN = BLOCK_COLUMNS + INGESTED_COLUMN;

/** Undefined for a block whose lines were kept as they are. Throws when the bytes are not a block. */
export function readTable(bytes: Uint8Array): BlockTable | undefined {
  const [head = "", templates = "", templateOf = "", ...columns] = byteTextOf(
    decompress(bytes),
  ).split(SECTION);
  const header = JSON.parse(head) as BlockHeader;
  if (header.version !== VERSION_SHREDDED) {
    return undefined;
  }
  const { organizationId, firstSeq, ingestedAt: start } = header;
  const occurredAt = sums(columns[OCCURRED_COLUMN], start);
  const ingestedAt = sums(columns[INGESTED_COLUMN], start);
  const randoms = columns[RANDOM_COLUMN]?.split(ITEM) ?? [];
  const ids = randoms.map((random, index) => {
    const bits = Number.parseInt(random, 16);
    return `"${mintEventId(ingestedAt[index] ?? 0, firstSeq + index, bits)}"`;
  });
  const times = new TimeTexts();
  columns[OCCURRED_COLUMN] = occurredAt.map((time) => times.of(time)).join(ITEM);
  columns[INGESTED_COLUMN] = ingestedAt.map((time) => times.of(time)).join(ITEM);
  columns[RANDOM_COLUMN] = ids.join(ITEM);
  columns.unshift(ids.map((_, index) => firstSeq + index).join(ITEM));
  return {
    organizationId,
    firstSeq,
    occurredAt,
    templates: templates.split(ITEM),
    templateOf: templateOf.split(ITEM).map(Number),
    columns,
  };
}

/** @param text one of a table's templates. */
export function openTemplate(text: string, organizationId: string): EventTemplate {
  const parts = text.split(SLOT);
  const columns = parts.flatMap((part, at) => (at % 2 === 1 ? [BLOCK_COLUMNS + Number(part)] : []));
  const marked = parts.map((part, at) =>
    at % 2 === 1 ? JSON.stringify(slotMark((at - 1) / 2)) : part,
  );
  const ofLog = (column: number) => slotMark(columns.push(column) - 1);
  const stored = {
    event: JSON.parse(marked.join("")) as unknown,
    id: ofLog(ID_COLUMN),
    ingested_at: ofLog(INGESTED_AT_COLUMN),
    organization_id: organizationId,
    seq: ofLog(SEQ_COLUMN),
  };
  // Its numbers are marks too.
  return { stored: stored as unknown as StoredEvent, columns };
}

/** A text that no event has: JSON has control characters in escaped form only. */
export function slotMark(slot: number): string {
  return `${SLOT}${slot}${SLOT}`;
}

/** The numbers that differences between neighbours make. */
function sums(differences: string | undefined, start: number): number[] {
  let sum = start;
  return (differences ?? "").split(ITEM).map((difference) => (sum += Number(difference)));
}

/** Times as JSON. Neighbours are mostly of one minute, so the text of that is remembered. */
class TimeTexts {
  #minute = Number.NaN;
  #text = "";

  of(time: number): string {
    const minute = Math.floor(time / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#text = new Date(minute * MINUTE_MS).toISOString().slice(0, "2026-11-22T09:30:".length);
    }
    // A one in front keeps the zeros.
    const digits = String(100_000 + time - minute * MINUTE_MS);
    return `"${this.#text}${digits.slice(1, 3)}.${digits.slice(3)}Z"`;
  }
}
