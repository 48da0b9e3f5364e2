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

export interface Facts {
  /** Of so many events. */
  readonly count: number;
  field(term: FieldTerm): Bound;
  text(term: TextTerm): Bound;
}

export function boundOf(query: Query, facts: Facts): Bound {
  switch (query.kind) {
    case "all":
      return everything(facts);
    case "field":
      return facts.field(query);
    case "text":
      return facts.text(query);
    case "and":
      return intersectAll(query.of, facts);
    case "or":
      return query.of
        .map((part) => boundOf(part, facts))
        .reduce(unite, decided(new EventSet(facts.count)));
    case "not":
      return complement(boundOf(query.of, facts));
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

/** Stops at the first part that leaves no event, so that what is asked for the other parts need not be read. */
function intersectAll(parts: readonly Query[], facts: Facts): Bound {
  let all: Bound | undefined;
  for (const part of cheapFirst(parts)) {
    const bound = boundOf(part, facts);
    all = all === undefined ? bound : intersect(all, bound);
    if (all.may.isEmpty) {
      break;
    }
  }
  return all ?? everything(facts);
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
