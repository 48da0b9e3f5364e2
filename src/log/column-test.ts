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
import { type Bound, boundOf, decided, type Facts, intersect, undecided } from "./bound.ts";
import { Candidates } from "./candidates.ts";
import type { CodedColumn } from "./coded-column.ts";
import type { TargetColumns } from "./columns.ts";
import { EventSet } from "./event-set.ts";
import type { Geometry } from "./geometry.ts";
import { hashText } from "./hash-text.ts";
import type { SegmentColumns } from "./segment-columns.ts";
import type { SegmentInfo } from "./segments.ts";

/** A query, prepared for the segments of a log. */
export class SegmentTest {
  /**
   * Whether columns may know that no event of a block matches which has all the words of the query: if they know two
   * conditions, which different events may meet.
   */
  readonly knowsMoreThanIndex: boolean;
  readonly #where: Query;
  readonly #index: TermBlocks;

  constructor(sql: Sql, where: Query, geometry: Geometry) {
    this.#where = where;
    this.#index = new TermBlocks(sql, geometry);
    this.knowsMoreThanIndex = where.kind === "and" && where.of.filter(isCoded).length > 1;
  }

  /** @param among the events that are asked about, all of them unless given. Of others the bound may say anything. */
  bound(columns: SegmentColumns, among?: EventSet): Bound {
    return boundOf(this.#where, new SegmentFacts(columns, this.#index), among);
  }
}

const CODED_FIELDS: ReadonlySet<string> = new Set([
  "action",
  "actor.id",
  "actor.type",
  "target.type",
]);

/** Whether columns decide a condition by the codes of its values. */
function isCoded(query: Query): boolean {
  return query.kind === "or"
    ? query.of.every(isCoded)
    : query.kind === "field" && CODED_FIELDS.has(query.field);
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
  eventsOf(segment: SegmentInfo, terms: IndexExpression): EventSet {
    return eventsIn(this.#candidatesOf(terms).ofSegment(segment), segment, this.#geometry);
  }
}

/** The events of a segment whose block is among these. @param ids all when null. */
export function eventsIn(
  ids: readonly number[] | null,
  { firstSeq, lastSeq }: SegmentInfo,
  geometry: Geometry,
): EventSet {
  const count = lastSeq - firstSeq + 1;
  if (ids === null) {
    return EventSet.all(count);
  }
  const events = new EventSet(count);
  for (const id of ids) {
    events.addRange(geometry.firstSeqOf(id) - firstSeq, geometry.lastSeqOf(id) + 1 - firstSeq);
  }
  return events;
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

  field(term: FieldTerm, among: EventSet): Bound {
    const columns = this.#columns;
    switch (term.field) {
      case "action":
        return ofCodes(columns.actions, term, among);
      case "actor.id":
        return ofCodes(columns.actors, term, among);
      case "actor.type":
        return ofCodes(columns.actorTypes, term, among);
      case "target.type":
        return ofTargetTypes(columns.targets, term, columns.count);
      case "target.id":
        return term.op === "is"
          ? ofTargetId(columns.targets, term.value, columns.count)
          : this.#byIndex(term);
      case "occurred_at":
        return ofTimes(columns.times, term);
      default:
        return this.#byIndex(term);
    }
  }

  #byIndex(term: FieldTerm): Bound {
    const terms = this.#index.requiredBy(term);
    const may = this.#index.eventsOf(this.#columns.segment, terms);
    return { must: new EventSet(may.size), may };
  }

  text(term: TextTerm, among: EventSet): Bound {
    return this.#index
      .rowsOf(term)
      .map((row) => this.#textRow(row, among))
      .reduce(intersect);
  }

  #textRow({ test, terms }: TextRow, among: EventSet): Bound {
    const { actions, actorTypes, targets, segment, count } = this.#columns;
    const must = actions
      .itemsOf(valuesThat(actions, test), among)
      .or(actorTypes.itemsOf(valuesThat(actorTypes, test), among))
      .or(ofWantedTargets(targets, valuesThat(targets.types, test), count));
    const elsewhere = this.#index.eventsOf(segment, terms);
    return elsewhere.isEmpty ? decided(must) : { must, may: must.or(elsewhere) };
  }
}

function valuesThat({ values }: CodedColumn, test: (value: string) => boolean): Uint8Array {
  return Uint8Array.from(values, (value) => (test(value) ? 1 : 0));
}

function ofCodes(column: CodedColumn, term: FieldTerm, among: EventSet): Bound {
  if (term.op === "is") {
    return decided(column.itemsWith(term.value, among));
  }
  const wanted = wantedCodes(column, term);
  return wanted === undefined ? undecided(among.size) : decided(column.itemsOf(wanted, among));
}

function ofTargetTypes(targets: TargetColumns, term: FieldTerm, count: number): Bound {
  const wanted = wantedCodes(targets.types, term);
  return wanted === undefined ? undecided(count) : decided(ofWantedTargets(targets, wanted, count));
}

function ofWantedTargets(targets: TargetColumns, wanted: Uint8Array, count: number): EventSet {
  if (!wanted.includes(1)) {
    return new EventSet(count);
  }
  const { codes } = targets.types;
  return eventsOfTargets(
    targets,
    count,
    codes.length,
    (target) => wanted[codes[target] ?? 0] === 1,
  );
}

/** Ids are known by their hashes alone. */
function ofTargetId(targets: TargetColumns, id: string, count: number): Bound {
  const hash = hashText(id);
  const { idHashes } = targets;
  const may = eventsOfTargets(
    targets,
    count,
    idHashes.length,
    (target) => idHashes[target] === hash,
  );
  return { must: new EventSet(count), may };
}

/** The events that have some of these targets. Where targets begin is only read when there is one. */
function eventsOfTargets(
  columns: TargetColumns,
  count: number,
  targets: number,
  isWanted: (target: number) => boolean,
): EventSet {
  const events = new EventSet(count);
  let event = 0;
  for (let target = 0; target < targets; target++) {
    if (isWanted(target)) {
      const { starts } = columns;
      while (event < count && (starts[event + 1] ?? 0) <= target) {
        event++;
      }
      events.add(event);
    }
  }
  return events;
}

function ofTimes(times: Float64Array, term: FieldTerm): Bound {
  const range = timeRange(term);
  if (range === undefined) {
    return undecided(times.length);
  }
  const events = new EventSet(times.length);
  for (let event = 0; event < times.length; event++) {
    const time = times[event] ?? 0;
    if (time >= range.from && time < range.to) {
      events.add(event);
    }
  }
  return decided(events);
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
