/**
 * How a block is stored: up to 256 consecutive lines, compressed. `block-lines.ts` gives them back byte for byte.
 *
 * Lines of one log are much alike, so they are shredded first: what all share (names, braces, the organization) is
 * kept once as a template, and the values are gathered by their path, so that like stands beside like. What follows
 * from something else (seq, id, order of time) is left out or kept as a difference. Measured on the benchmark corpus
 * this takes a quarter off what zstd makes of the lines themselves; see docs/adr/0005.
 *
 * Before compression a block is text. Control characters never stand unescaped in JSON, so they separate:
 * header ␞ templates ␞ template of each event ␞ column ␞ column …; items of a section are separated by line feeds.
 * A template is a line's text with `␁n␁` in place of each value, n being its column.
 */
import { Buffer } from "node:buffer";
import type { StoredEvent } from "../contract/event.ts";
import type { Json } from "../kernel/strict-json.ts";
import { buildLine } from "./line.ts";
import { compress, decompress } from "./zstd.ts";

export const SECTION = "\u001e";
export const ITEM = "\n";
export const SLOT = "\u0001";
export const VERSION_SHREDDED = 1;
const VERSION_LINES = 2;

export interface BlockHeader {
  readonly version: number;
  readonly organizationId: string;
  readonly firstSeq: number;
  readonly ingestedAt: number;
}

/**
 * @param lines the stored lines, in order of seq and without a gap.
 * @param events the same lines, parsed.
 */
export function encodeBlock(lines: readonly string[], events: readonly StoredEvent[]): Uint8Array {
  return packBlock(layOutLines(lines, events));
}

/** A block before compression. */
export function layOutLines(lines: readonly string[], events: readonly StoredEvent[]): Uint8Array {
  return bytesOf(shred(lines, events) ?? plainSections(lines, events));
}

/** @param plain as `layOutLines` gives it. */
export function packBlock(plain: Uint8Array): Uint8Array {
  const packed = compress(plain);
  // What cannot be read back is not written: the lines are still where they were.
  if (Buffer.compare(decompress(packed, plain.byteLength), plain) !== 0) {
    throw new Error("A block does not come back as it was compressed.");
  }
  return packed;
}

/** Each section is encoded alone, because what is plain ASCII, which most of them are, is encoded faster. */
function bytesOf(sections: readonly string[]): Uint8Array {
  const separator = Buffer.from(SECTION);
  const parts = sections.flatMap((section) => [separator, Buffer.from(section)]);
  return Buffer.concat(parts.slice(1));
}

function plainSections(lines: readonly string[], events: readonly StoredEvent[]): string[] {
  return [JSON.stringify(headerOf(events, VERSION_LINES)), lines.join(ITEM)];
}

function headerOf(events: readonly StoredEvent[], version: number): BlockHeader {
  const [first] = events;
  if (first === undefined) {
    throw new RangeError("A block cannot be empty.");
  }
  return {
    version,
    organizationId: first.organization_id,
    firstSeq: first.seq,
    ingestedAt: Date.parse(first.ingested_at),
  };
}

/** Columns that are differences between neighbours stand first, so that the assembler knows them by number. */
export const INGESTED_COLUMN = 0;
export const RANDOM_COLUMN = 1;
export const OCCURRED_COLUMN = 2;

/** Undefined when the lines are not as this log writes them, so that taking them apart would change them. */
function shred(lines: readonly string[], events: readonly StoredEvent[]): string[] | undefined {
  const header = headerOf(events, VERSION_SHREDDED);
  const shredder = new Shredder(header);
  const templates: number[] = [];
  for (const [index, line] of lines.entries()) {
    const template = shredder.add(line, events[index]);
    if (template === undefined) {
      return undefined;
    }
    templates.push(template);
  }
  return [
    JSON.stringify(header),
    shredder.templates.join(ITEM),
    templates.join(ITEM),
    ...shredder.columns.map((column) => column.join(ITEM)),
  ];
}

const LINE_START = '{"event":';
/** A value: what stands after a colon and is no object or list. What this does not find stays in the template. */
const VALUE = /(?<=:)(?:"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null)/g;

/** The events whose text is the same but for its values. */
interface Shape {
  readonly template: number;
  /** The columns of the values, in their order. */
  readonly columns: readonly string[][];
  /** Which of the values is when the event occurred. */
  readonly occurredAt: number;
}

/** Takes lines apart. Text and values are never changed, so that putting them together again gives back the lines. */
class Shredder {
  readonly templates: string[] = [];
  readonly columns: string[][] = [[], [], []];
  readonly #shapes = new Map<string, Shape>();
  readonly #columnOfPath = new Map([["occurred_at", OCCURRED_COLUMN]]);
  readonly #organizationId: string;
  #seq: number;
  #ingestedAt: number;
  #occurredAt: number;

  constructor({ organizationId, firstSeq, ingestedAt }: BlockHeader) {
    this.#organizationId = organizationId;
    this.#seq = firstSeq;
    this.#ingestedAt = ingestedAt;
    this.#occurredAt = ingestedAt;
  }

  /** @returns the number of the line's template, or undefined for a line that would not come back as it is. */
  add(line: string, stored: StoredEvent | undefined): number | undefined {
    const event = stored && this.#eventText(line, stored);
    if (event === undefined) {
      return undefined;
    }
    const { texts, values } = takeApart(event);
    const shape = this.#shapeOf(texts);
    for (const [number, value] of values.entries()) {
      const item = number === shape.occurredAt ? this.#sinceLast(value) : value;
      if (item === undefined) {
        return undefined;
      }
      shape.columns[number]?.push(item);
    }
    return shape.template;
  }

  /** The event's own text, if all the rest of the line follows from what is kept of it. */
  #eventText(line: string, { id, seq, ingested_at }: StoredEvent): string | undefined {
    const ingestedAt = Date.parse(ingested_at);
    const random = id.slice(-8);
    const facts = {
      organizationId: this.#organizationId,
      seq: this.#seq++,
      ingestedAt,
      random: Number.parseInt(random, 16),
    };
    const rest = buildLine("", facts).text.slice(LINE_START.length);
    this.columns[INGESTED_COLUMN]?.push(String(ingestedAt - this.#ingestedAt));
    this.columns[RANDOM_COLUMN]?.push(random);
    this.#ingestedAt = ingestedAt;
    return seq === facts.seq && line.startsWith(LINE_START) && line.endsWith(rest)
      ? line.slice(LINE_START.length, -rest.length)
      : undefined;
  }

  #sinceLast(value: string): string | undefined {
    const time = Date.parse(value.slice(1, -1));
    const difference = time - this.#occurredAt;
    this.#occurredAt = time;
    return timeText(time) === value ? String(difference) : undefined;
  }

  #shapeOf(texts: readonly string[]): Shape {
    const key = texts.join(SLOT);
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = this.#newShape(texts);
      this.#shapes.set(key, shape);
    }
    return shape;
  }

  #newShape(texts: readonly string[]): Shape {
    const numbers = pathsOf(texts).map((path) => this.#columnOf(path));
    const template = texts.reduce(
      (text, next, index) => `${text}${SLOT}${numbers[index - 1]}${SLOT}${next}`,
    );
    this.templates.push(template);
    return {
      template: this.templates.length - 1,
      columns: numbers.map((number) => this.columns[number] ?? []),
      occurredAt: numbers.indexOf(OCCURRED_COLUMN),
    };
  }

  #columnOf(path: string): number {
    let column = this.#columnOfPath.get(path);
    if (column === undefined) {
      column = this.columns.push([]) - 1;
      this.#columnOfPath.set(path, column);
    }
    return column;
  }
}

/** The values of an event, and the texts before, between and after them. */
function takeApart(event: string): { readonly texts: string[]; readonly values: string[] } {
  const texts: string[] = [];
  const values: string[] = [];
  let end = 0;
  VALUE.lastIndex = 0;
  for (let found = VALUE.exec(event); found !== null; found = VALUE.exec(event)) {
    texts.push(event.slice(end, found.index));
    values.push(found[0]);
    end = VALUE.lastIndex;
  }
  texts.push(event.slice(end));
  return { texts, values };
}

/** The path of each value that stands between these texts, the same for all items of a list. */
function pathsOf(texts: readonly string[]): string[] {
  const paths: string[] = [];
  const walk = (value: Json, path: string): void => {
    if (typeof value === "number") {
      paths[value] = path;
    } else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const step = Array.isArray(value) ? "[]" : JSON.stringify(name);
        walk(member, path === "" ? name : `${path}.${step}`);
      }
    }
  };
  const numbered = texts.reduce((text, next, index) => text + (index - 1) + next);
  walk(JSON.parse(numbered) as Json, "");
  return paths;
}

/** A time as it stands in a line. */
export function timeText(time: number): string {
  return JSON.stringify(new Date(time).toISOString());
}
