/** The fields that a query can name, with what a reader needs to choose one. */
import { editDistance } from "../kernel/near-name.ts";
import type { QueryProblem } from "./query-error.ts";
import type { Field } from "./query.ts";

/** What a field holds decides how it is compared: times, whole numbers, any scalar, or text, which has no order. */
export type FieldKind = "text" | "time" | "count" | "scalar";

export interface FieldInfo {
  /** As it is written before the colon. One that ends with a dot goes on with a metadata name. */
  readonly name: string;
  readonly kind: FieldKind;
  /** For the reader who chooses a field while typing. */
  readonly description: string;
}

export const FIELDS: readonly FieldInfo[] = [
  { name: "action", kind: "text", description: "What happened, such as document.shared" },
  { name: "actor.id", kind: "text", description: "Id of who or what did it" },
  { name: "actor.name", kind: "text", description: "Name of who or what did it" },
  { name: "actor.type", kind: "text", description: "Kind of actor, such as user" },
  { name: "target.id", kind: "text", description: "Id of something it was done to" },
  { name: "target.name", kind: "text", description: "Name of something it was done to" },
  { name: "target.type", kind: "text", description: "Kind of target, such as document" },
  { name: "location", kind: "text", description: "Where it came from, such as an IP address" },
  { name: "user_agent", kind: "text", description: "Browser or program that was used" },
  { name: "occurred_at", kind: "time", description: "When it happened, such as >=2026-11-01" },
  { name: "ingested_at", kind: "time", description: "When rekishi stored it" },
  { name: "metadata.", kind: "scalar", description: "A metadata value of the event" },
  { name: "actor.metadata.", kind: "scalar", description: "A metadata value of the actor" },
  { name: "target.metadata.", kind: "scalar", description: "A metadata value of some target" },
  { name: "id", kind: "text", description: "Id of the event" },
  { name: "seq", kind: "count", description: "Place of the event in the log, counted from 1" },
  { name: "version", kind: "count", description: "Version of the action's schema" },
];

const METADATA_NAME = /^[a-zA-Z0-9_-]{0,40}$/;
/** A name in a message is cut here. */
const SHOWN_MAX = 64;

export type FieldName =
  | { readonly field: Field; readonly kind: FieldKind }
  | { readonly problem: QueryProblem };

/** Reads the name of a field, or says what is wrong with it. */
export function readField(name: string): FieldName {
  const info = FIELDS.find((each) =>
    each.name.endsWith(".") ? name.startsWith(each.name) : name === each.name,
  );
  if (info === undefined) {
    return { problem: unknownField(name) };
  }
  if (!METADATA_NAME.test(metadataName(name, info))) {
    return { problem: { code: "metadata_name_invalid", parameters: { name: shown(name) } } };
  }
  return { field: name as Field, kind: info.kind };
}

function metadataName(name: string, info: FieldInfo): string {
  return info.name.endsWith(".") ? name.slice(info.name.length) : "";
}

function unknownField(name: string): QueryProblem {
  if (name === "") {
    return { code: "field_missing", parameters: {} };
  }
  const near = suggestions(name.toLowerCase()).map(writtenName);
  return near.length > 0
    ? { code: "field_misspelt", parameters: { name: shown(name), near } }
    : {
        code: "field_unknown",
        parameters: { name: shown(name), fields: FIELDS.map(writtenName) },
      };
}

/** Fields that go on from this name, else those that are nearly it, else those that end as it does. */
function suggestions(name: string): readonly FieldInfo[] {
  const longer = FIELDS.filter((field) => field.name.startsWith(`${name}.`));
  if (longer.length > 0) {
    return longer;
  }
  // A long name is no typing error, and its distances would cost time.
  const misspelt = name.length > SHOWN_MAX ? undefined : nearest(name);
  return misspelt === undefined
    ? FIELDS.filter((field) => lastPart(field.name) === lastPart(name) && !name.endsWith("."))
    : [misspelt];
}

function nearest(name: string): FieldInfo | undefined {
  let best: FieldInfo | undefined;
  // A third of the characters may be wrong, but no more than two.
  let least = Math.min(Math.floor(name.length / 3), 2) + 1;
  const owner = name.slice(0, name.lastIndexOf(".") + 1);
  for (const field of FIELDS) {
    const distance = editDistance(field.name.endsWith(".") ? owner : name, field.name);
    if (distance < least) {
      best = field;
      least = distance;
    }
  }
  return best;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function writtenName({ name }: FieldInfo): string {
  return name.endsWith(".") ? `${name}<name>` : name;
}

/** What somebody wrote, cut for a message. */
export function shown(name: string): string {
  return name.length > SHOWN_MAX
    ? `${name.slice(0, SHOWN_MAX)}…`.toWellFormed()
    : name.toWellFormed();
}
