/** Counts values in bounded memory: exact for every value that is listed, honest about the rest. */

/** More different values than this are not told apart any more: the rarest so far become part of "other". */
const VALUES_MAX = 100_000;

export class Tally {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  #total = 0;
  /** No value that was given up can have more than this; values above it are exact. */
  #givenUp = 0;

  /** @param limit how many values to list. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(value: string, count: number): void {
    this.#total += count;
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    if (this.#counts.size > VALUES_MAX) {
      this.#giveUpRarest();
    }
  }

  addAll(counts: readonly (readonly [string, number])[]): void {
    for (const [value, count] of counts) {
      this.add(value, count);
    }
  }

  /** The most frequent values, and what all others add up to. */
  top(): { readonly values: readonly (readonly [string, number])[]; readonly other: number } {
    const values = [...this.#counts]
      .filter(([, count]) => count > this.#givenUp)
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, this.#limit);
    const listed = values.reduce((sum, [, count]) => sum + count, 0);
    return { values, other: this.#total - listed };
  }

  #giveUpRarest(): void {
    const byCount = [...this.#counts].sort(([, a], [, b]) => a - b);
    for (const [value, count] of byCount.slice(0, VALUES_MAX / 2)) {
      this.#givenUp = Math.max(this.#givenUp, count);
      this.#counts.delete(value);
    }
  }
}
