/**
 * Statistics: how many events match, when they occurred, and the most frequent values of some fields. Exact.
 *
 * A segment that counts whole is counted from its summary, one that a filter cuts from its columns, and blocks are
 * read only where the columns cannot decide.
 */
import type { StoredEvent } from "../contract/event.ts";
import type { FacetName, StatsQuery } from "../contract/stats.ts";
import { requiredTerms } from "../query/index-terms.ts";
import { compile, type EventTest } from "../query/match.ts";
import type { Query } from "../query/query.ts";
import { timeBounds } from "../query/time-bounds.ts";
import type { Sql } from "../sql/sql.ts";
import { type Bound, isDecided } from "./bound.ts";
import { Candidates } from "./candidates.ts";
import { SegmentTest } from "./column-test.ts";
import type { CodedColumn, TargetColumns } from "./columns.ts";
import { autoInterval, Calendar, QUARTER_MS } from "./histogram.ts";
import { parseLine } from "./line.ts";
import type { SegmentColumns } from "./segment-columns.ts";
import { readSummary, type SegmentInfo } from "./segments.ts";
import { countCodes, countTargetTypes, type Summary } from "./summary.ts";
import { Tally, type Top } from "./tally.ts";
import { BlockReader, type ReadScope, tailEvents, unitsOf } from "./units.ts";

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
  readonly #calendar: Calendar;
  readonly #interval: string;
  readonly #facets: ReadonlyMap<FacetName, Tally>;
  readonly #buckets = new Map<number, { count: number }>();
  #step = Number.NaN;
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
    const { from, to } = timeBounds(where);
    this.#from = from;
    this.#to = to - 1;
    const interval = query.interval === "auto" ? autoInterval(this.#span()) : query.interval;
    this.#interval = interval;
    this.#calendar = new Calendar(interval, query.timeZone);
    this.#facets = new Map(query.facets.map((name) => [name, new Tally(query.facetLimit)]));
  }

  run(): LogStats {
    const { firstSeq, sealedSeq, segments } = this.#scope;
    for (const { stored } of tailEvents(this.#sql, Math.max(firstSeq, sealedSeq + 1))) {
      this.#countEvent(stored);
    }
    for (const unit of unitsOf(this.#sql, segments)) {
      if (this.#scope.fetched.isFull) {
        break;
      }
      const { extent } = unit;
      const isRelevant =
        extent.lastSeq >= firstSeq &&
        extent.maxOccurredAt >= this.#from &&
        extent.minOccurredAt <= this.#to;
      if (isRelevant && unit.kind === "segment") {
        this.#countSegment(unit.segment);
      } else if (isRelevant && unit.kind === "block" && this.#candidates.may(unit.block)) {
        this.#countBlock(unit.block.id);
      }
    }
    return {
      total: this.#total,
      interval: this.#interval,
      histogram: [...this.#buckets]
        .map(([start, { count }]) => [start, count] as const)
        .sort(([a], [b]) => a - b),
      facets: Array.from(this.#facets, ([name, tally]) => ({ name, ...tally.top() })),
    };
  }

  /** The time that the histogram has to show, as far as the extents tell it. */
  #span(): number {
    const extents = unitsOf(this.#sql, this.#scope.segments).map(({ extent }) => extent);
    const tail = Array.from(
      tailEvents(this.#sql, this.#scope.sealedSeq + 1),
      ({ occurredAt }) => occurredAt,
    );
    const first = Math.min(...tail, ...extents.map(({ minOccurredAt }) => minOccurredAt));
    const last = Math.max(...tail, ...extents.map(({ maxOccurredAt }) => maxOccurredAt));
    const span = Math.min(last, this.#to) - Math.max(first, this.#from);
    return Number.isFinite(span) ? Math.max(0, span) : 0;
  }

  #countSegment(segment: SegmentInfo): void {
    const blocks = this.#candidates.ofSegment(segment);
    if (blocks?.length === 0) {
      return;
    }
    const isWhole = this.#where.kind === "all" && segment.firstSeq >= this.#scope.firstSeq;
    const columns = this.#reader.columns(segment);
    if (isWhole) {
      this.#countWhole(columns, readSummary(this.#sql, segment.id));
      return;
    }
    const bits = this.#matchesIn(columns, this.#segmentTest.bound(columns), blocks);
    bits.fill(0, 0, Math.max(0, this.#scope.firstSeq - segment.firstSeq));
    this.#countMarked(columns, bits);
  }

  /** Reads what is not decided. @param blocks those that may hold a match; all when null. */
  #matchesIn(
    { segment }: SegmentColumns,
    bound: Bound,
    blocks: readonly number[] | null,
  ): Uint8Array {
    const { must, may } = bound;
    if (isDecided(bound)) {
      return must;
    }
    const { geometry, fetched } = this.#scope;
    for (const id of blocks ?? idsFrom(segment.id, segment.lastBlockId)) {
      const from = Math.max(0, geometry.firstSeqOf(id) - segment.firstSeq);
      const to = Math.min(must.length, geometry.lastSeqOf(id) + 1 - segment.firstSeq);
      const isOpen = may.subarray(from, to).some((bit, index) => bit !== must[from + index]);
      const matches = isOpen && !fetched.isFull ? this.#reader.matches(id) : undefined;
      if (matches !== undefined) {
        const first = segment.firstSeq - matches.firstSeq;
        must.set(matches.bits.subarray(first + from, first + to), from);
      }
    }
    return must;
  }

  #countWhole(columns: SegmentColumns, summary: Summary): void {
    this.#total += summary.events;
    this.#facets.get("action")?.addAll(summary.actions);
    this.#facets.get("actor_type")?.addAll(summary.actorTypes);
    this.#facets.get("target_type")?.addAll(summary.targetTypes);
    const actors = this.#facets.get("actor");
    if (actors !== undefined) {
      addCounts(actors, columns.actors.values, summary.actors ?? countCodes(columns.actors));
    }
    if (this.#calendar.isQuarterly && summary.quarters.length > 0) {
      for (const [quarter, count] of summary.quarters) {
        this.#countTime(quarter * QUARTER_MS, count);
      }
    } else {
      columns.times.forEach((time) => this.#countTime(time, 1));
    }
  }

  #countMarked(columns: SegmentColumns, bits: Uint8Array): void {
    if (!bits.includes(1)) {
      return;
    }
    const { times } = columns;
    for (let index = 0; index < bits.length; index++) {
      if (bits[index] === 1) {
        this.#total++;
        this.#countTime(times[index] ?? 0, 1);
      }
    }
    for (const [name, tally] of this.#facets) {
      addFacet(tally, name, columns, bits);
    }
  }

  #countBlock(id: number): void {
    const matches = this.#reader.matches(id);
    matches?.bits.forEach((bit, index) => {
      if (bit === 1) {
        this.#countEvent(parseLine(this.#reader.line(matches.firstSeq + index) ?? ""));
      }
    });
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
    const step = Math.floor(time / this.#calendar.stepMs);
    if (step !== this.#step) {
      this.#step = step;
      const start = this.#calendar.bucketOf(time);
      this.#bucket = this.#buckets.get(start) ?? { count: 0 };
      this.#buckets.set(start, this.#bucket);
    }
    this.#bucket.count += count;
  }
}

function addFacet(tally: Tally, name: FacetName, columns: SegmentColumns, bits: Uint8Array): void {
  switch (name) {
    case "action":
      return addCodes(tally, columns.actions, bits);
    case "actor":
      return addCodes(tally, columns.actors, bits);
    case "actor_type":
      return addCodes(tally, columns.actorTypes, bits);
    case "target_type":
      return addTargetTypes(tally, columns.targets, bits);
  }
}

function addCodes(tally: Tally, column: CodedColumn, bits: Uint8Array): void {
  addCounts(tally, column.values, countCodes(column, bits));
}

function addTargetTypes(tally: Tally, { starts, types }: TargetColumns, bits: Uint8Array): void {
  addCounts(tally, types.values, countTargetTypes(starts, types, bits));
}

function addCounts(tally: Tally, values: readonly string[], counts: ArrayLike<number>): void {
  values.forEach((value, code) => {
    const count = counts[code] ?? 0;
    if (count > 0) {
      tally.add(value, count);
    }
  });
}

function idsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
