/** An encoded block as its sections (`block-codec.ts` tells what is in them), read no further than is asked for. */
import { Buffer } from "node:buffer";
import { type BlockHeader, ITEM, SECTION, SLOT } from "./block-codec.ts";
import { decompress } from "./zstd.ts";

/** The section in which columns begin. */
export const FIRST_COLUMN = 3;

/** Sections as bytes: most queries read few of them. */
export function sectionsOf(packed: Uint8Array): Buffer[] {
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

export function headerIn(sections: readonly Buffer[]): BlockHeader {
  return JSON.parse(textOf(sections[0])) as BlockHeader;
}

function textOf(section: Buffer | undefined): string {
  return section?.toString("utf8") ?? "";
}

export function itemsOf(section: Buffer | undefined): string[] {
  return textOf(section).split(ITEM);
}

const LINE_FEED = ITEM.charCodeAt(0);

/** A template, taken apart. */
export interface Template {
  /** Text and column numbers by turns. */
  readonly parts: readonly string[];
  /** The columns of its values, in order. */
  readonly columns: readonly number[];
}

/** What was taken apart: templates, which of them each event has, and columns of values. */
export class ShreddedBlock {
  readonly header: BlockHeader;
  readonly templates: readonly Template[];
  /** For each event, the number of its template. */
  readonly templateOfEvent: Uint16Array;
  readonly #columns: readonly Buffer[];
  /** Columns of which every item was asked for. */
  readonly #items: (readonly string[])[] = [];

  constructor(header: BlockHeader, sections: readonly Buffer[]) {
    this.header = header;
    this.templates = itemsOf(sections[1]).map(templateOf);
    this.templateOfEvent = Uint16Array.from(itemsOf(sections[2]), Number);
    this.#columns = sections.slice(FIRST_COLUMN);
  }

  get count(): number {
    return this.templateOfEvent.length;
  }

  /** How many columns there are. */
  get width(): number {
    return this.#columns.length;
  }

  templateAt(event: number): Template {
    return this.templates[this.templateOfEvent[event] ?? 0] ?? { parts: [], columns: [] };
  }

  bytesOf(column: number): Buffer {
    return this.#columns[column] ?? NO_BYTES;
  }

  textOf(column: number): string {
    return textOf(this.#columns[column]);
  }

  itemsOf(column: number): readonly string[] {
    return (this.#items[column] ??= itemsOf(this.#columns[column]));
  }

  /** Of a column of differences between times, the times: milliseconds since the epoch. */
  timesOf(column: number): number[] {
    return sumsOf(this.itemsOf(column), this.header.ingestedAt);
  }

  /** One item of a column. Taking the whole column apart takes as long as looking for some of its items. */
  itemOf(column: number, number: number): string {
    return this.#items[column]?.[number] ?? itemIn(this.bytesOf(column), number);
  }
}

/** Each number is written as its difference from the one before. */
export function sumsOf(differences: readonly string[], start: number): number[] {
  let sum = start;
  return differences.map((difference) => (sum += Number(difference)));
}

const NO_BYTES = Buffer.alloc(0);

function itemIn(bytes: Buffer, number: number): string {
  let start = 0;
  for (let items = 0; items < number && start < bytes.length; start++) {
    items += bytes[start] === LINE_FEED ? 1 : 0;
  }
  const end = bytes.indexOf(LINE_FEED, start);
  return bytes.toString("utf8", start, end === -1 ? bytes.length : end);
}

function templateOf(text: string): Template {
  const parts = text.split(SLOT);
  return { parts, columns: parts.filter((_, part) => part % 2 === 1).map(Number) };
}
