/**
 * What is known of some events about a query, short of reading them: which surely match, and which may.
 *
 * The tree of a query is worked off here, the same for a segment and for a block. What its conditions say is asked of
 * `Facts`: those of a segment are its columns and the index (`column-test.ts`), those of a block its values
 * (`block-test.ts`).
 */
import { cheapFirst } from "../query/match.ts";
import type { FieldTerm, Query, TextTerm } from "../query/query.ts";

/** One byte an event: 1 in `must` where it surely matches, in `may` where it cannot be ruled out. */
export interface Bound {
  readonly must: Uint8Array;
  /** The very array of `must` where all is decided. */
  readonly may: Uint8Array;
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
        .reduce(unite, decided(new Uint8Array(facts.count)));
    case "not":
      return complement(boundOf(query.of, facts));
  }
}

export function decided(bits: Uint8Array): Bound {
  return { must: bits, may: bits };
}

/** Nothing is known. */
export function undecided(count: number): Bound {
  return { must: new Uint8Array(count), may: new Uint8Array(count).fill(1) };
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
    if (!all.may.includes(1)) {
      break;
    }
  }
  return all ?? everything(facts);
}

function everything({ count }: Facts): Bound {
  return decided(new Uint8Array(count).fill(1));
}

export function intersect(a: Bound, b: Bound): Bound {
  const must = bothOf(a.must, b.must);
  return isDecided(a) && isDecided(b) ? decided(must) : { must, may: bothOf(a.may, b.may) };
}

function unite(a: Bound, b: Bound): Bound {
  const must = eitherOf(a.must, b.must);
  return isDecided(a) && isDecided(b) ? decided(must) : { must, may: eitherOf(a.may, b.may) };
}

function complement(bound: Bound): Bound {
  const must = othersOf(bound.may);
  return isDecided(bound) ? decided(must) : { must, may: othersOf(bound.must) };
}

export function bothOf(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bits = new Uint8Array(a.length);
  for (let event = 0; event < bits.length; event++) {
    bits[event] = (a[event] ?? 0) & (b[event] ?? 0);
  }
  return bits;
}

export function eitherOf(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bits = new Uint8Array(a.length);
  for (let event = 0; event < bits.length; event++) {
    bits[event] = (a[event] ?? 0) | (b[event] ?? 0);
  }
  return bits;
}

function othersOf(a: Uint8Array): Uint8Array {
  const bits = new Uint8Array(a.length);
  for (let event = 0; event < bits.length; event++) {
    bits[event] = 1 - (a[event] ?? 0);
  }
  return bits;
}
