/**
 * How far an export that reads the log in order of seq may already write in order of occurred_at.
 *
 * Late arrivals make later parts of the log reach back in time. What each part spans is known without reading it, so
 * after every part it is known how early anything that is still to come can have occurred.
 */
import type { Extent } from "../log/blocks.ts";
import type { Range } from "../query/ordered-value.ts";

/** A part of the log, and when its earliest event occurred. */
export type Stretch = Pick<Extent, "lastSeq" | "minOccurredAt" | "maxOccurredAt">;

export class Horizon {
  readonly #lastSeqs: readonly number[];
  /** For each stretch, the earliest time in it and in all that follow. */
  readonly #earliest: readonly number[];

  /** @param stretches in order of seq. @param bounds outside which no event is wanted. */
  constructor(stretches: readonly Stretch[], bounds: Range) {
    this.#lastSeqs = stretches.map(({ lastSeq }) => lastSeq);
    let earliest = Infinity;
    this.#earliest = stretches
      .toReversed()
      .map(({ minOccurredAt, maxOccurredAt }) => {
        const isWanted = maxOccurredAt >= bounds.from && minOccurredAt < bounds.to;
        earliest = Math.min(earliest, isWanted ? Math.max(minOccurredAt, bounds.from) : Infinity);
        return earliest;
      })
      .reverse();
  }

  /** No event from this seq on occurred earlier. */
  from(seq: number): number {
    let low = 0;
    let high = this.#lastSeqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#lastSeqs[middle] ?? 0) < seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.#earliest[low] ?? Infinity;
  }
}
