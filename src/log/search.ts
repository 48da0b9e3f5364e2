/**
 * Search: one page of the events that match, in order of (occurred_at, seq), however they arrived.
 *
 * What a page costs is bounded: when a query has read enough it stops, gives what is certain, and a cursor from which
 * it goes on. Results are exactly those of a scan of everything; index and columns only leave out what cannot match.
 */
import type { EventQuery, Position } from "../contract/event-query.ts";
import { requiredTerms } from "../query/index-terms.ts";
import { lineTest, neededWords } from "../query/line-test.ts";
import { compile, type EventTest } from "../query/match.ts";
import type { Query } from "../query/query.ts";
import { timeBounds } from "../query/time-bounds.ts";
import type { Sql } from "../sql/sql.ts";
import { blocksBetween, type Extent } from "./blocks.ts";
import { type Bound, boundOf, type SegmentColumns } from "./column-test.ts";
import type { FetchedBlocks } from "./fetched-blocks.ts";
import type { Geometry } from "./geometry.ts";
import { type EventPage, PageBuilder } from "./page.ts";
import type { SegmentInfo } from "./segments.ts";
import {
  BlockReader,
  Candidates,
  readEventOf,
  type ReadEvent,
  tailEvents,
  type Unit,
  unitsOf,
} from "./units.ts";

/** Blocks that one page may read before it stops: 50,000 events, some hundreds of milliseconds. */
export const SEARCH_BLOCKS_MAX = 200;
/** Before and after every seq; an event's id has room for 42 bits. */
const SEQ_BEFORE = 0;
const SEQ_AFTER = 2 ** 42;

export interface SearchScope {
  /** The oldest event that has not expired. */
  readonly firstSeq: number;
  /** Events up to it are in blocks; the others in the tail. */
  readonly sealedSeq: number;
  readonly segments: readonly SegmentInfo[];
  readonly geometry: Geometry;
  /** Blocks that a search may read before it stops. */
  readonly blocksMax: number;
  /** What was fetched of the blob store. */
  readonly fetched: FetchedBlocks;
}

/** The first unit of all, and the next; undefined where there is none. */
type Neighbours = readonly [first: Unit | undefined, next: Unit | undefined];

export function searchLog(
  sql: Sql,
  query: EventQuery,
  where: Query,
  scope: SearchScope,
): EventPage {
  return new Search(sql, query, where, scope).run();
}

class Search {
  readonly #scope: SearchScope;
  readonly #sql: Sql;
  readonly #where: Query;
  readonly #matches: EventTest;
  readonly #mayMatch: (line: string) => boolean;
  readonly #words: readonly string[];
  readonly #page: PageBuilder;
  readonly #reader: BlockReader;
  readonly #candidates: Candidates;
  readonly #from: number;
  readonly #to: number;

  constructor(sql: Sql, query: EventQuery, where: Query, scope: SearchScope) {
    this.#sql = sql;
    this.#scope = scope;
    this.#where = where;
    this.#matches = compile(where);
    this.#mayMatch = lineTest(where);
    this.#words = neededWords(where);
    this.#page = new PageBuilder(query);
    this.#reader = new BlockReader(sql, scope.geometry, scope.fetched);
    this.#candidates = new Candidates(sql, requiredTerms(where));
    const bounds = timeBounds(where);
    const start = this.#page.start?.occurredAt;
    this.#from = Math.max(bounds.from, (this.#page.isAscending ? start : undefined) ?? -Infinity);
    this.#to = Math.min(bounds.to - 1, (this.#page.isAscending ? undefined : start) ?? Infinity);
  }

  run(): EventPage {
    const { firstSeq, sealedSeq } = this.#scope;
    for (const event of tailEvents(this.#sql, Math.max(firstSeq, sealedSeq + 1))) {
      this.#offer(event);
    }
    const { fetched } = this.#scope;
    const units = this.#relevantUnits();
    const [first] = units;
    for (const [index, unit] of units.entries()) {
      const edge = this.#edgeOf(unit);
      if (!this.#page.canTakeFrom(edge)) {
        break;
      }
      // A page always gets past its first edge, or a cursor could stand still for ever.
      const isPastFirst = first !== undefined && this.#page.compare(edge, this.#edgeOf(first)) > 0;
      if (this.#reader.cost >= this.#scope.blocksMax && isPastFirst) {
        return this.#page.build(edge);
      }
      const wasLacking = fetched.isLacking;
      const stop = this.#readUnit(unit, [first, units[index + 1]]);
      if (stop !== undefined) {
        return this.#page.build(stop);
      }
      if (fetched.isLacking && !wasLacking && fetched.isSpent && isPastFirst) {
        fetched.forgive();
        return this.#page.build(edge);
      }
      if (fetched.isFull) {
        break;
      }
    }
    return this.#page.build();
  }

  #relevantUnits(): Unit[] {
    return unitsOf(this.#sql, this.#scope.segments)
      .filter(({ extent }) => this.#isRelevant(extent))
      .sort((a, b) => this.#page.compare(this.#edgeOf(a), this.#edgeOf(b)));
  }

  #isRelevant({ lastSeq, minOccurredAt, maxOccurredAt }: Extent): boolean {
    return (
      lastSeq >= this.#scope.firstSeq && maxOccurredAt >= this.#from && minOccurredAt <= this.#to
    );
  }

  /** The place just before every event that the unit could add, in reading order. No event is at it. */
  #edgeOf({ extent }: { readonly extent: Extent }): Position {
    return this.#page.isAscending
      ? { occurredAt: Math.max(extent.minOccurredAt, this.#from), seq: SEQ_BEFORE }
      : { occurredAt: Math.min(extent.maxOccurredAt, this.#to), seq: SEQ_AFTER };
  }

  /**
   * @param neighbours the first unit of all, and the one after this.
   * @returns where reading stopped because it had read enough, if it did.
   */
  #readUnit(unit: Unit, neighbours: Neighbours): Position | undefined {
    if (unit.kind === "block") {
      if (this.#candidates.may(unit.block)) {
        this.#readBlock(unit.block.id);
      }
      return undefined;
    }
    const blocks = this.#candidates.ofSegment(unit.segment);
    if (blocks?.length === 0) {
      return undefined;
    }
    const columns = this.#reader.columns(unit.segment);
    const bound = boundOf(this.#where, columns);
    if (bound === undefined) {
      return this.#readBlocks(unit.segment, blocks, neighbours);
    }
    this.#readBounded(columns, restrict(bound, unit.segment, blocks, this.#scope.geometry));
    return undefined;
  }

  /** Reads whole blocks, those first that reach furthest, until the page can take no more of this segment. */
  #readBlocks(
    segment: SegmentInfo,
    ids: readonly number[] | null,
    [first, next]: Neighbours,
  ): Position | undefined {
    const { fetched } = this.#scope;
    const blocks = blocksBetween(this.#sql, segment.id, segment.lastBlockId)
      .filter((block) => this.#isRelevant(block) && (ids === null || ids.includes(block.id)))
      .map((block) => ({ id: block.id, edge: this.#edgeOf({ extent: block }) }))
      .sort((a, b) => this.#page.compare(a.edge, b.edge));
    for (const { id, edge } of blocks) {
      if (!this.#page.canTakeFrom(edge) || fetched.isFull) {
        return undefined;
      }
      const stop = next === undefined ? edge : this.#earlier(edge, this.#edgeOf(next));
      const mayStop = first !== undefined && this.#page.compare(stop, this.#edgeOf(first)) > 0;
      if (mayStop && this.#reader.cost >= this.#scope.blocksMax) {
        return stop;
      }
      const wasLacking = fetched.isLacking;
      this.#readBlock(id);
      if (mayStop && !wasLacking && fetched.isLacking && fetched.isSpent) {
        fetched.forgive();
        return stop;
      }
    }
    return undefined;
  }

  #earlier(a: Position, b: Position): Position {
    return this.#page.compare(a, b) < 0 ? a : b;
  }

  #readBlock(id: number): void {
    for (const line of this.#reader.linesWith(id, this.#words)) {
      this.#offer(readEventOf(line));
    }
  }

  /** Reads the events that may match, best first, until the page can take no more of this segment. */
  #readBounded({ segment, times }: SegmentColumns, { bits, isExact }: Bound): void {
    for (const index of this.#inOrder(times, bits)) {
      const seq = segment.firstSeq + index;
      const place = { occurredAt: times[index] ?? 0, seq };
      if (!this.#page.canTakeFrom(place)) {
        return;
      }
      if (seq >= this.#scope.firstSeq && this.#page.wants(place)) {
        const line = this.#reader.line(segment, seq);
        if (line === undefined) {
          // It is taken for a hit, so that just what the page may need is found to be lacking.
          this.#page.offer({ ...place, line: "" });
        } else if (isExact || (this.#mayMatch(line) && this.#matches(readEventOf(line).stored))) {
          this.#page.offer({ ...place, line });
        }
      }
    }
  }

  #inOrder(times: Float64Array, bits: Uint8Array): number[] {
    const indexes: number[] = [];
    for (let index = 0; index < bits.length; index++) {
      if (bits[index] === 1) {
        indexes.push(index);
      }
    }
    const { isAscending } = this.#page;
    const isSorted = indexes.every(
      (index, at) => at === 0 || (times[indexes[at - 1] ?? 0] ?? 0) <= (times[index] ?? 0),
    );
    if (!isSorted) {
      indexes.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
    }
    return isAscending ? indexes : indexes.reverse();
  }

  #offer(event: ReadEvent): void {
    if (
      event.seq >= this.#scope.firstSeq &&
      this.#page.wants(event) &&
      this.#matches(event.stored)
    ) {
      this.#page.offer({ occurredAt: event.occurredAt, seq: event.seq, line: event.line });
    }
  }
}

/** Leaves of a bound what is in blocks that the index names. */
export function restrict(
  bound: Bound,
  segment: Extent,
  blocks: readonly number[] | null,
  geometry: Geometry,
): Bound {
  if (blocks === null) {
    return bound;
  }
  const bits = new Uint8Array(bound.bits.length);
  for (const id of blocks) {
    const from = Math.max(0, geometry.firstSeqOf(id) - segment.firstSeq);
    const to = geometry.lastSeqOf(id) + 1 - segment.firstSeq;
    bits.set(bound.bits.subarray(from, to), from);
  }
  return { bits, isExact: bound.isExact };
}
