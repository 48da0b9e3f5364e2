/**
 * The events of a block at once, parsed, without putting their lines together first: for readers of everything, whom
 * that spares most of the work. What it gives is exactly what parsing the lines gives.
 *
 * A column's values are parsed together. A template is parsed once, with a mark in place of each value, and filled for
 * each event. The layout of a block is told in `block-codec.ts`.
 */
import type { AuditEvent, StoredEvent } from "../contract/event.ts";
import { mintEventId } from "../kernel/event-id.ts";
import type { Json } from "../kernel/strict-json.ts";
import {
  type BlockHeader,
  INGESTED_COLUMN,
  ITEM,
  OCCURRED_COLUMN,
  RANDOM_COLUMN,
  SLOT,
  VERSION_SHREDDED,
} from "./block-codec.ts";
import { readSections } from "./block-sections.ts";
import { parseLine } from "./line.ts";

/** Throws when the bytes are not a block. */
export function blockEvents(bytes: Uint8Array): StoredEvent[] {
  const { header, sections } = readSections(bytes);
  return header.version === VERSION_SHREDDED
    ? fillTemplates(header, sections)
    : (sections[1] ?? "").split(ITEM).map(parseLine);
}

function fillTemplates(
  { organizationId, firstSeq, ingestedAt: start }: BlockHeader,
  sections: readonly string[],
): StoredEvent[] {
  const templates = (sections[1] ?? "").split(ITEM).map((text) => new Template(text));
  const columns = sections.slice(3).map((text, column) => new Column(text, column));
  let ingestedAt = start;
  let occurredAt = start;
  return (sections[2] ?? "").split(ITEM).map((number, index) => {
    ingestedAt += Number(columns[INGESTED_COLUMN]?.take());
    const digits = columns[RANDOM_COLUMN]?.take();
    const random = Number.parseInt(typeof digits === "string" ? digits : "", 16);
    const seq = firstSeq + index;
    const event = templates[Number(number)]?.fill((column) => {
      const value = columns[column]?.take() ?? null;
      if (column !== OCCURRED_COLUMN) {
        return value;
      }
      occurredAt += Number(value);
      return new Date(occurredAt).toISOString();
    });
    return {
      event: event as unknown as AuditEvent,
      id: mintEventId(ingestedAt, seq, random),
      ingested_at: new Date(ingestedAt).toISOString(),
      organization_id: organizationId,
      seq,
    };
  });
}

/** The values of one column, in the order in which events take them. */
class Column {
  readonly #values: readonly Json[];
  #next = 0;

  /** Values are JSON without line breaks; the random parts of ids are the one column of bare texts. */
  constructor(text: string, column: number) {
    this.#values =
      column === RANDOM_COLUMN || text === ""
        ? text.split(ITEM)
        : (JSON.parse(`[${text.replaceAll(ITEM, ",")}]`) as Json[]);
  }

  take(): Json {
    return this.#values[this.#next++] ?? null;
  }
}

type Take = (column: number) => Json;
/** Builds a part of an event of the values of its slots, numbered as they stand in the text. */
type Build = (values: readonly Json[]) => Json;

class Template {
  readonly #columns: readonly number[];
  readonly #build: Build;

  constructor(text: string) {
    const parts = text.split(SLOT);
    this.#columns = parts.filter((_, part) => part % 2 === 1).map(Number);
    const marked = parts.map((part, at) => (at % 2 === 1 ? markOf((at - 1) / 2) : part)).join("");
    this.#build = builderOf(JSON.parse(marked) as Json);
  }

  fill(take: Take): Json {
    return this.#build(this.#columns.map(take));
  }
}

/** No text of a template is a control character and a number. */
const MARK = "\u0001";

function markOf(slot: number): string {
  return JSON.stringify(`${MARK}${slot}`);
}

function builderOf(value: Json): Build {
  if (typeof value === "string" && value.startsWith(MARK)) {
    const slot = Number(value.slice(MARK.length));
    return (values) => values[slot] ?? null;
  }
  if (Array.isArray(value)) {
    const items = value.map(builderOf);
    return (values) => items.map((build) => build(values));
  }
  if (typeof value !== "object" || value === null) {
    return () => value;
  }
  const members = Object.entries(value).map(([name, member]) => [name, builderOf(member)] as const);
  return Object.hasOwn(value, "__proto__")
    ? (values) => Object.fromEntries(members.map(([name, build]) => [name, build(values)]))
    : (values) => {
        const object: Record<string, Json> = {};
        for (const [name, build] of members) {
          object[name] = build(values);
        }
        return object;
      };
}
