/**
 * Answers of the Directory, remembered for a while in this isolate. What many requests want to know at once is asked
 * once. While the Directory does not answer, what was asked in the last five minutes goes on being the answer.
 */
import type { Clock } from "../../kernel/clock.ts";
import { DIRECTORY_CACHE_MS } from "../../kernel/limits.ts";
import { fail, type Result } from "../../kernel/result.ts";
import { errorFacts, log } from "../../observe/logger.ts";
import { SingleFlight } from "./single-flight.ts";

const STALE_MS = 5 * 60_000;
const ENTRIES_MAX = 10_000;
/** How long a request waits for an answer when it could do with an older one, and for one that another asked for. */
const PATIENCE_MS = 1_000;
/** After this the Directory is asked again, when it did not answer. */
const RETRY_MS = 2_000;

interface Entry<T> {
  readonly value: T;
  readonly fetchedAt: number;
  /** The older answer counts until then without asking. */
  retryAt: number;
}

interface Question<T> {
  /** Given the answer that was known before, if there was one. */
  readonly ask: (known: T | undefined) => Promise<T | null>;
  readonly maxAgeMs?: number;
  /** Tells this question from others about the same key, where not all ask the same. */
  readonly name?: string;
}

export class Remembered<T> {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #flights: SingleFlight<T | null>;
  /** Goes up when something is forgotten: an answer that was asked for before must not come back. */
  #era = 0;

  constructor(clock: Clock, patienceMs: number = PATIENCE_MS) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    this.#flights = new SingleFlight(clock, patienceMs);
  }

  /** The answer for `key`, asked for when none is younger than `maxAgeMs`. Null is not remembered. */
  async get(key: string, question: Question<T>): Promise<T | null> {
    const known = this.#entries.get(key);
    const ageMs = known === undefined ? 0 : this.#clock() - known.fetchedAt;
    if (known !== undefined && ageMs < (question.maxAgeMs ?? DIRECTORY_CACHE_MS)) {
      return known.value;
    }
    if (known !== undefined && ageMs <= STALE_MS) {
      return this.#clock() < known.retryAt ? known.value : this.#renew(key, known, question);
    }
    const answer = await this.#ask(key, question);
    if (!answer.ok) {
      throw answer.failure;
    }
    return answer.value;
  }

  /** A new answer, or the older one when there is none in time. */
  async #renew(key: string, known: Entry<T>, question: Question<T>): Promise<T | null> {
    const { promise: late, resolve } = Promise.withResolvers<Result<never, unknown>>();
    const timer = setTimeout(
      () => resolve(fail(new Error(`No answer within ${this.#patienceMs} ms.`))),
      this.#patienceMs,
    );
    const answer = await Promise.race([this.#ask(key, question), late]);
    clearTimeout(timer);
    if (answer.ok) {
      return answer.value;
    }
    known.retryAt = this.#clock() + RETRY_MS;
    log.warn(
      "directory.stale",
      "The Directory did not answer; an older answer is used.",
      errorFacts(answer.failure),
    );
    return known.value;
  }

  #ask(key: string, { ask, name = "" }: Question<T>): Promise<Result<T | null, unknown>> {
    return this.#flights.ask(`${name} ${key}`, async () => {
      const era = this.#era;
      const value = await ask(this.#entries.get(key)?.value);
      if (value === null) {
        this.#entries.delete(key);
      } else if (era === this.#era) {
        this.put(key, value);
      }
      return value;
    });
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
    this.#entries.delete(key);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= ENTRIES_MAX && !oldest.done) {
      this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { value, fetchedAt: this.#clock(), retryAt: 0 });
  }

  /** Asks anew at the next look-up. */
  forget(key: string): void {
    this.#forgetFlights();
    this.#entries.delete(key);
  }

  /** The same for every answer of which this is true. */
  forgetWhere(isStale: (value: T) => boolean): void {
    this.#forgetFlights();
    for (const [key, { value }] of this.#entries) {
      if (isStale(value)) {
        this.#entries.delete(key);
      }
    }
  }

  #forgetFlights(): void {
    this.#era++;
    this.#flights.reset();
  }
}
