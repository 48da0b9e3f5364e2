/**
 * What is known of some events about a query, short of reading them: which surely match, and which may.
 *
 * The tree of a query is worked off here, the same for a segment and for a block. What its conditions say is asked of
 * `Facts`: those of a segment are its columns and the index (`column-test.ts`), those of a block its values
 * (`block-test.ts`).
 */
import { cheapFirst } from "../query/match.ts";
import type { FieldTerm, Query, TextTerm } from "../query/query.ts";
import { EventSet } from "./event-set.ts";

/** Events that surely match, and those that cannot be ruled out. */
export interface Bound {
  readonly must: EventSet;
  /** The very set of `must` where all is decided. */
  readonly may: EventSet;
}

/** What they tell is of the events that are asked about. Of others it may be anything. */
export interface Facts {
  /** Of so many events. */
  readonly count: number;
  field(term: FieldTerm, among: EventSet): Bound;
  text(term: TextTerm, among: EventSet): Bound;
}

/** @param among the events that are asked about. Of others the bound may say anything. */
export function boundOf(
  query: Query,
  facts: Facts,
  among: EventSet = EventSet.all(facts.count),
): Bound {
  switch (query.kind) {
    case "all":
      return everything(facts);
    case "field":
      return facts.field(query, among);
    case "text":
      return facts.text(query, among);
    case "and":
      return intersectAll(query.of, facts, among);
    case "or":
      return query.of
        .map((part) => boundOf(part, facts, among))
        .reduce(unite, decided(new EventSet(facts.count)));
    case "not":
      return complement(boundOf(query.of, facts, among));
  }
}

export function decided(matches: EventSet): Bound {
  return { must: matches, may: matches };
}

/** Nothing is known. */
export function undecided(count: number): Bound {
  return { must: new EventSet(count), may: EventSet.all(count) };
}

export function isDecided({ must, may }: Bound): boolean {
  return must === may;
}

/** Each part is asked about the events that those before it have left; when there is none, nothing more is read. */
function intersectAll(parts: readonly Query[], facts: Facts, among: EventSet): Bound {
  let all = decided(among);
  for (const part of cheapFirst(parts)) {
    all = intersect(all, boundOf(part, facts, all.may));
    if (all.may.isEmpty) {
      break;
    }
  }
  return all;
}

function everything({ count }: Facts): Bound {
  return decided(EventSet.all(count));
}

export function intersect(a: Bound, b: Bound): Bound {
  const must = a.must.and(b.must);
  return isDecided(a) && isDecided(b) ? decided(must) : { must, may: a.may.and(b.may) };
}

function unite(a: Bound, b: Bound): Bound {
  const must = a.must.or(b.must);
  return isDecided(a) && isDecided(b) ? decided(must) : { must, may: a.may.or(b.may) };
}

function complement(bound: Bound): Bound {
  const all = EventSet.all(bound.may.size);
  const must = all.without(bound.may);
  return isDecided(bound) ? decided(must) : { must, may: all.without(bound.must) };
}
