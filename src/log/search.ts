/**
 * Search: one page of the events that match, in order of (occurred_at, seq), however they arrived.
 *
 * What a page costs is bounded: when a query has read enough it stops, gives what is certain, and a cursor from which
 * it goes on. Results are exactly those of a scan of everything; index and columns only leave out what cannot match.
 */
import type { EventQuery, Position } from "../contract/event-query.ts";
import { requiredTerms } from "../query/index-terms.ts";
import { compile, type EventTest } from "../query/match.ts";
import type { Query } from "../query/query.ts";
import { timeBounds } from "../query/time-bounds.ts";
import type { Sql } from "../sql/sql.ts";
import { Candidates } from "./candidates.ts";
import { eventsIn, SegmentTest } from "./column-test.ts";
import { type EventPage, PageBuilder } from "./page.ts";
import type { SegmentInfo } from "./segments.ts";
import {
  BlockReader,
  type BlockUnit,
  fewBlocksOf,
  mayReach,
  type ReadScope,
  tailEvents,
  type Unit,
  unitsOf,
  unitsReadAlone,
} from "./units.ts";

/** Blocks that one page may read before it stops: 128,000 events, some hundreds of milliseconds. */
export const SEARCH_BLOCKS_MAX = 500;

export function searchLog(sql: Sql, query: EventQuery, where: Query, scope: ReadScope): EventPage {
  return new Search(sql, query, where, scope).run();
}

class Search {
  readonly #scope: ReadScope;
  readonly #sql: Sql;
  readonly #matches: EventTest;
  readonly #segmentTest: SegmentTest;
  readonly #page: PageBuilder;
  readonly #reader: BlockReader;
  readonly #candidates: Candidates;
  readonly #from: number;
  readonly #to: number;
  /** The relevant ones, in the order in which they reach into the list. */
  readonly #units: readonly Unit[];

  constructor(sql: Sql, query: EventQuery, where: Query, scope: ReadScope) {
    this.#sql = sql;
    this.#scope = scope;
    this.#matches = compile(where);
    this.#segmentTest = new SegmentTest(sql, where, scope.geometry);
    this.#page = new PageBuilder(query);
    this.#reader = new BlockReader(sql, where, scope);
    this.#candidates = new Candidates(sql, requiredTerms(where));
    const bounds = timeBounds(where);
    const start = this.#page.start?.occurredAt;
    this.#from = Math.max(bounds.from, (this.#page.isAscending ? start : undefined) ?? -Infinity);
    this.#to = Math.min(bounds.to - 1, (this.#page.isAscending ? undefined : start) ?? Infinity);
    this.#units = this.#inReadingOrder(unitsOf(sql, scope.segments));
  }

  run(): EventPage {
    const { firstSeq, sealedSeq, fetched } = this.#scope;
    for (const event of tailEvents(this.#sql, Math.max(firstSeq, sealedSeq + 1))) {
      if (this.#page.wants(event) && this.#matches(event.stored)) {
        this.#page.offer(event);
      }
    }
    for (const [index, unit] of this.#units.entries()) {
      const edge = this.#edgeOf(unit);
      if (!this.#page.canTakeFrom(edge) || fetched.isFull) {
        break;
      }
      const next = this.#units[index + 1];
      const stop = (this.#hasReadEnough && this.#stopAt(edge, next)) || this.#readUnit(unit, next);
      if (stop !== undefined) {
        return this.#page.build(stop);
      }
    }
    return this.#page.build();
  }

  /** The relevant ones, in the order in which they reach into the list. */
  #inReadingOrder<U extends Unit>(units: readonly U[]): U[] {
    return units
      .filter(({ extent }) => mayReach(extent, this.#scope, this.#from, this.#to))
      .sort((a, b) => this.#page.compare(this.#edgeOf(a), this.#edgeOf(b)));
  }

  /** A place that comes, in the order of reading, before every event that the unit could add. */
  #edgeOf({ extent }: Unit): Position {
    return this.#page.isAscending
      ? { occurredAt: Math.max(extent.minOccurredAt, this.#from), seq: extent.firstSeq - 1 }
      : { occurredAt: Math.min(extent.maxOccurredAt, this.#to), seq: extent.lastSeq + 1 };
  }

  /** @returns where reading has to stop, because it has read enough. */
  #readUnit(unit: Unit, next: Unit | undefined): Position | undefined {
    return unit.kind === "segment"
      ? this.#readSegment(unit.segment, next)
      : this.#readBlock(unit, next);
  }

  get #hasReadEnough(): boolean {
    return this.#reader.cost >= this.#scope.blocksMax;
  }

  /** Reads the events that may match, best first, until the page can take no more of this segment. */
  #readSegment(segment: SegmentInfo, next: Unit | undefined): Position | undefined {
    const blocks = this.#candidates.ofSegment(segment);
    const isForColumns = (blocks?.length ?? 0) > 1 && this.#segmentTest.knowsMoreThanIndex;
    const alone = isForColumns ? undefined : this.#readAlone(blocks);
    if (alone !== undefined) {
      return this.#readBlocks(alone, next);
    }
    const columns = this.#reader.columns(segment);
    const among = eventsIn(blocks, segment, this.#scope.geometry);
    const { must, may } = this.#segmentTest.bound(columns, among);
    const open = may.and(among).numbers();
    const left = this.#readAlone(fewBlocksOf(open, segment, this.#scope.geometry));
    if (left !== undefined) {
      return this.#readBlocks(left, next);
    }
    const { times } = columns;
    for (const index of this.#inOrder(open, times)) {
      const place = { occurredAt: times[index] ?? 0, seq: segment.firstSeq + index };
      if (!this.#page.canTakeFrom(place) || this.#scope.fetched.isFull) {
        return undefined;
      }
      if (place.seq >= this.#scope.firstSeq && this.#page.wants(place)) {
        const stop = this.#readEvent(place, must.has(index), next);
        if (stop !== undefined) {
          return stop;
        }
      }
    }
    return undefined;
  }

  /** Adds an event to the page if it matches. @returns where reading stops instead, because it has read enough. */
  #readEvent(place: Position, isSure: boolean, next: Unit | undefined): Position | undefined {
    const { fetched } = this.#scope;
    const wasLacking = fetched.isLacking;
    const stop = this.#hasReadEnough ? this.#stopBefore(place, next) : undefined;
    if (stop !== undefined || (!isSure && this.#reader.isMatch(place.seq) === false)) {
      return stop;
    }
    const line = this.#reader.line(place.seq);
    if (line === undefined && fetched.isSpent && !wasLacking) {
      const stopHere = this.#stopBefore(place, next);
      if (stopHere !== undefined) {
        fetched.forgive();
        return stopHere;
      }
    }
    // What is lacking is taken for a hit, so that just what the page may need is found to be lacking.
    this.#page.offer({ ...place, line: line ?? "" });
    return undefined;
  }

  /** The place before an event, to stop at. */
  #stopBefore({ occurredAt, seq }: Position, next: Unit | undefined): Position | undefined {
    return this.#stopAt({ occurredAt, seq: this.#page.isAscending ? seq - 1 : seq + 1 }, next);
  }

  /** A place up to which its unit was read, or where the next one begins; if that lies ahead of where this page begins. */
  #stopAt(place: Position, next: Unit | undefined): Position | undefined {
    const edge = next && this.#edgeOf(next);
    const stop = edge !== undefined && this.#page.compare(edge, place) < 0 ? edge : place;
    return this.#isAhead(stop) ? stop : undefined;
  }

  /** A page always gets ahead, or a cursor could stand still for ever. */
  #isAhead(place: Position): boolean {
    const { start } = this.#page;
    const [first] = this.#units;
    return (
      first !== undefined &&
      this.#page.compare(place, this.#edgeOf(first)) > 0 &&
      (start === undefined || this.#page.compare(place, start) > 0)
    );
  }

  #readAlone(ids: readonly number[] | null | undefined): readonly BlockUnit[] | undefined {
    return unitsReadAlone(this.#sql, ids, this.#scope.geometry);
  }

  /** Some blocks of a segment, without its columns. */
  #readBlocks(units: readonly BlockUnit[], next: Unit | undefined): Position | undefined {
    for (const unit of this.#inReadingOrder(units)) {
      const edge = this.#edgeOf(unit);
      if (!this.#page.canTakeFrom(edge) || this.#scope.fetched.isFull) {
        return undefined;
      }
      const stop = (this.#hasReadEnough && this.#stopAt(edge, next)) || this.#readBlock(unit, next);
      if (stop !== undefined) {
        return stop;
      }
    }
    return undefined;
  }

  /** A block of which nothing is known but its extent. */
  #readBlock(unit: BlockUnit, next: Unit | undefined): Position | undefined {
    if (!this.#candidates.may(unit.block)) {
      return undefined;
    }
    const { fetched } = this.#scope;
    const wasLacking = fetched.isLacking;
    const places = this.#reader.places(unit.block.id);
    if (places === undefined && fetched.isSpent && !wasLacking) {
      const stop = this.#stopAt(this.#edgeOf(unit), next);
      if (stop !== undefined) {
        fetched.forgive();
        return stop;
      }
    }
    const visible = places?.filter(({ seq }) => seq >= this.#scope.firstSeq) ?? [];
    for (const place of this.#page.choose(visible)) {
      this.#page.offer({ ...place, line: this.#reader.line(place.seq) ?? "" });
    }
    return undefined;
  }

  /** Events of a segment in the order of reading. @param events in order of seq. */
  *#inOrder(events: Uint32Array, times: Float64Array): Iterable<number> {
    const isSorted = events.every(
      (event, at) => at === 0 || (times[events[at - 1] ?? 0] ?? 0) <= (times[event] ?? 0),
    );
    if (!isSorted) {
      events.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
    }
    for (let at = 0; at < events.length; at++) {
      yield events[this.#page.isAscending ? at : events.length - 1 - at] ?? 0;
    }
  }
}
