/** How many events came in a second, over the last few seconds. */
const SECONDS = 5;

export class Rate {
  /** When events came, in milliseconds since the epoch, and how many; the oldest first. */
  readonly #arrivals: { readonly at: number; readonly count: number }[] = [];

  add(count: number, now: number): void {
    this.#arrivals.push({ at: now, count });
  }

  perSecond(now: number): number {
    while ((this.#arrivals[0]?.at ?? now) < now - SECONDS * 1_000) {
      this.#arrivals.shift();
    }
    return this.#arrivals.reduce((sum, { count }) => sum + count, 0) / SECONDS;
  }
}
