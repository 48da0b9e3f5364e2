/**
 * The query language as a tree, and how trees are put together.
 *
 * This folder owns what a query means: its words, grammar, canonical text, which events match, and what an index must
 * have to find them. It does not own where events are kept or how they are searched. The syntax is that of the wire
 * contract ("Query language"); the grammar stands in `parse.ts`, the meaning in `match.ts`.
 */
import type { EventFilter } from "../contract/event-query.ts";

export type NamedField =
  | "id"
  | "action"
  | "actor.id"
  | "actor.name"
  | "actor.type"
  | "target.id"
  | "target.name"
  | "target.type"
  | "location"
  | "user_agent"
  | "occurred_at"
  | "ingested_at"
  | "seq"
  | "version";

export type MetadataField =
  | `metadata.${string}`
  | `actor.metadata.${string}`
  | `target.metadata.${string}`;

export type Field = NamedField | MetadataField;

export type Comparison = "<" | "<=" | ">" | ">=";

/**
 * A condition on one field, which holds for `target.*` when some target meets it.
 *
 * Comparisons are for times, seq, version and metadata numbers; a value that `parseQuery` would refuse matches nothing.
 */
export interface FieldTerm {
  readonly kind: "field";
  readonly field: Field;
  readonly op: "is" | "prefix" | Comparison;
  readonly value: string;
}

/** Words that some text of the event has. */
export interface TextTerm {
  readonly kind: "text";
  /** As `words` gives them; the last one of a prefix as `openWords` does. */
  readonly words: readonly string[];
  /** The last word may go on. */
  readonly isPrefix: boolean;
  /** The words stand next to each other in one text; otherwise each may be anywhere in the event. */
  readonly isPhrase: boolean;
}

export type Query =
  | { readonly kind: "all" }
  | { readonly kind: "and"; readonly of: readonly Query[] }
  | { readonly kind: "or"; readonly of: readonly Query[] }
  | { readonly kind: "not"; readonly of: Query }
  | FieldTerm
  | TextTerm;

export const ALL: Query = { kind: "all" };

/** What every one of these matches. Of nothing: everything. */
export function and(...queries: readonly Query[]): Query {
  const of = queries
    .flatMap((query) => (query.kind === "and" ? query.of : [query]))
    .filter((query) => query.kind !== "all");
  const [first = ALL] = of;
  return of.length < 2 ? first : { kind: "and", of };
}

/** What any of these matches. Of nothing: nothing. */
export function or(...queries: readonly Query[]): Query {
  const of = queries.flatMap((query) => (query.kind === "or" ? query.of : [query]));
  if (of.some((query) => query.kind === "all")) {
    return ALL;
  }
  const [first] = of;
  return of.length === 1 && first !== undefined ? first : { kind: "or", of };
}

export function not(query: Query): Query {
  return { kind: "not", of: query };
}

/** The filter parameters of the API as a query: values of one are alternatives, parameters narrow each other. */
export function queryOfFilter(filter: EventFilter): Query {
  return and(
    oneOf("action", filter.actions),
    oneOf("actor.id", filter.actor_ids),
    oneOf("actor.name", filter.actor_names),
    oneOf("actor.type", filter.actor_types),
    oneOf("target.id", filter.target_ids),
    oneOf("target.type", filter.target_types),
    occurred(">=", filter.range_start),
    occurred("<", filter.range_end),
  );
}

function oneOf(field: Field, values: readonly string[] | undefined): Query {
  return values === undefined
    ? ALL
    : or(...values.map((value): Query => ({ kind: "field", field, op: "is", value })));
}

function occurred(op: Comparison, at: number | undefined): Query {
  return at === undefined
    ? ALL
    : { kind: "field", field: "occurred_at", op, value: new Date(at).toISOString() };
}
