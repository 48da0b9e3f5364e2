/** Counts values in bounded memory: exactly, unless there are very many different ones, and then it says how far off. */

/** More different values than this are not told apart any more: the rarest so far become part of "other". */
const VALUES_MAX = 100_000;

export interface Top {
  /** The most frequent values and their counts. */
  readonly values: readonly (readonly [string, number])[];
  /** What all others add up to. */
  readonly other: number;
  /** By how much a count can be too low, and what a value can have that is not listed though it should be; usually 0. */
  readonly lowBy: number;
}

export class Tally {
  readonly #limit: number;
  readonly #valuesMax: number;
  readonly #counts = new Map<string, { count: number }>();
  #total = 0;
  #lowBy = 0;

  /** @param limit how many values to list. @param valuesMax how many to tell apart. */
  constructor(limit: number, valuesMax = VALUES_MAX) {
    this.#limit = limit;
    this.#valuesMax = valuesMax;
  }

  add(value: string, count: number): void {
    this.#total += count;
    const known = this.#counts.get(value);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    this.#counts.set(value, { count });
    if (this.#counts.size > this.#valuesMax) {
      this.#giveUpRarest();
    }
  }

  addAll(counts: readonly (readonly [string, number])[]): void {
    for (const [value, count] of counts) {
      this.add(value, count);
    }
  }

  top(): Top {
    const values = Array.from(this.#counts, ([value, { count }]) => [value, count] as const)
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, this.#limit);
    const listed = values.reduce((sum, [, count]) => sum + count, 0);
    return { values, other: this.#total - listed, lowBy: this.#lowBy };
  }

  /** A value can be given up each time, so what each time can have cost it adds up. */
  #giveUpRarest(): void {
    const byCount = [...this.#counts].sort(([, a], [, b]) => a.count - b.count);
    const givenUp = byCount.slice(0, Math.ceil(this.#valuesMax / 2));
    givenUp.forEach(([value]) => this.#counts.delete(value));
    this.#lowBy += givenUp.at(-1)?.[1].count ?? 0;
  }
}
