/**
 * Slows whoever tries one credential after the other. What this isolate knows to be valid never comes here, so whoever
 * works goes on working.
 *
 * Where the client's address is known, an address that has failed too often is refused until the next attempt is due.
 * Where it is not, all clients fail together, and one who guesses must not lock the others out: attempts wait a moment.
 */
import type { Clock } from "../../kernel/clock.ts";
import { systemClock } from "../../kernel/clock.ts";
import { failure } from "../../kernel/failure.ts";
import { fail, ok, type Result } from "../../kernel/result.ts";
import { TokenBucket, TokenBuckets } from "../../kernel/token-bucket.ts";

const FAILURES_AT_ONCE = 20;
const FAILURES_PER_SECOND = 0.5;
const ADDRESSES_MAX = 10_000;
/** How long an attempt waits where clients cannot be told apart, and how many may. */
const WAIT_MS = 1_000;
const WAITING_MAX = 1_000;
const MESSAGE = "Too many credentials were not valid. Try again after the time in 'Retry-After'.";

export class FailedAttempts {
  readonly #clock: Clock;
  readonly #addresses = new TokenBuckets(ADDRESSES_MAX, newBucket);
  readonly #everybody: TokenBucket;
  /** When those who wait will have waited, in order. Who is cut off meanwhile still counts until then. */
  readonly #waits: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#everybody = newBucket(clock());
  }

  /**
   * Before a credential is looked at that is not known, and before the refusal of one that was.
   *
   * @param network undefined where clients cannot be told apart.
   */
  async slow(network: string | undefined): Promise<Result<null>> {
    const now = this.#clock();
    const bucket = network === undefined ? this.#everybody : this.#addresses.find(network);
    if (bucket === undefined || bucket.available(now) >= 1) {
      return ok(null);
    }
    if (network !== undefined || this.#waiting(now) >= WAITING_MAX) {
      const retryAfterSeconds = Math.max(1, bucket.secondsUntil(1, now));
      return fail({ ...failure("rate_limit_exceeded", MESSAGE).failure, retryAfterSeconds });
    }
    this.#waits.push(now + WAIT_MS);
    await new Promise((resolve) => {
      setTimeout(resolve, WAIT_MS);
    });
    return ok(null);
  }

  /** Counts a failure. */
  count(network: string | undefined): void {
    const now = this.#clock();
    const bucket = network === undefined ? this.#everybody : this.#addresses.use(network, now);
    if (bucket.available(now) >= 1) {
      bucket.take(1, now);
    }
  }

  #waiting(now: number): number {
    const first = this.#waits.findIndex((endsAt) => endsAt > now);
    this.#waits.splice(0, first === -1 ? this.#waits.length : first);
    return this.#waits.length;
  }
}

function newBucket(now: number): TokenBucket {
  return new TokenBucket(FAILURES_PER_SECOND, FAILURES_AT_ONCE, now);
}

/** Of this isolate. */
export const failedAttempts = new FailedAttempts(systemClock);
