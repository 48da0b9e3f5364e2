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
  readonly #ascending: boolean;
  #hits: Hit[] = [];

  constructor(query: EventQuery) {
    this.#query = query;
    this.#ascending = (query.order === "asc") !== (query.before !== undefined);
  }

  /** Is this place in the part of the list that the query asks for? */
  wants(position: Position): boolean {
    const bound = this.#query.after ?? this.#query.before;
    return bound === undefined || this.#compare(position, bound) > 0;
  }

  offer(hit: Hit): void {
    this.#hits.push(hit);
    if (this.#hits.length > 4 * this.#query.limit + 64) {
      this.#trim();
    }
  }

  build(): EventPage {
    this.#trim();
    const hasMore = this.#hits.length > this.#query.limit;
    const hits = this.#hits.slice(0, this.#query.limit);
    const backwards = this.#query.before !== undefined;
    if (backwards) {
      hits.reverse();
    }
    const cameFrom = backwards || this.#query.after !== undefined;
    const [hasBefore, hasAfter] = backwards ? [hasMore, cameFrom] : [cameFrom, hasMore];
    return {
      lines: hits.map((hit) => hit.line),
      before: hasBefore ? placeOf(hits[0]) : null,
      after: hasAfter ? placeOf(hits.at(-1)) : null,
    };
  }

  /** One more hit than the page holds is kept, to know whether the list goes on. */
  #trim(): void {
    this.#hits.sort((a, b) => this.#compare(a, b));
    this.#hits.length = Math.min(this.#hits.length, this.#query.limit + 1);
  }

  #compare(a: Position, b: Position): number {
    const difference = a.occurredAt - b.occurredAt || a.seq - b.seq;
    return this.#ascending ? difference : -difference;
  }
}

function placeOf(hit: Hit | undefined): Position | null {
  return hit === undefined ? null : { occurredAt: hit.occurredAt, seq: hit.seq };
}
