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
  /** By the values as JSON: most come so, and few of them are listed. */
  readonly #counts = new Map<string, { count: number }>();
  #total = 0;
  #lowBy = 0;

  /** @param limit how many values to list. @param valuesMax how many to tell apart. */
  constructor(limit: number, valuesMax = VALUES_MAX) {
    this.#limit = limit;
    this.#valuesMax = valuesMax;
  }

  add(value: string, count: number): void {
    this.addJson(JSON.stringify(value), count);
  }

  /** @param json the value as `JSON.stringify` writes it. */
  addJson(json: string, count: number): void {
    this.#total += count;
    const known = this.#counts.get(json);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    // A text of its own: a piece cut out of a dictionary would keep all of that in memory.
    this.#counts.set(JSON.stringify(JSON.parse(json)), { count });
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
    const least = this.#leastListed();
    const values = [...this.#counts]
      .filter(([, { count }]) => count >= least)
      .map(([json, { count }]) => [JSON.parse(json) as string, count] as const)
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, this.#limit);
    const listed = values.reduce((sum, [, count]) => sum + count, 0);
    return { values, other: this.#total - listed, lowBy: this.#lowBy };
  }

  /** The count of the last value to be listed; others may have the same. */
  #leastListed(): number {
    const counts = Float64Array.from(this.#counts.values(), ({ count }) => count).sort();
    return counts.at(-this.#limit) ?? 0;
  }

  /** A value can be given up each time, so what each time can have cost it adds up. */
  #giveUpRarest(): void {
    const byCount = [...this.#counts].sort(([, a], [, b]) => a.count - b.count);
    const givenUp = byCount.slice(0, Math.ceil(this.#valuesMax / 2));
    givenUp.forEach(([value]) => this.#counts.delete(value));
    this.#lowBy += givenUp.at(-1)?.[1].count ?? 0;
  }
}
