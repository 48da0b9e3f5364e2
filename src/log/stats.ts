/**
 * Statistics: how many events match, when they occurred, and the most frequent values of some fields. Exact.
 *
 * A segment that counts whole is counted from its summary, one that a filter cuts from its columns, as far as its summary
 * and the query leave it open, and blocks are read only where the columns cannot decide.
 *
 * A log is counted in steps, in order of seq, up to the event that was the newest when the count began. Between two
 * steps events may be appended, sealed, joined, moved to the blob store and purged: what is next is found by its seq.
 */
import type { StoredEvent } from "../contract/event.ts";
import type { StatsQuery } from "../contract/stats.ts";
import { requiredTerms } from "../query/index-terms.ts";
import { compile, type EventTest } from "../query/match.ts";
import type { Query } from "../query/query.ts";
import { timeBounds } from "../query/time-bounds.ts";
import type { Sql } from "../sql/sql.ts";
import type { Extent } from "./blocks.ts";
import type { Bound } from "./bound.ts";
import { Candidates } from "./candidates.ts";
import { SegmentTest } from "./column-test.ts";
import { EventSet } from "./event-set.ts";
import { type FacetCounts, Facets } from "./facets.ts";
import { autoInterval, Histogram } from "./histogram.ts";
import { parseLine } from "./line.ts";
import type { SegmentColumns } from "./segment-columns.ts";
import { readSummary, type SegmentInfo } from "./segments.ts";
import type { Summary } from "./summary.ts";
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

export interface LogStats {
  readonly total: number;
  /** Beginnings of buckets, in milliseconds since the epoch, and their counts, in order; empty ones are left out. */
  readonly histogram: readonly (readonly [number, number])[];
  readonly interval: string;
  readonly facets: readonly FacetCounts[];
}

/** What a step may take before it stops, in blocks read and matched: less than ten milliseconds. */
const STEP_BLOCKS = 8;

/** Events that follow one another, both included. */
interface SeqRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** One step at work. */
interface Pass {
  readonly scope: ReadScope;
  readonly reader: BlockReader;
  readonly blocksMax: number;
}

interface DecidedSegment {
  readonly columns: SegmentColumns;
  /** What must match grows as blocks are read. */
  readonly bound: Bound;
}

export class LogCount {
  readonly #sql: Sql;
  readonly #where: Query;
  readonly #matches: EventTest;
  readonly #segmentTest: SegmentTest;
  readonly #candidates: Candidates;
  readonly #histogram: Histogram;
  readonly #facets: Facets;
  readonly #from: number;
  readonly #to: number;
  #total = 0;
  /** Events from here on are not counted yet, … */
  #nextSeq = 0;
  /** … as far as they were sealed when the count began; those of the tail are counted first. */
  readonly #lastSeq: number;
  /** The segment in which the last step stopped. */
  #begun: DecidedSegment | undefined;

  constructor(sql: Sql, query: StatsQuery, where: Query, scope: ReadScope) {
    this.#sql = sql;
    this.#where = where;
    this.#matches = compile(where);
    this.#segmentTest = new SegmentTest(sql, where, scope.geometry);
    this.#candidates = new Candidates(sql, requiredTerms(where));
    const { from, to } = timeBounds(where);
    this.#from = from;
    this.#to = to - 1;
    this.#lastSeq = scope.sealedSeq;
    const tail = [...tailEvents(sql, Math.max(scope.firstSeq, scope.sealedSeq + 1))];
    const interval =
      query.interval === "auto" ? autoInterval(this.#span(scope, tail)) : query.interval;
    this.#histogram = new Histogram(interval, query.timeZone);
    this.#facets = new Facets(query.facets, query.facetLimit, where);
    tail.forEach(({ stored }) => this.#countEvent(stored));
  }

  /**
   * Counts some more. When a block is lacking, nothing is counted from there on: fetch it and do the same step again.
   *
   * @param scope of this moment, with the cutoff of the beginning. @returns the answer when all is counted.
   */
  step(scope: ReadScope, blocksMax = STEP_BLOCKS): LogStats | undefined {
    const pass = { scope, blocksMax, reader: new BlockReader(this.#sql, this.#where, scope) };
    for (const unit of this.#unitsLeft(scope)) {
      if (pass.reader.cost >= blocksMax) {
        return undefined;
      }
      const range = this.#rangeOf(unit.extent, scope);
      const countedSeq = mayReach(unit.extent, scope, this.#from, this.#to)
        ? this.#countUnit(unit, range, pass)
        : range.lastSeq;
      if (scope.fetched.isLacking) {
        return undefined;
      }
      this.#nextSeq = countedSeq + 1;
      if (countedSeq < range.lastSeq) {
        return undefined;
      }
    }
    return this.#answer();
  }

  /** In order of seq. */
  #unitsLeft({ segments }: ReadScope): Unit[] {
    return unitsOf(this.#sql, segments)
      .filter(({ extent }) => extent.lastSeq >= this.#nextSeq && extent.firstSeq <= this.#lastSeq)
      .sort((a, b) => a.extent.firstSeq - b.extent.firstSeq);
  }

  #rangeOf(extent: Extent, { firstSeq }: ReadScope): SeqRange {
    return {
      firstSeq: Math.max(extent.firstSeq, firstSeq, this.#nextSeq),
      lastSeq: Math.min(extent.lastSeq, this.#lastSeq),
    };
  }

  #answer(): LogStats {
    return {
      total: this.#total,
      interval: this.#histogram.interval,
      histogram: this.#histogram.buckets(),
      facets: this.#facets.counts(),
    };
  }

  /** @returns the last event of the range that is counted, match or not; void when a block was lacking. */
  #countUnit(unit: Unit, range: SeqRange, pass: Pass): number {
    if (unit.kind === "segment") {
      return this.#countSegment(unit.segment, range, pass);
    }
    if (this.#candidates.may(unit.block)) {
      this.#countBlock(unit.block.id, range, pass);
    }
    return range.lastSeq;
  }

  /** The time that the histogram has to show, as far as the extents tell it. */
  #span({ segments }: ReadScope, tail: readonly ReadEvent[]): number {
    const extents = unitsOf(this.#sql, segments).map(({ extent }) => extent);
    const times = tail.map(({ occurredAt }) => occurredAt);
    const first = Math.min(...times, ...extents.map(({ minOccurredAt }) => minOccurredAt));
    const last = Math.max(...times, ...extents.map(({ maxOccurredAt }) => maxOccurredAt));
    const span = Math.min(last, this.#to) - Math.max(first, this.#from);
    return Number.isFinite(span) ? Math.max(0, span) : 0;
  }

  #countSegment(segment: SegmentInfo, range: SeqRange, pass: Pass): number {
    const { scope, reader } = pass;
    const blocks = this.#candidates.ofSegment(segment);
    if (this.#countAlone(blocks, range, pass)) {
      return range.lastSeq;
    }
    const { firstSeq, lastSeq } = segment;
    if (this.#where.kind === "all" && firstSeq === range.firstSeq && lastSeq === range.lastSeq) {
      this.#countWhole(reader.columns(segment), readSummary(this.#sql, segment.id));
      return lastSeq;
    }
    const decided = this.#decide(segment, pass);
    const decidedSeq = this.#readOpen(decided, blocks, range, pass);
    if (scope.fetched.isLacking) {
      return range.firstSeq;
    }
    const { columns, bound } = decided;
    const matches = bound.must.and(eventsBetween(segment, { ...range, lastSeq: decidedSeq }));
    const events = matches.numbers();
    const few = fewBlocksOf(events, segment, scope.geometry);
    if (!this.#countAlone(few, { ...range, lastSeq: decidedSeq }, pass)) {
      this.#countSome(columns, matches, events);
    }
    return decidedSeq;
  }

  /** What the columns know, which is looked up once for a segment that takes several steps. */
  #decide(segment: SegmentInfo, { reader }: Pass): DecidedSegment {
    if (this.#begun?.columns.segment !== segment) {
      const columns = reader.columns(segment);
      this.#begun = { columns, bound: this.#segmentTest.bound(columns) };
    }
    return this.#begun;
  }

  /** Blocks that are read in less time than columns. @returns false when these are not. */
  #countAlone(ids: readonly number[] | null | undefined, range: SeqRange, pass: Pass): boolean {
    const alone = unitsReadAlone(this.#sql, ids, pass.scope.geometry);
    alone?.forEach((unit) => this.#countUnit(unit, range, pass));
    return alone !== undefined;
  }

  /**
   * Reads what is not decided, and adds what matches to what must.
   *
   * @param blocks those that may hold a match; all when null. @returns the last event of the range that is decided.
   */
  #readOpen(
    { columns: { segment }, bound: { must, may } }: DecidedSegment,
    blocks: readonly number[] | null,
    range: SeqRange,
    { scope: { geometry, fetched }, reader, blocksMax }: Pass,
  ): number {
    const open = may.without(must).and(eventsBetween(segment, range));
    for (const id of blocks ?? idsFrom(segment.id, segment.lastBlockId)) {
      const first = geometry.firstSeqOf(id);
      if (!open.hasSome(first - segment.firstSeq, geometry.lastSeqOf(id) + 1 - segment.firstSeq)) {
        continue;
      }
      if (fetched.isLacking) {
        // The step is done again anyway. What the next ones will lack is fetched with it.
        reader.want(id);
      } else if (reader.cost >= blocksMax && first > range.firstSeq) {
        return first - 1;
      } else {
        seqsOf(reader.matches(id)).forEach((seq) => must.add(seq - segment.firstSeq));
      }
      if (fetched.isFull) {
        break;
      }
    }
    return range.lastSeq;
  }

  #countWhole(columns: SegmentColumns, summary: Summary): void {
    this.#total += summary.events;
    this.#facets.addWhole(columns, summary);
    if (this.#histogram.isQuarterly && summary.quarters.length > 0) {
      summary.quarters.forEach(([quarter, count]) => this.#histogram.addQuarter(quarter, count));
    } else {
      columns.times.forEach((time) => this.#histogram.add(time, 1));
    }
  }

  /** @param events the numbers of those that match. */
  #countSome(columns: SegmentColumns, matches: EventSet, events: Uint32Array): void {
    const summary = readSummary(this.#sql, columns.segment.id);
    this.#total += events.length;
    this.#facets.addSome(columns, summary, events);
    const runs = summary.quarterRuns ?? [];
    if (this.#histogram.isQuarterly && runs.length > 0) {
      this.#countRuns(runs, matches);
    } else {
      const { times } = columns;
      events.forEach((event) => this.#histogram.add(times[event] ?? 0, 1));
    }
  }

  /** @param runs quarters of the events of a segment. */
  #countRuns(runs: readonly (readonly [number, number])[], matches: EventSet): void {
    let first = 0;
    for (const [quarter, length] of runs) {
      this.#histogram.addQuarter(quarter, matches.count(first, first + length));
      first += length;
    }
  }

  #countBlock(id: number, range: SeqRange, { reader }: Pass): void {
    for (const seq of seqsOf(reader.matches(id))) {
      if (seq >= range.firstSeq && seq <= range.lastSeq) {
        this.#countEvent(parseLine(reader.line(seq) ?? ""));
      }
    }
  }

  #countEvent(stored: StoredEvent): void {
    if (!this.#matches(stored)) {
      return;
    }
    this.#total++;
    this.#facets.add(stored.event);
    this.#histogram.add(Date.parse(stored.event.occurred_at), 1);
  }
}

function eventsBetween(segment: SegmentInfo, { firstSeq, lastSeq }: SeqRange): EventSet {
  const events = new EventSet(segment.lastSeq - segment.firstSeq + 1);
  return events.addRange(firstSeq - segment.firstSeq, lastSeq + 1 - segment.firstSeq);
}

function idsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
