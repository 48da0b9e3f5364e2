/** A page of the list of events: keeps the best hits while a search offers them in any order. */
import type { EventQuery, Position } from "../contract/event-query.ts";

export interface Hit extends Position {
  readonly line: string;
}

/** What a search found. Lines are in list order; a cursor is null where the list ends. */
export interface EventPage {
  readonly lines: readonly string[];
  readonly before: Position | null;
  readonly after: Position | null;
}

export class PageBuilder {
  readonly #query: EventQuery;
  /** Reads backwards when the page wanted lies before a cursor: the hits nearest to the cursor are kept. */
  readonly isAscending: boolean;
  /** In reading order, one more than the page holds, to know whether the list goes on. */
  readonly #hits: Hit[] = [];

  constructor(query: EventQuery) {
    this.#query = query;
    this.isAscending = (query.order === "asc") !== (query.before !== undefined);
  }

  /** The cursor from which this page is read, if there is one. */
  get start(): Position | undefined {
    return this.#query.after ?? this.#query.before;
  }

  /** Could this place be on the page, by what is known so far? */
  wants(position: Position): boolean {
    const { start } = this;
    const isPastStart = start === undefined || this.compare(position, start) > 0;
    return isPastStart && this.canTakeFrom(position);
  }

  /** Could anything that is read from this place on still be on the page? */
  canTakeFrom(position: Position): boolean {
    const last = this.#hits.length > this.#query.limit ? this.#hits.at(-1) : undefined;
    return last === undefined || this.compare(position, last) < 0;
  }

  /** Of some places those that could all be on the page, by what is known so far; in order of seq. */
  choose(places: readonly Position[]): Position[] {
    return places
      .filter((place) => this.wants(place))
      .sort((a, b) => this.compare(a, b))
      .slice(0, this.#query.limit + 1)
      .sort((a, b) => a.seq - b.seq);
  }

  offer(hit: Hit): void {
    let at = this.#hits.length;
    for (let low = 0; low < at;) {
      const middle = (low + at) >>> 1;
      const before = this.#hits[middle];
      if (before !== undefined && this.compare(before, hit) < 0) {
        low = middle + 1;
      } else {
        at = middle;
      }
    }
    this.#hits.splice(at, 0, hit);
    this.#hits.length = Math.min(this.#hits.length, this.#query.limit + 1);
  }

  /** @param end where reading stopped early: hits after it are not complete and are left for the next page. */
  build(end?: Position): EventPage {
    const sure =
      end === undefined ? this.#hits : this.#hits.filter((hit) => this.compare(hit, end) <= 0);
    const hasMore = sure.length > this.#query.limit;
    const hits = sure.slice(0, this.#query.limit);
    const next = hasMore ? placeOf(hits.at(-1)) : (end ?? null);
    const cameFrom = this.start === undefined ? null : (placeOf(hits[0]) ?? null);
    if (this.#query.before === undefined) {
      return { lines: hits.map(({ line }) => line), before: cameFrom, after: next };
    }
    hits.reverse();
    return { lines: hits.map(({ line }) => line), before: next, after: cameFrom };
  }

  /** The order of reading. */
  compare(a: Position, b: Position): number {
    const difference = a.occurredAt - b.occurredAt || a.seq - b.seq;
    return this.isAscending ? difference : -difference;
  }
}

function placeOf(hit: Hit | undefined): Position | null {
  return hit === undefined ? null : { occurredAt: hit.occurredAt, seq: hit.seq };
}
