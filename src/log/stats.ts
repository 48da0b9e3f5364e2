/**
 * Statistics: how many events match, when they occurred, and the most frequent values of some fields. Exact.
 *
 * A segment that counts whole is counted from its summary, one that a filter cuts from its columns, as far as its summary
 * and the query leave it open, and blocks are read only where the columns cannot decide.
 */
import type { StoredEvent } from "../contract/event.ts";
import type { FacetName, StatsQuery } from "../contract/stats.ts";
import { requiredTerms } from "../query/index-terms.ts";
import { compile, type EventTest } from "../query/match.ts";
import type { Field, Query } from "../query/query.ts";
import { timeBounds } from "../query/time-bounds.ts";
import type { Sql } from "../sql/sql.ts";
import { type Bound, isDecided } from "./bound.ts";
import { Candidates } from "./candidates.ts";
import { SegmentTest } from "./column-test.ts";
import type { CodedColumn } from "./columns.ts";
import { EventSet } from "./event-set.ts";
import { autoInterval, Calendar, QUARTER_MS } from "./histogram.ts";
import { parseLine } from "./line.ts";
import type { SegmentColumns } from "./segment-columns.ts";
import { readSummary, type SegmentInfo } from "./segments.ts";
import { countCodes, countTargetTypes, type Summary } from "./summary.ts";
import { Tally, type Top } from "./tally.ts";
import {
  BlockReader,
  fewBlocksOf,
  mayReach,
  type ReadEvent,
  type ReadScope,
  seqsOf,
  tailEvents,
  type Unit,
  unitsOf,
  unitsReadAlone,
} from "./units.ts";

/** Fields that an event has once: when a query names their value, nothing else is in their facet. */
const SINGLE_FIELDS: Partial<Record<FacetName, Field>> = {
  action: "action",
  actor: "actor.id",
  actor_type: "actor.type",
};

export interface LogStats {
  readonly total: number;
  /** Beginnings of buckets, in milliseconds since the epoch, and their counts, in order; empty ones are left out. */
  readonly histogram: readonly (readonly [number, number])[];
  readonly interval: string;
  readonly facets: readonly FacetCounts[];
}

export interface FacetCounts extends Top {
  readonly name: FacetName;
}

export function countLog(sql: Sql, query: StatsQuery, where: Query, scope: ReadScope): LogStats {
  return new Count(sql, query, where, scope).run();
}

class Count {
  readonly #sql: Sql;
  readonly #scope: ReadScope;
  readonly #where: Query;
  readonly #matches: EventTest;
  readonly #segmentTest: SegmentTest;
  readonly #reader: BlockReader;
  readonly #candidates: Candidates;
  readonly #tail: readonly ReadEvent[];
  readonly #calendar: Calendar;
  readonly #interval: string;
  readonly #facets: ReadonlyMap<FacetName, Tally>;
  readonly #buckets = new Map<number, { count: number }>();
  /** The times of the step that was counted last, and its bucket. */
  #stepFrom = Infinity;
  #stepTo = -Infinity;
  #bucket = { count: 0 };
  readonly #from: number;
  readonly #to: number;
  #total = 0;

  constructor(sql: Sql, query: StatsQuery, where: Query, scope: ReadScope) {
    this.#sql = sql;
    this.#scope = scope;
    this.#where = where;
    this.#matches = compile(where);
    this.#segmentTest = new SegmentTest(sql, where, scope.geometry);
    this.#reader = new BlockReader(sql, where, scope);
    this.#candidates = new Candidates(sql, requiredTerms(where));
    this.#tail = [...tailEvents(sql, Math.max(scope.firstSeq, scope.sealedSeq + 1))];
    const { from, to } = timeBounds(where);
    this.#from = from;
    this.#to = to - 1;
    const interval = query.interval === "auto" ? autoInterval(this.#span()) : query.interval;
    this.#interval = interval;
    this.#calendar = new Calendar(interval, query.timeZone);
    this.#facets = new Map(query.facets.map((name) => [name, new Tally(query.facetLimit)]));
  }

  run(): LogStats {
    this.#tail.forEach(({ stored }) => this.#countEvent(stored));
    this.#countUnits(unitsOf(this.#sql, this.#scope.segments));
    return {
      total: this.#total,
      interval: this.#interval,
      histogram: [...this.#buckets]
        .map(([start, { count }]) => [start, count] as const)
        .sort(([a], [b]) => a - b),
      facets: Array.from(this.#facets, ([name, tally]) => ({ name, ...tally.top() })),
    };
  }

  #countUnits(units: readonly Unit[]): void {
    for (const unit of units) {
      if (this.#scope.fetched.isFull) {
        break;
      }
      if (!mayReach(unit.extent, this.#scope, this.#from, this.#to)) {
        continue;
      }
      if (unit.kind === "segment") {
        this.#countSegment(unit.segment);
      } else if (this.#candidates.may(unit.block)) {
        this.#countBlock(unit.block.id);
      }
    }
  }

  /** The time that the histogram has to show, as far as the extents tell it. */
  #span(): number {
    const extents = unitsOf(this.#sql, this.#scope.segments).map(({ extent }) => extent);
    const tail = this.#tail.map(({ occurredAt }) => occurredAt);
    const first = Math.min(...tail, ...extents.map(({ minOccurredAt }) => minOccurredAt));
    const last = Math.max(...tail, ...extents.map(({ maxOccurredAt }) => maxOccurredAt));
    const span = Math.min(last, this.#to) - Math.max(first, this.#from);
    return Number.isFinite(span) ? Math.max(0, span) : 0;
  }

  #countSegment(segment: SegmentInfo): void {
    const blocks = this.#candidates.ofSegment(segment);
    const alone = unitsReadAlone(this.#sql, blocks, this.#scope.geometry);
    if (alone !== undefined) {
      this.#countUnits(alone);
      return;
    }
    const isWhole = this.#where.kind === "all" && segment.firstSeq >= this.#scope.firstSeq;
    const columns = this.#reader.columns(segment);
    if (isWhole) {
      this.#countWhole(columns, readSummary(this.#sql, segment.id));
      return;
    }
    const bound = this.#segmentTest.bound(columns);
    const matches = this.#matchesIn(columns, bound, blocks).and(this.#visibleOf(segment));
    const events = matches.numbers();
    const few = fewBlocksOf(events, segment, this.#scope.geometry);
    const left = unitsReadAlone(this.#sql, few, this.#scope.geometry);
    if (left === undefined) {
      this.#countSome(columns, matches, events);
    } else {
      this.#countUnits(left);
    }
  }

  /** The events that have not expired. */
  #visibleOf({ firstSeq, lastSeq }: SegmentInfo): EventSet {
    const events = new EventSet(lastSeq - firstSeq + 1);
    return events.addRange(this.#scope.firstSeq - firstSeq, events.size);
  }

  /** Reads what is not decided. @param blocks those that may hold a match; all when null. */
  #matchesIn(
    { segment }: SegmentColumns,
    bound: Bound,
    blocks: readonly number[] | null,
  ): EventSet {
    const { must, may } = bound;
    if (isDecided(bound)) {
      return must;
    }
    const { geometry, fetched } = this.#scope;
    const open = may.without(must);
    for (const id of blocks ?? idsFrom(segment.id, segment.lastBlockId)) {
      const from = Math.max(0, geometry.firstSeqOf(id) - segment.firstSeq);
      const isOpen = open.hasSome(from, geometry.lastSeqOf(id) + 1 - segment.firstSeq);
      const matches = isOpen && !fetched.isFull ? this.#reader.matches(id) : undefined;
      seqsOf(matches).forEach((seq) => must.add(seq - segment.firstSeq));
    }
    return must;
  }

  #countWhole(columns: SegmentColumns, summary: Summary): void {
    this.#total += summary.events;
    for (const [name, tally] of this.#facets) {
      if (name === "actor") {
        addCounts(tally, columns.actors, summary.actors ?? countCodes(columns.actors));
      } else {
        tally.addAll(countsIn(summary, name));
      }
    }
    if (this.#calendar.isQuarterly && summary.quarters.length > 0) {
      for (const [quarter, count] of summary.quarters) {
        this.#countTime(quarter * QUARTER_MS, count);
      }
    } else {
      columns.times.forEach((time) => this.#countTime(time, 1));
    }
  }

  /** @param events the numbers of those that match. */
  #countSome(columns: SegmentColumns, matches: EventSet, events: Uint32Array): void {
    const summary = readSummary(this.#sql, columns.segment.id);
    this.#total += events.length;
    const runs = summary.quarterRuns ?? [];
    if (this.#calendar.isQuarterly && runs.length > 0) {
      this.#countRuns(runs, matches);
    } else {
      const { times } = columns;
      events.forEach((event) => this.#countTime(times[event] ?? 0, 1));
    }
    for (const [name, tally] of this.#facets) {
      const value = valueLeft(this.#where, name) ?? onlyValue(summary, name);
      if (value === undefined) {
        addFacet(tally, name, columns, events);
      } else {
        tally.add(value, events.length);
      }
    }
  }

  /** @param runs quarters of the events of a segment. */
  #countRuns(runs: readonly (readonly [number, number])[], matches: EventSet): void {
    let first = 0;
    for (const [quarter, length] of runs) {
      const count = matches.count(first, first + length);
      if (count > 0) {
        this.#countTime(quarter * QUARTER_MS, count);
      }
      first += length;
    }
  }

  #countBlock(id: number): void {
    for (const seq of seqsOf(this.#reader.matches(id))) {
      this.#countEvent(parseLine(this.#reader.line(seq) ?? ""));
    }
  }

  #countEvent(stored: StoredEvent): void {
    if (stored.seq < this.#scope.firstSeq || !this.#matches(stored)) {
      return;
    }
    const { event } = stored;
    this.#total++;
    this.#countTime(Date.parse(event.occurred_at), 1);
    this.#facets.get("action")?.add(event.action, 1);
    this.#facets.get("actor")?.add(event.actor.id, 1);
    this.#facets.get("actor_type")?.add(event.actor.type, 1);
    for (const type of new Set(event.targets.map((target) => target.type))) {
      this.#facets.get("target_type")?.add(type, 1);
    }
  }

  /** Times come nearly in order, so most are in the step of the one before: their bucket need not be looked up. */
  #countTime(time: number, count: number): void {
    if (time < this.#stepFrom || time >= this.#stepTo) {
      const { stepMs } = this.#calendar;
      this.#stepFrom = Math.floor(time / stepMs) * stepMs;
      this.#stepTo = this.#stepFrom + stepMs;
      const start = this.#calendar.bucketOf(time);
      this.#bucket = this.#buckets.get(start) ?? { count: 0 };
      this.#buckets.set(start, this.#bucket);
    }
    this.#bucket.count += count;
  }
}

/** Values and how many events of a segment have them. */
function countsIn(summary: Summary, name: Exclude<FacetName, "actor">) {
  switch (name) {
    case "action":
      return summary.actions;
    case "actor_type":
      return summary.actorTypes;
    case "target_type":
      return summary.targetTypes;
  }
}

/** The value that all events of a segment have, and no other: any of them have it, without being counted. */
function onlyValue(summary: Summary, name: FacetName): string | undefined {
  const [first, second] = name === "actor" ? [] : countsIn(summary, name);
  return second === undefined && first?.[1] === summary.events ? first[0] : undefined;
}

/** What all events have that match, and no other value, because the query asks for it. */
function valueLeft(where: Query, name: FacetName): string | undefined {
  switch (where.kind) {
    case "and":
      return where.of.map((part) => valueLeft(part, name)).find((value) => value !== undefined);
    case "field":
      return where.op === "is" && where.field === SINGLE_FIELDS[name] ? where.value : undefined;
    default:
      return undefined;
  }
}

function addFacet(
  tally: Tally,
  name: FacetName,
  columns: SegmentColumns,
  events: Uint32Array,
): void {
  switch (name) {
    case "action":
      return addCodes(tally, columns.actions, events);
    case "actor":
      return addCodes(tally, columns.actors, events);
    case "actor_type":
      return addCodes(tally, columns.actorTypes, events);
    case "target_type":
      return addCounts(tally, columns.targets.types, countTargetTypes(columns.targets, events));
  }
}

function addCodes(tally: Tally, column: CodedColumn, events: Uint32Array): void {
  addCounts(tally, column, countCodes(column, events));
}

/** @param counts by the codes of the column. */
function addCounts(tally: Tally, { texts }: CodedColumn, counts: ArrayLike<number>): void {
  texts.forEach((json, code) => {
    const count = counts[code] ?? 0;
    if (count > 0) {
      tally.addJson(json, count);
    }
  });
}

function idsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
