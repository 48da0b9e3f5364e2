/** Reads blocks that `block-codec.ts` has made: some of their lines, or what can be known without them. */
import { Buffer } from "node:buffer";
import { mintEventId } from "../kernel/event-id.ts";
import type { Json } from "../kernel/strict-json.ts";
import type { FieldValue } from "../query/event-values.ts";
import {
  type BlockHeader,
  INGESTED_COLUMN,
  ITEM,
  OCCURRED_COLUMN,
  RANDOM_COLUMN,
  SECTION,
  SLOT,
  timeText,
  VERSION_SHREDDED,
} from "./block-codec.ts";
import { EventSet } from "./event-set.ts";
import { buildLine, parseLine } from "./line.ts";
import { decompress } from "./zstd.ts";

/** The lines of a block, each put together when it is asked for. Cheapest in ascending order. */
export interface BlockLines {
  readonly firstSeq: number;
  readonly count: number;
  at(index: number): string;
  /** The values without the lines; undefined for lines that were kept as they are. */
  readonly values: BlockValues | undefined;
}

/** The values of a block's events, field by field. */
export interface BlockValues {
  /** Values that stand in the events' texts. Those of a list, such as the targets, are one column. */
  readonly columns: readonly ValueColumn[];
  /** What is kept once for each event in some other way. */
  factsOf(name: FactName): FieldValue[];
  /** The events one of whose values is marked. @param marks for each of `columns`, 1 for its items that are. */
  eventsWith(marks: readonly (Uint8Array | undefined)[]): EventSet;
}

export type FactName = "id" | "ingested_at" | "occurred_at" | "seq";

export interface ValueColumn {
  /** As queries name it: `actor.name`, `target.metadata.size`. */
  readonly field: string;
  /** Plain text without a line break in an item: the values as JSON, one a line. */
  readonly text: string;
  /** All of it is: no byte more than characters. */
  readonly isAscii: boolean;
}

/** The stored lines of a block. Throws when the bytes are not a block. */
export function decodeBlock(bytes: Uint8Array): string[] {
  return allLines(openBlock(bytes));
}

export function allLines(lines: BlockLines): string[] {
  return Array.from({ length: lines.count }, (_, index) => lines.at(index));
}

/** Opens a block to read some of its lines. Throws when the bytes are not a block. */
export function openBlock(bytes: Uint8Array): BlockLines {
  const sections = sectionsOf(bytes);
  const header = headerIn(sections);
  return header.version === VERSION_SHREDDED
    ? new ShreddedLines(header, sections)
    : new PlainLines(header, itemsOf(sections[1]));
}

/** When each event of a block was ingested. Reads no event. */
export function ingestionTimes(bytes: Uint8Array): number[] {
  const sections = sectionsOf(bytes);
  const header = headerIn(sections);
  if (header.version !== VERSION_SHREDDED) {
    return itemsOf(sections[1]).map((line) => Date.parse(parseLine(line).ingested_at));
  }
  let time = header.ingestedAt;
  const differences = itemsOf(sections[FIRST_COLUMN + INGESTED_COLUMN]);
  return differences.map((difference) => (time += Number(difference)));
}

/** The section in which columns begin. */
const FIRST_COLUMN = 3;

/** Sections as bytes: most queries read few of them. */
function sectionsOf(packed: Uint8Array): Buffer[] {
  const { buffer, byteOffset, byteLength } = decompress(packed);
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const sections: Buffer[] = [];
  for (let at = 0; at <= bytes.byteLength;) {
    const next = bytes.indexOf(SECTION, at);
    const end = next === -1 ? bytes.byteLength : next;
    sections.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return sections;
}

/**
 * The sections of a block as text, the header parsed and at the front. Each is decoded alone, because what is plain
 * ASCII, which most of them are, is decoded and later read many times faster.
 */
export function readSections(bytes: Uint8Array): {
  readonly header: BlockHeader;
  readonly sections: readonly string[];
} {
  const sections = sectionsOf(bytes);
  return { header: headerIn(sections), sections: sections.map(textOf) };
}

function headerIn(sections: readonly Buffer[]): BlockHeader {
  return JSON.parse(textOf(sections[0])) as BlockHeader;
}

function textOf(section: Buffer | undefined): string {
  return section?.toString("utf8") ?? "";
}

function itemsOf(section: Buffer | undefined): string[] {
  return textOf(section).split(ITEM);
}

/** Lines that were kept as they are. */
class PlainLines implements BlockLines {
  readonly firstSeq: number;
  readonly values = undefined;
  readonly #lines: readonly string[];

  constructor({ firstSeq }: BlockHeader, lines: readonly string[]) {
    this.firstSeq = firstSeq;
    this.#lines = lines;
  }

  get count(): number {
    return this.#lines.length;
  }

  at(index: number): string {
    return this.#lines[index] ?? "";
  }
}

/** A template, taken apart. */
interface Template {
  /** Text and column numbers by turns. */
  readonly parts: readonly string[];
  /** The columns of its values, in order. */
  readonly columns: readonly number[];
}

/** Columns of differences, of which every one up to an event is read. */
const SUMMED_COLUMNS: ReadonlySet<number> = new Set([INGESTED_COLUMN, OCCURRED_COLUMN]);
/** So many lines are found sooner by counting items than by taking all columns apart. */
const LINES_SCANNED_MAX = 2;
const LINE_FEED = ITEM.charCodeAt(0);

/** One item of a column. */
function itemIn(section: Buffer | undefined, number: number): string {
  const bytes = section ?? Buffer.alloc(0);
  let start = 0;
  for (let items = 0; items < number && start < bytes.length; start++) {
    items += bytes[start] === LINE_FEED ? 1 : 0;
  }
  const end = bytes.indexOf(LINE_FEED, start);
  return bytes.toString("utf8", start, end === -1 ? bytes.length : end);
}

type Fields = readonly (readonly [column: number, field: string])[];

/** A column whose text is decoded when it is asked for: most conditions ask for few. */
class SectionColumn implements ValueColumn {
  readonly field: string;
  readonly #section: Buffer | undefined;
  #text: string | undefined;

  constructor(field: string, section: Buffer | undefined) {
    this.field = field;
    this.#section = section;
  }

  get text(): string {
    return (this.#text ??= textOf(this.#section));
  }

  get isAscii(): boolean {
    return this.text.length === this.#section?.byteLength;
  }
}

/** Puts the lines of a shredded block together again. */
class ShreddedLines implements BlockLines, BlockValues {
  readonly #header: BlockHeader;
  readonly #templates: readonly Template[];
  readonly #templateOfEvent: Uint16Array;
  readonly #sections: readonly Buffer[];
  #fields: Fields | undefined;
  /** Columns that were read so far. */
  readonly #columns: (readonly string[])[] = [];
  /** Where the event at hand begins in each column, and the sums of differences up to it. */
  #next: Uint32Array;
  #index = 0;
  #linesRead = 0;
  #ingestedAt = 0;
  #occurredAt = 0;

  constructor(header: BlockHeader, sections: readonly Buffer[]) {
    this.#header = header;
    this.#templates = itemsOf(sections[1]).map(templateOf);
    this.#templateOfEvent = Uint16Array.from(itemsOf(sections[2]), Number);
    this.#sections = sections.slice(FIRST_COLUMN);
    this.#next = new Uint32Array(this.#sections.length);
    this.#rewind();
  }

  get count(): number {
    return this.#templateOfEvent.length;
  }

  at(index: number): string {
    if (index < this.#index) {
      this.#rewind();
    }
    while (this.#index < index) {
      this.#skip();
    }
    return this.#read();
  }

  get firstSeq(): number {
    return this.#header.firstSeq;
  }

  get values(): BlockValues {
    return this;
  }

  get columns(): readonly ValueColumn[] {
    return this.#fieldsOfColumns.map(
      ([column, field]) => new SectionColumn(field, this.#sections[column]),
    );
  }

  factsOf(name: FactName): FieldValue[] {
    const { firstSeq, ingestedAt: start } = this.#header;
    const seqs = Array.from({ length: this.count }, (_, index) => firstSeq + index);
    if (name === "seq") {
      return seqs;
    }
    const differences = this.#items(name === "occurred_at" ? OCCURRED_COLUMN : INGESTED_COLUMN);
    let time = start;
    const times = differences.map((difference) => (time += Number(difference)));
    if (name !== "id") {
      return times.map((at) => new Date(at).toISOString());
    }
    const randoms = this.#items(RANDOM_COLUMN);
    return seqs.map((seq, index) =>
      mintEventId(times[index] ?? 0, seq, Number.parseInt(randoms[index] ?? "", 16)),
    );
  }

  eventsWith(marks: readonly (Uint8Array | undefined)[]): EventSet {
    const marksOf: (Uint8Array | undefined)[] = [];
    this.#fieldsOfColumns.forEach(([column], index) => {
      marksOf[column] = marks[index];
    });
    const markedColumns = this.#templates.map(({ columns }) =>
      columns.filter((column) => marksOf[column] !== undefined),
    );
    const next = new Uint32Array(this.#sections.length);
    const events = new EventSet(this.count);
    for (let event = 0; event < events.size; event++) {
      for (const column of markedColumns[this.#templateOfEvent[event] ?? 0] ?? []) {
        const item = next[column] ?? 0;
        next[column] = item + 1;
        events.addIf(event, marksOf[column]?.[item] ?? 0);
      }
    }
    return events;
  }

  /** The columns of values by their numbers, with the fields that they hold. */
  get #fieldsOfColumns(): Fields {
    return (this.#fields ??= this.#findFields());
  }

  #findFields(): Fields {
    const fields = new Map<number, string>();
    for (const { parts } of this.#templates) {
      // With the numbers of columns in place of values a template is JSON.
      eachSlot(JSON.parse(parts.join("")) as Json, "", (column, field) => {
        if (column !== OCCURRED_COLUMN) {
          fields.set(column, field);
        }
      });
    }
    return [...fields];
  }

  #rewind(): void {
    this.#next.fill(0);
    this.#index = 0;
    this.#ingestedAt = this.#header.ingestedAt;
    this.#occurredAt = this.#header.ingestedAt;
  }

  #templateAt(event: number): Template {
    return this.#templates[this.#templateOfEvent[event] ?? 0] ?? { parts: [], columns: [] };
  }

  #read(): string {
    this.#linesRead++;
    const { parts } = this.#templateAt(this.#index);
    this.#ingestedAt += Number(this.#take(INGESTED_COLUMN));
    const facts = {
      organizationId: this.#header.organizationId,
      seq: this.#header.firstSeq + this.#index,
      ingestedAt: this.#ingestedAt,
      random: Number.parseInt(this.#take(RANDOM_COLUMN), 16),
    };
    let event = parts[0] ?? "";
    for (let part = 1; part < parts.length; part += 2) {
      event += this.#value(Number(parts[part])) + (parts[part + 1] ?? "");
    }
    this.#index++;
    return buildLine(event, facts).text;
  }

  /** Only the columns of differences have to be read on the way. */
  #skip(): void {
    this.#ingestedAt += Number(this.#take(INGESTED_COLUMN));
    this.#next[RANDOM_COLUMN] = (this.#next[RANDOM_COLUMN] ?? 0) + 1;
    for (const column of this.#templateAt(this.#index).columns) {
      if (column === OCCURRED_COLUMN) {
        this.#occurredAt += Number(this.#take(column));
      } else {
        this.#next[column] = (this.#next[column] ?? 0) + 1;
      }
    }
    this.#index++;
  }

  #value(column: number): string {
    const value = this.#take(column);
    if (column !== OCCURRED_COLUMN) {
      return value;
    }
    this.#occurredAt += Number(value);
    return timeText(this.#occurredAt);
  }

  #take(column: number): string {
    const at = this.#next[column] ?? 0;
    this.#next[column] = at + 1;
    const isScanned = this.#linesRead <= LINES_SCANNED_MAX && !SUMMED_COLUMNS.has(column);
    return isScanned && this.#columns[column] === undefined
      ? itemIn(this.#sections[column], at)
      : (this.#items(column)[at] ?? "");
  }

  #items(column: number): readonly string[] {
    return (this.#columns[column] ??= itemsOf(this.#sections[column]));
  }
}

function templateOf(text: string): Template {
  const parts = text.split(SLOT);
  return { parts, columns: parts.filter((_, part) => part % 2 === 1).map(Number) };
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
