/** What the query bar suggests: fields by their names, values by how often they occur, and recent queries. */
import { FIELDS } from "../../query/fields.ts";
import { messages } from "../i18n/messages.ts";
import type { CaretPlace } from "./caret.ts";
import { conditionText } from "./query-edit.ts";

export interface ValueCount {
  readonly value: string;
  readonly count?: number;
  /** What people call the value, such as the name of an actor's id. */
  readonly name?: string;
}

/** Where values come from: the statistics of the log, and the events that are loaded. */
export interface ValueSource {
  /** Names of metadata that were seen, as `metadata.request_id`. */
  readonly metadataFields: () => readonly string[];
  /** The most frequent values that begin with what was typed. */
  readonly values: (
    field: string,
    typed: string,
    signal: AbortSignal,
  ) => Promise<readonly ValueCount[]>;
}

export interface Suggestion {
  readonly group: "field" | "value" | "recent";
  readonly label: string;
  readonly detail: string;
  /** What replaces the text between the place's `from` and `to`; the whole text for a recent query. */
  readonly insert: string;
}

const SUGGESTIONS_MAX = 12;

export function fieldSuggestions(place: CaretPlace, source: ValueSource): Suggestion[] {
  const typed = place.typed.toLowerCase();
  const seen = source.metadataFields().map((name) => ({ name, description: "" }));
  const { descriptions } = messages.value.query;
  return [...FIELDS, ...seen]
    .filter(({ name }) => name.includes(typed))
    .sort((a, b) => Number(b.name.startsWith(typed)) - Number(a.name.startsWith(typed)))
    .slice(0, typed === "" ? FIELDS.length : SUGGESTIONS_MAX)
    .map(({ name, description }) => ({
      group: "field",
      label: name.endsWith(".") ? `${name}…` : name,
      detail: descriptions[name] ?? description,
      insert: name.endsWith(".") ? name : `${name}:`,
    }));
}

export async function valueSuggestions(
  field: string,
  place: CaretPlace,
  source: ValueSource,
  signal: AbortSignal,
): Promise<Suggestion[]> {
  const values = await source.values(field, place.typed, signal);
  return values.slice(0, SUGGESTIONS_MAX).map(({ value, count, name }) => ({
    group: "value",
    label: value,
    detail: [name, count?.toLocaleString()].filter(Boolean).join(" · "),
    insert: `${conditionText(field, [value], "only").slice(field.length + 1)} `,
  }));
}

export function recentSuggestions(recent: readonly string[]): Suggestion[] {
  return recent
    .slice(0, 5)
    .map((q) => ({ group: "recent", label: q, detail: "", insert: q }) as const);
}
