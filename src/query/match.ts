/**
 * Which events a query matches: the truth that every faster way of searching must agree with.
 *
 * - `is` is exact and case-sensitive, `prefix` is `startsWith`; a metadata value is compared as its JSON text.
 * - A condition on `target.*` holds when some target meets it. A field that is absent meets no condition.
 * - Times and numbers are compared as such; a date without a time, asked with `is`, means that day in UTC.
 * - A word matches a whole word of any text of the event, a phrase words in a row of one text. A CJK word matches
 *   anywhere within a CJK run.
 */
import type { StoredEvent } from "../contract/event.ts";
import { type FieldValue, someFieldValue, someText } from "./event-values.ts";
import { countOf, numberOf, timeRange } from "./ordered-value.ts";
import type { Comparison, Field, FieldTerm, Query } from "./query.ts";
import { textTests } from "./text-match.ts";

export type EventTest = (stored: StoredEvent) => boolean;
export type ValueTest = (value: FieldValue) => boolean;

export function matches(query: Query, stored: StoredEvent): boolean {
  return compile(query)(stored);
}

/** The same as `matches`, prepared for many events. */
export function compile(query: Query): EventTest {
  switch (query.kind) {
    case "all":
      return () => true;
    case "and":
      return every(cheapFirst(query.of).map(compile));
    case "or": {
      const others = query.of.filter((each) => !isList(each));
      return some([...lists(query.of), ...cheapFirst(others).map(compile)]);
    }
    case "not": {
      const test = compile(query.of);
      return (stored) => !test(stored);
    }
    case "field":
      return fieldTest(query.field, valueTest(query));
    default:
      return every(
        textTests(query).map(
          (test): EventTest =>
            (stored) =>
              someText(stored, test),
        ),
      );
  }
}

function every(tests: readonly EventTest[]): EventTest {
  const [only] = tests;
  return tests.length === 1 && only !== undefined
    ? only
    : (stored) => tests.every((test) => test(stored));
}

function some(tests: readonly EventTest[]): EventTest {
  const [only] = tests;
  return tests.length === 1 && only !== undefined
    ? only
    : (stored) => tests.some((test) => test(stored));
}

/**
 * Looking words up in every text of an event costs many times what reading one field does; and of a kind there are few
 * values, so that a column of kinds is read in a fraction of the time that one of ids takes.
 */
export function cheapFirst(queries: readonly Query[]): Query[] {
  return queries.toSorted((a, b) => rankOf(a) - rankOf(b));
}

const KINDS: ReadonlySet<Field> = new Set<Field>(["action", "actor.type", "target.type"]);

/** Higher for what costs more. */
function rankOf(query: Query): number {
  switch (query.kind) {
    case "and":
    case "or":
      return Math.max(0, ...query.of.map(rankOf));
    case "not":
      return rankOf(query.of);
    case "field":
      return KINDS.has(query.field) ? 0 : 1;
    default:
      return query.kind === "text" ? 2 : 0;
  }
}

/** Alternatives for one field, such as a hundred actor ids, are looked up together. */
function lists(alternatives: readonly Query[]): EventTest[] {
  const values = Map.groupBy(alternatives.filter(isList), ({ field }) => field);
  return Array.from(values, ([field, terms]) => {
    const allowed = new Set(terms.map(({ value }) => value));
    return fieldTest(field, (value) => allowed.has(String(value)));
  });
}

function isList(query: Query): query is FieldTerm {
  return query.kind === "field" && query.op === "is" && !isOrdered(query.field);
}

/** Fields whose values are equal when they mean the same, however they are written. */
function isOrdered(field: Field): boolean {
  return isTime(field) || field === "seq" || field === "version";
}

function isTime(field: Field): boolean {
  return field === "occurred_at" || field === "ingested_at";
}

function fieldTest(field: Field, test: ValueTest): EventTest {
  const some = someFieldValue(field);
  return (stored) => some(stored, test);
}

/** What a value of the term's field passes. */
export function valueTest(term: FieldTerm): ValueTest {
  const { field, op, value: wanted } = term;
  if (op === "prefix") {
    return (value) => String(value).startsWith(wanted);
  }
  if (isTime(field)) {
    return timeTest(term);
  }
  if (op === "is") {
    const count = isOrdered(field) ? countOf(wanted) : undefined;
    return count === undefined ? (value) => String(value) === wanted : (value) => value === count;
  }
  return numberTest(op, numberOf(wanted) ?? Number.NaN);
}

function timeTest(term: FieldTerm): ValueTest {
  const { from, to } = timeRange(term) ?? { from: Infinity, to: -Infinity };
  return (value) => {
    const at = Date.parse(String(value));
    return at >= from && at < to;
  };
}

/** Texts have no order: only numbers meet a comparison. */
function numberTest(op: Comparison, bound: number): ValueTest {
  switch (op) {
    case "<":
      return (value) => typeof value === "number" && value < bound;
    case "<=":
      return (value) => typeof value === "number" && value <= bound;
    case ">":
      return (value) => typeof value === "number" && value > bound;
    default:
      return (value) => typeof value === "number" && value >= bound;
  }
}
