/** Reads blocks that `block-codec.ts` has made: some of their lines, or what can be known without them. */
import {
  type BlockHeader,
  INGESTED_COLUMN,
  OCCURRED_COLUMN,
  RANDOM_COLUMN,
  timeText,
  VERSION_SHREDDED,
} from "./block-codec.ts";
import {
  FIRST_COLUMN,
  headerIn,
  itemsOf,
  sectionsOf,
  ShreddedBlock,
  sumsOf,
} from "./block-sections.ts";
import { BlockValues } from "./block-values.ts";
import { buildLine, parseLine } from "./line.ts";

/** The lines of a block, each put together when it is asked for. Cheapest in ascending order. */
export interface BlockLines {
  readonly firstSeq: number;
  readonly count: number;
  at(index: number): string;
  /** For each event, in milliseconds since the epoch. */
  readonly occurredAts: readonly number[];
  /** The values without the lines; undefined for lines that were kept as they are. */
  readonly values: BlockValues | undefined;
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
    ? new ShreddedLines(new ShreddedBlock(header, sections))
    : new PlainLines(header, itemsOf(sections[1]));
}

/** When each event of a block was ingested. Reads no event. */
export function ingestionTimes(bytes: Uint8Array): number[] {
  const sections = sectionsOf(bytes);
  const header = headerIn(sections);
  if (header.version !== VERSION_SHREDDED) {
    return itemsOf(sections[1]).map((line) => Date.parse(parseLine(line).ingested_at));
  }
  return sumsOf(itemsOf(sections[FIRST_COLUMN + INGESTED_COLUMN]), header.ingestedAt);
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

  get occurredAts(): readonly number[] {
    return this.#lines.map((line) => Date.parse(parseLine(line).event.occurred_at));
  }

  at(index: number): string {
    return this.#lines[index] ?? "";
  }
}

/** Columns of differences, of which every one up to an event is read. */
const SUMMED_COLUMNS: ReadonlySet<number> = new Set([INGESTED_COLUMN, OCCURRED_COLUMN]);
/** So many lines are found sooner by counting items than by taking all columns apart. */
const LINES_SCANNED_MAX = 2;

/** Puts the lines of a shredded block together again. */
class ShreddedLines implements BlockLines {
  readonly #block: ShreddedBlock;
  #values: BlockValues | undefined;
  /** Where the event at hand begins in each column, and the sums of differences up to it. */
  readonly #next: Uint32Array;
  #index = 0;
  #linesRead = 0;
  #ingestedAt = 0;
  #occurredAt = 0;

  constructor(block: ShreddedBlock) {
    this.#block = block;
    this.#next = new Uint32Array(block.width);
    this.#rewind();
  }

  get firstSeq(): number {
    return this.#block.header.firstSeq;
  }

  get count(): number {
    return this.#block.count;
  }

  get occurredAts(): readonly number[] {
    return this.#block.timesOf(OCCURRED_COLUMN);
  }

  get values(): BlockValues {
    return (this.#values ??= new BlockValues(this.#block));
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

  #rewind(): void {
    this.#next.fill(0);
    this.#index = 0;
    this.#ingestedAt = this.#block.header.ingestedAt;
    this.#occurredAt = this.#block.header.ingestedAt;
  }

  #read(): string {
    this.#linesRead++;
    const { parts } = this.#block.templateAt(this.#index);
    this.#ingestedAt += Number(this.#take(INGESTED_COLUMN));
    const { organizationId, firstSeq } = this.#block.header;
    const facts = {
      organizationId,
      seq: firstSeq + this.#index,
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
    for (const column of this.#block.templateAt(this.#index).columns) {
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
    return isScanned ? this.#block.itemOf(column, at) : (this.#block.itemsOf(column)[at] ?? "");
  }
}
