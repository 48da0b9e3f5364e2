/** A token bucket: so much at once, and so much a second after that. Pure: the time is an argument. */

export class TokenBucket {
  readonly perSecond: number;
  readonly capacity: number;
  #tokens: number;
  #updatedAt: number;

  /** Begins full. */
  constructor(perSecond: number, capacity: number, now: number) {
    this.perSecond = perSecond;
    this.capacity = capacity;
    this.#tokens = capacity;
    this.#updatedAt = now;
  }

  /** What could be taken now. */
  available(now: number): number {
    // A clock that was set back gives nothing and takes nothing.
    const seconds = Math.max(0, now - this.#updatedAt) / 1_000;
    return Math.min(this.capacity, this.#tokens + seconds * this.perSecond);
  }

  /** Takes `count`, which must be available. */
  take(count: number, now: number): void {
    this.#tokens = this.available(now) - count;
    this.#updatedAt = now;
  }

  /** Whole seconds until `count` are available, 0 when they are. */
  secondsUntil(count: number, now: number): number {
    return Math.max(0, Math.ceil((count - this.available(now)) / this.perSecond));
  }
}
