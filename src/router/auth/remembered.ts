/**
 * Answers of the Directory, remembered for a while in this isolate. While the Directory does not answer, what was
 * asked in the last five minutes goes on being the answer. Only plain data is kept: a promise of one request must
 * never be awaited by another in a Worker.
 */
import type { Clock } from "../../kernel/clock.ts";
import { DIRECTORY_CACHE_MS } from "../../kernel/limits.ts";
import { errorFacts, log } from "../../observe/logger.ts";

const STALE_MS = 5 * 60_000;
const ENTRIES_MAX = 10_000;

interface Entry<T> {
  readonly value: T;
  readonly fetchedAt: number;
}

export class Remembered<T> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The answer for `key`, asked for when none is younger than `maxAgeMs`. Null is not directoryCache.
   *
   * @param ask is given the answer that was known before, if there was one.
   */
  async get(
    key: string,
    ask: (known: T | undefined) => Promise<T | null>,
    maxAgeMs: number = DIRECTORY_CACHE_MS,
  ): Promise<T | null> {
    const known = this.#entries.get(key);
    if (known !== undefined && this.#clock() - known.fetchedAt < maxAgeMs) {
      return known.value;
    }
    try {
      const value = await ask(known?.value);
      this.#entries.delete(key);
      if (value !== null) {
        this.put(key, value);
      }
      return value;
    } catch (error) {
      if (known === undefined || this.#clock() - known.fetchedAt > STALE_MS) {
        throw error;
      }
      log.warn(
        "directory.stale",
        "The Directory did not answer; an older answer is used.",
        errorFacts(error),
      );
      return known.value;
    }
  }

  /** Whether there is an answer, however old. */
  knows(key: string): boolean {
    return this.#entries.has(key);
  }

  has(key: string): boolean {
    const known = this.#entries.get(key);
    return known !== undefined && this.#clock() - known.fetchedAt < DIRECTORY_CACHE_MS;
  }

  /** Adds an answer; the oldest makes room. */
  put(key: string, value: T): void {
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= ENTRIES_MAX && !oldest.done) {
      this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { value, fetchedAt: this.#clock() });
  }

  /** Asks anew at the next look-up. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** The same for every answer of which this is true. */
  forgetWhere(isStale: (value: T) => boolean): void {
    for (const [key, { value }] of this.#entries) {
      if (isStale(value)) {
        this.#entries.delete(key);
      }
    }
  }
}
