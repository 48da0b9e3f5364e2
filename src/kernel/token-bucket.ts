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

/** A bucket for each of many. The one that was not used for the longest makes room for a new one. */
export class TokenBuckets {
  readonly #most: number;
  readonly #newBucket: (now: number) => TokenBucket;
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param most so many are told apart at a time. */
  constructor(most: number, newBucket: (now: number) => TokenBucket) {
    this.#most = most;
    this.#newBucket = newBucket;
  }

  /** Undefined for one that was not used, or not lately. */
  find(name: string): TokenBucket | undefined {
    return this.#buckets.get(name);
  }

  /** The bucket to use, which is made when there is none. */
  use(name: string, now: number): TokenBucket {
    const bucket = this.#buckets.get(name) ?? this.#newBucket(now);
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > this.#most && !oldest.done) {
      this.#buckets.delete(oldest.value);
    }
    return bucket;
  }
}
