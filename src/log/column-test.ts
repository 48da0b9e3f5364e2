/**
 * What the columns of a segment, and the index of words, know of a query's conditions.
 *
 * Columns decide what they hold. Of words they know those that occur in an action or in the type of a party; the index
 * says in which blocks a word may occur in any other text. What neither holds is decided by reading a block.
 */
import { memoized } from "../kernel/memoized.ts";
import {
  type IndexExpression,
  requiredTerms,
  type TextRow,
  textRows,
} from "../query/index-terms.ts";
import { timeRange } from "../query/ordered-value.ts";
import type { FieldTerm, Query, TextTerm } from "../query/query.ts";
import type { Sql } from "../sql/sql.ts";
import {
  type Bound,
  boundOf,
  decided,
  eitherOf,
  type Facts,
  intersect,
  undecided,
} from "./bound.ts";
import { Candidates } from "./candidates.ts";
import { type CodedColumn, type Codes, hashText, type TargetColumns } from "./columns.ts";
import type { Geometry } from "./geometry.ts";
import type { SegmentColumns } from "./segment-columns.ts";
import type { SegmentInfo } from "./segments.ts";

/** A query, prepared for the segments of a log. */
export class SegmentTest {
  readonly #where: Query;
  readonly #index: TermBlocks;

  constructor(sql: Sql, where: Query, geometry: Geometry) {
    this.#where = where;
    this.#index = new TermBlocks(sql, geometry);
  }

  bound(columns: SegmentColumns): Bound {
    return boundOf(this.#where, new SegmentFacts(columns, this.#index));
  }
}

/** Where the index has the terms of a query, each condition by itself. */
class TermBlocks {
  readonly rowsOf = memoized(textRows);
  readonly requiredBy = memoized((term: FieldTerm) => requiredTerms(term));
  readonly #candidatesOf: (terms: IndexExpression) => Candidates;
  readonly #geometry: Geometry;

  constructor(sql: Sql, geometry: Geometry) {
    this.#candidatesOf = memoized((terms) => new Candidates(sql, terms, "other text"));
    this.#geometry = geometry;
  }

  /** The events of a segment that are in a block which may have the terms, outside of kinds. */
  eventsOf(segment: SegmentInfo, terms: IndexExpression): Uint8Array {
    return eventsIn(this.#candidatesOf(terms).ofSegment(segment), segment, this.#geometry);
  }
}

/** One byte an event of a segment: 1 where its block is among these. @param ids all when null. */
export function eventsIn(
  ids: readonly number[] | null,
  { firstSeq, lastSeq }: SegmentInfo,
  geometry: Geometry,
): Uint8Array {
  const bits = new Uint8Array(lastSeq - firstSeq + 1);
  if (ids === null) {
    return bits.fill(1);
  }
  for (const id of ids) {
    const from = Math.max(0, geometry.firstSeqOf(id) - firstSeq);
    bits.fill(1, from, geometry.lastSeqOf(id) + 1 - firstSeq);
  }
  return bits;
}

class SegmentFacts implements Facts {
  readonly #columns: SegmentColumns;
  readonly #index: TermBlocks;

  constructor(columns: SegmentColumns, index: TermBlocks) {
    this.#columns = columns;
    this.#index = index;
  }

  get count(): number {
    return this.#columns.count;
  }

  field(term: FieldTerm): Bound {
    const columns = this.#columns;
    switch (term.field) {
      case "action":
        return ofCodes(columns.actions, term, columns.count);
      case "actor.id":
        return ofCodes(columns.actors, term, columns.count);
      case "actor.type":
        return ofCodes(columns.actorTypes, term, columns.count);
      case "target.type":
        return ofTargetTypes(columns.targets, term);
      case "target.id":
        return term.op === "is" ? ofTargetId(columns.targets, term.value) : this.#byIndex(term);
      case "occurred_at":
        return ofTimes(columns.times, term);
      default:
        return this.#byIndex(term);
    }
  }

  #byIndex(term: FieldTerm): Bound {
    const terms = this.#index.requiredBy(term);
    const may = this.#index.eventsOf(this.#columns.segment, terms);
    return { must: new Uint8Array(may.length), may };
  }

  text(term: TextTerm): Bound {
    return this.#index
      .rowsOf(term)
      .map((row) => this.#textRow(row))
      .reduce(intersect);
  }

  #textRow({ test, terms }: TextRow): Bound {
    const { actions, actorTypes, targets, segment } = this.#columns;
    const must = [
      ofWanted(actions.codes, valuesThat(actions, test)),
      ofWanted(actorTypes.codes, valuesThat(actorTypes, test)),
      ofWantedTargets(targets, valuesThat(targets.types, test)),
    ].reduce(eitherOf);
    const elsewhere = this.#index.eventsOf(segment, terms);
    return elsewhere.includes(1) ? { must, may: eitherOf(must, elsewhere) } : decided(must);
  }
}

function valuesThat({ values }: CodedColumn, test: (value: string) => boolean): Uint8Array {
  return Uint8Array.from(values, (value) => (test(value) ? 1 : 0));
}

function ofCodes(column: CodedColumn, term: FieldTerm, count: number): Bound {
  if (term.op === "is") {
    const code = column.codeOf(term.value);
    return decided(code === undefined ? new Uint8Array(count) : ofCode(column.codes, code));
  }
  const wanted = wantedCodes(column, term);
  return wanted === undefined ? undecided(count) : decided(ofWanted(column.codes, wanted));
}

function ofWanted(codes: Codes, wanted: Uint8Array): Uint8Array {
  const bits = new Uint8Array(codes.length);
  if (wanted.includes(1)) {
    for (let event = 0; event < bits.length; event++) {
      bits[event] = wanted[codes[event] ?? 0] ?? 0;
    }
  }
  return bits;
}

function ofCode(codes: Codes, wanted: number): Uint8Array {
  const bits = new Uint8Array(codes.length);
  for (let event = 0; event < codes.length; event++) {
    if (codes[event] === wanted) {
      bits[event] = 1;
    }
  }
  return bits;
}

function ofTargetTypes(targets: TargetColumns, term: FieldTerm): Bound {
  const wanted = wantedCodes(targets.types, term);
  return wanted === undefined
    ? undecided(targets.starts.length - 1)
    : decided(ofWantedTargets(targets, wanted));
}

function ofWantedTargets({ starts, types }: TargetColumns, wanted: Uint8Array): Uint8Array {
  return wanted.includes(1)
    ? someTarget(starts, (target) => wanted[types.codes[target] ?? 0] === 1)
    : new Uint8Array(starts.length - 1);
}

/** Ids are known by their hashes alone. */
function ofTargetId({ starts, idHashes }: TargetColumns, id: string): Bound {
  const hash = hashText(id);
  const may = someTarget(starts, (target) => idHashes[target] === hash);
  return { must: new Uint8Array(may.length), may };
}

function someTarget(starts: Uint32Array, isWanted: (target: number) => boolean): Uint8Array {
  const bits = new Uint8Array(starts.length - 1);
  for (let event = 0; event < bits.length; event++) {
    const end = starts[event + 1] ?? 0;
    for (let target = starts[event] ?? 0; target < end; target++) {
      if (isWanted(target)) {
        bits[event] = 1;
        break;
      }
    }
  }
  return bits;
}

function ofTimes(times: Float64Array, term: FieldTerm): Bound {
  const range = timeRange(term);
  if (range === undefined) {
    return undecided(times.length);
  }
  const bits = new Uint8Array(times.length);
  for (let event = 0; event < bits.length; event++) {
    const time = times[event] ?? 0;
    bits[event] = time >= range.from && time < range.to ? 1 : 0;
  }
  return decided(bits);
}

/** Undefined for a comparison: a text has no order. */
function wantedCodes(column: CodedColumn, { op, value }: FieldTerm): Uint8Array | undefined {
  switch (op) {
    case "is":
      return valuesThat(column, (candidate) => candidate === value);
    case "prefix":
      return valuesThat(column, (candidate) => candidate.startsWith(value));
    default:
      return undefined;
  }
}
