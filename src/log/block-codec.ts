/**
 * The codec of a block: up to 256 consecutive stored lines as one zstd frame, and back byte for byte.
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
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { StoredEvent } from "../contract/event.ts";
import { type Json, isJsonObject } from "../kernel/strict-json.ts";
import { buildLine } from "./line.ts";

const SECTION = "\u001e";
const ITEM = "\n";
const SLOT = "\u0001";
const VERSION_SHREDDED = 1;
const VERSION_LINES = 2;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

interface Header {
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
  const bytes = compress(shred(events));
  const isExact = decodeBlock(bytes).every((line, index) => line === lines[index]);
  // A line that the shredder cannot give back exactly would be a bug; the evidence of a log must not depend on that.
  return isExact ? bytes : compress(plainText(lines, events));
}

/** The stored lines of a block. Throws when the bytes are not a block. */
export function decodeBlock(bytes: Uint8Array): string[] {
  const lines = openBlock(bytes);
  return Array.from({ length: lines.count }, (_, index) => lines.at(index));
}

/** The lines of a block, each put together when it is asked for. Cheapest in ascending order. */
export interface BlockLines {
  readonly count: number;
  at(index: number): string;
}

/** Opens a block to read some of its lines. Throws when the bytes are not a block. */
export function openBlock(bytes: Uint8Array): BlockLines {
  const sections = new TextDecoder().decode(zstdDecompressSync(bytes)).split(SECTION);
  const header = JSON.parse(sections[0] ?? "") as Header;
  if (header.version === VERSION_SHREDDED) {
    return new Assembler(header, sections);
  }
  const lines = (sections[1] ?? "").split(ITEM);
  return { count: lines.length, at: (index) => lines[index] ?? "" };
}

function compress(text: string): Uint8Array {
  return zstdCompressSync(text, LEVEL);
}

function plainText(lines: readonly string[], events: readonly StoredEvent[]): string {
  return JSON.stringify(headerOf(events, VERSION_LINES)) + SECTION + lines.join(ITEM);
}

function headerOf(events: readonly StoredEvent[], version: number): Header {
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
const INGESTED_COLUMN = 0;
const RANDOM_COLUMN = 1;
const OCCURRED_COLUMN = 2;

function shred(events: readonly StoredEvent[]): string {
  const header = headerOf(events, VERSION_SHREDDED);
  const shredder = new Shredder(header.ingestedAt);
  const templates = events.map((event) => shredder.add(event));
  return [
    JSON.stringify(header),
    [...shredder.templates.keys()].join(ITEM),
    templates.join(ITEM),
    ...shredder.columns.map((column) => column.join(ITEM)),
  ].join(SECTION);
}

/** Where a value can stand in an event. Made once for a block, so that an event costs no building of paths. */
interface Place {
  /** The name with quotes and colon, as it stands before the value. */
  readonly label: string;
  readonly members: Map<string, Place>;
  items: Place | undefined;
  /** The column of the values here and what stands for them in a template; none until the first value. */
  column: number | undefined;
  slot: string;
}

function makePlace(label: string, column?: number): Place {
  return { label, members: new Map(), items: undefined, column, slot: slotOf(column) };
}

function slotOf(column: number | undefined): string {
  return column === undefined ? "" : `${SLOT}${column}${SLOT}`;
}

class Shredder {
  readonly templates = new Map<string, number>();
  readonly columns: string[][] = [[], [], []];
  readonly #event = makePlace("");
  #ingestedAt: number;
  #occurredAt: number;

  constructor(ingestedAt: number) {
    this.#ingestedAt = ingestedAt;
    this.#occurredAt = ingestedAt;
    this.#event.members.set("occurred_at", makePlace('"occurred_at":', OCCURRED_COLUMN));
  }

  /** @returns the number of the event's template. */
  add(stored: StoredEvent): number {
    const ingestedAt = Date.parse(stored.ingested_at);
    this.columns[INGESTED_COLUMN]?.push(String(ingestedAt - this.#ingestedAt));
    this.#ingestedAt = ingestedAt;
    this.columns[RANDOM_COLUMN]?.push(stored.id.slice(-8));
    const template = this.#shred(stored.event as Json, this.#event);
    let number = this.templates.get(template);
    if (number === undefined) {
      number = this.templates.size;
      this.templates.set(template, number);
    }
    return number;
  }

  #shred(value: Json, place: Place): string {
    if (Array.isArray(value)) {
      place.items ??= makePlace("");
      const { items } = place;
      return `[${value.map((item) => this.#shred(item, items)).join(",")}]`;
    }
    if (!isJsonObject(value)) {
      return this.#slot(value, place);
    }
    let text = "{";
    for (const name of Object.keys(value).sort()) {
      let member = place.members.get(name);
      if (member === undefined) {
        member = makePlace(`${JSON.stringify(name)}:`);
        place.members.set(name, member);
      }
      text += (text === "{" ? "" : ",") + member.label + this.#shred(value[name] ?? null, member);
    }
    return `${text}}`;
  }

  #slot(value: Json, place: Place): string {
    if (place.column === undefined) {
      place.column = this.columns.push([]) - 1;
      place.slot = slotOf(place.column);
    }
    const text =
      place.column === OCCURRED_COLUMN && typeof value === "string"
        ? this.#sinceLast(value)
        : JSON.stringify(value);
    this.columns[place.column]?.push(text);
    return place.slot;
  }

  #sinceLast(occurredAt: string): string {
    const time = Date.parse(occurredAt);
    const difference = time - this.#occurredAt;
    this.#occurredAt = time;
    return String(difference);
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
class Assembler implements BlockLines {
  readonly #header: Header;
  readonly #templates: readonly Template[];
  readonly #templateOfEvent: readonly string[];
  readonly #columns: readonly (readonly string[])[];
  /** Where the event at hand begins in each column, and the sums of differences up to it. */
  #next: number[] = [];
  #index = 0;
  #ingestedAt = 0;
  #occurredAt = 0;

  constructor(header: Header, sections: readonly string[]) {
    this.#header = header;
    this.#templates = (sections[1] ?? "").split(ITEM).map(templateOf);
    this.#templateOfEvent = (sections[2] ?? "").split(ITEM);
    this.#columns = sections.slice(3).map((column) => column.split(ITEM));
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

  #rewind(): void {
    this.#next = this.#columns.map(() => 0);
    this.#index = 0;
    this.#ingestedAt = this.#header.ingestedAt;
    this.#occurredAt = this.#header.ingestedAt;
  }

  get #template(): Template {
    return (
      this.#templates[Number(this.#templateOfEvent[this.#index])] ?? { parts: [], columns: [] }
    );
  }

  #read(): string {
    const { parts } = this.#template;
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

  #skip(): void {
    this.#ingestedAt += Number(this.#take(INGESTED_COLUMN));
    this.#take(RANDOM_COLUMN);
    for (const column of this.#template.columns) {
      const value = this.#take(column);
      if (column === OCCURRED_COLUMN) {
        this.#occurredAt += Number(value);
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
    return JSON.stringify(new Date(this.#occurredAt).toISOString());
  }

  #take(column: number): string {
    const at = this.#next[column] ?? 0;
    this.#next[column] = at + 1;
    return this.#columns[column]?.[at] ?? "";
  }
}

function templateOf(text: string): Template {
  const parts = text.split(SLOT);
  return { parts, columns: parts.filter((_, part) => part % 2 === 1).map(Number) };
}
