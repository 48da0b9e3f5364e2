/** What a block knows of its events without their lines: their values, field by field, and the facts that stand apart. */
import { mintEventId } from "../kernel/event-id.ts";
import type { Json } from "../kernel/strict-json.ts";
import type { FieldValue } from "../query/event-values.ts";
import { INGESTED_COLUMN, OCCURRED_COLUMN, RANDOM_COLUMN } from "./block-codec.ts";
import type { ShreddedBlock } from "./block-sections.ts";
import { EventSet } from "./event-set.ts";

export type FactName = "id" | "ingested_at" | "occurred_at" | "seq";

export interface ValueColumn {
  /** Of the column in its block. */
  readonly number: number;
  /** As queries name it: `actor.name`, `target.metadata.size`. */
  readonly field: string;
  /** Plain text without a line break in an item: the values as JSON, one a line. */
  readonly text: string;
  /** All of it is: no byte more than characters. */
  readonly isAscii: boolean;
}

/** The values of a block's events, field by field. */
export class BlockValues {
  /** Values that stand in the events' texts. Those of a list, such as the targets, are one column. */
  readonly columns: readonly ValueColumn[];
  readonly #block: ShreddedBlock;

  constructor(block: ShreddedBlock) {
    this.#block = block;
    this.columns = fieldsOf(block).map(
      ([column, field]) => new SectionColumn(block, column, field),
    );
  }

  /** What is kept once for each event in some other way. */
  factsOf(name: FactName): FieldValue[] {
    const { count, header } = this.#block;
    const seqs = Array.from({ length: count }, (_, index) => header.firstSeq + index);
    if (name === "seq") {
      return seqs;
    }
    const times = this.#block.timesOf(name === "occurred_at" ? OCCURRED_COLUMN : INGESTED_COLUMN);
    if (name !== "id") {
      return times.map((at) => new Date(at).toISOString());
    }
    const randoms = this.#block.itemsOf(RANDOM_COLUMN);
    return seqs.map((seq, index) =>
      mintEventId(times[index] ?? 0, seq, Number.parseInt(randoms[index] ?? "", 16)),
    );
  }

  /** The events one of whose values is marked. @param marks for each of `columns`, 1 for its items that are. */
  eventsWith(marks: readonly (Uint8Array | undefined)[]): EventSet {
    const { templates, templateOfEvent, width, count } = this.#block;
    const marksOf: (Uint8Array | undefined)[] = [];
    this.columns.forEach(({ number }, index) => {
      marksOf[number] = marks[index];
    });
    const markedColumns = templates.map(({ columns }) =>
      columns.filter((column) => marksOf[column] !== undefined),
    );
    const next = new Uint32Array(width);
    const events = new EventSet(count);
    for (let event = 0; event < count; event++) {
      for (const column of markedColumns[templateOfEvent[event] ?? 0] ?? []) {
        const item = next[column] ?? 0;
        next[column] = item + 1;
        events.addIf(event, marksOf[column]?.[item] ?? 0);
      }
    }
    return events;
  }
}

/** A column whose text is decoded when it is asked for: most conditions ask for few. */
class SectionColumn implements ValueColumn {
  readonly number: number;
  readonly field: string;
  readonly #block: ShreddedBlock;
  #text: string | undefined;

  constructor(block: ShreddedBlock, number: number, field: string) {
    this.#block = block;
    this.number = number;
    this.field = field;
  }

  get text(): string {
    return (this.#text ??= this.#block.textOf(this.number));
  }

  get isAscii(): boolean {
    return this.text.length === this.#block.bytesOf(this.number).byteLength;
  }
}

/** The columns of values by their numbers, with the fields that they hold. */
function fieldsOf({ templates }: ShreddedBlock): [column: number, field: string][] {
  const fields = new Map<number, string>();
  for (const { parts } of templates) {
    // With the numbers of columns in place of values a template is JSON.
    eachSlot(JSON.parse(parts.join("")) as Json, "", (column, field) => {
      if (column !== OCCURRED_COLUMN) {
        fields.set(column, field);
      }
    });
  }
  return [...fields];
}

/** Where the fields of queries are called otherwise than the members of an event. */
const MEMBERS = new Map([
  ["targets", "target."],
  ["context", ""],
]);

/** Calls back for each number within a value, with the field that it stands for. */
function eachSlot(value: Json, prefix: string, add: (column: number, field: string) => void): void {
  if (Array.isArray(value)) {
    value.forEach((item) => eachSlot(item, prefix, add));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === "number") {
        add(member, prefix + name);
      } else {
        const known = prefix === "" ? MEMBERS.get(name) : undefined;
        eachSlot(member, known ?? `${prefix}${name}.`, add);
      }
    }
  }
}
