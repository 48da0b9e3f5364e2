/** Reads blocks that `block-codec.ts` has made: some of their lines, or what can be known without them. */
import { Buffer } from "node:buffer";
import { mayHaveWords } from "../query/line-test.ts";
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
import { buildLine, parseLine } from "./line.ts";
import { decompress } from "./zstd.ts";

/** The lines of a block, each put together when it is asked for. Cheapest in ascending order. */
export interface BlockLines {
  readonly count: number;
  at(index: number): string;
  /**
   * Numbers of the lines that may have all of these words in their texts: see `neededWords`. Much cheaper than looking
   * into the lines, because a value that occurs in none of them is found out for all at once.
   */
  withWords(words: readonly string[]): readonly number[];
}

/** The stored lines of a block. Throws when the bytes are not a block. */
export function decodeBlock(bytes: Uint8Array): string[] {
  const lines = openBlock(bytes);
  return Array.from({ length: lines.count }, (_, index) => lines.at(index));
}

/** Opens a block to read some of its lines. Throws when the bytes are not a block. */
export function openBlock(bytes: Uint8Array): BlockLines {
  const sections = sectionsOf(bytes);
  const header = headerIn(sections);
  return header.version === VERSION_SHREDDED
    ? new ShreddedLines(header, sections)
    : new PlainLines(itemsOf(sections[1]));
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
  readonly #lines: readonly string[];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  get count(): number {
    return this.#lines.length;
  }

  at(index: number): string {
    return this.#lines[index] ?? "";
  }

  withWords(words: readonly string[]): number[] {
    return this.#lines.flatMap((line, index) =>
      mayHaveWords(line.toLowerCase(), words) ? [index] : [],
    );
  }
}

/** A template, taken apart. */
interface Template {
  /** Text and column numbers by turns. */
  readonly parts: readonly string[];
  /** The columns of its values, in order. */
  readonly columns: readonly number[];
}

/** Puts the lines of a shredded block together again. */
class ShreddedLines implements BlockLines {
  readonly #header: BlockHeader;
  readonly #templates: readonly Template[];
  readonly #templateOfEvent: Uint16Array;
  readonly #sections: readonly Buffer[];
  /** Columns that were read so far. */
  readonly #columns: (readonly string[])[] = [];
  /** Where the event at hand begins in each column, and the sums of differences up to it. */
  #next: Uint32Array;
  #index = 0;
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

  withWords(words: readonly string[]): number[] {
    const wanted = words.slice(0, WORDS_AT_ONCE_MAX);
    const all = 2 ** wanted.length - 1;
    const masks = this.#sections.map((section, column) =>
      column <= OCCURRED_COLUMN ? undefined : wordsOfItems(section, wanted),
    );
    const next = new Uint32Array(masks.length);
    const found: number[] = [];
    for (let event = 0; event < this.count; event++) {
      let mask = 0;
      for (const column of this.#templateAt(event).columns) {
        const item = next[column] ?? 0;
        next[column] = item + 1;
        mask |= masks[column]?.[item] ?? 0;
      }
      if (mask === all) {
        found.push(event);
      }
    }
    return found;
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
    const items = (this.#columns[column] ??= itemsOf(this.#sections[column]));
    return items[at] ?? "";
  }
}

function templateOf(text: string): Template {
  const parts = text.split(SLOT);
  return { parts, columns: parts.filter((_, part) => part % 2 === 1).map(Number) };
}

/** One bit for each word. What more words there are is left to the matching. */
const WORDS_AT_ONCE_MAX = 30;

/** For each item of a column which of the words it may have, as bits; undefined when none has any. */
function wordsOfItems(section: Buffer, words: readonly string[]): Uint32Array | undefined {
  // Every byte as a character of its own: enough to find ASCII words, and to see that there is something else.
  const text = section.toString("latin1").toLowerCase();
  if (!mayHaveSome(text, words)) {
    return undefined;
  }
  return Uint32Array.from(text.split(ITEM), (item) =>
    words.reduce((mask, word, bit) => (mayHaveWords(item, [word]) ? mask | (1 << bit) : mask), 0),
  );
}

function mayHaveSome(text: string, words: readonly string[]): boolean {
  return words.some((word) => mayHaveWords(text, [word]));
}
