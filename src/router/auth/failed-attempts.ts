/**
 * Slows whoever tries one credential after the other: after some failures from one address, a credential that is not
 * known in this isolate is not looked at until the next one is due. What is known to be valid always passes, so people
 * behind the same address go on working.
 */
import type { Clock } from "../../kernel/clock.ts";
import { systemClock } from "../../kernel/clock.ts";
import { failure, type Failure } from "../../kernel/failure.ts";
import { fail } from "../../kernel/result.ts";
import { TokenBucket } from "../../kernel/token-bucket.ts";
import type { HttpContext } from "../http.ts";

const FAILURES_AT_ONCE = 20;
const FAILURES_PER_SECOND = 0.5;
const ADDRESSES_MAX = 10_000;
/** Of an IPv6 address: what follows belongs to one customer. */
const NETWORK_GROUPS = 4;

export class FailedAttempts {
  readonly #clock: Clock;
  readonly #addresses = new Map<string, TokenBucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The refusal of an address that has failed too often, if it has. */
  refusal(address: string): { readonly ok: false; readonly failure: Failure } | undefined {
    const now = this.#clock();
    const bucket = this.#addresses.get(address);
    if (bucket === undefined || bucket.available(now) >= 1) {
      return undefined;
    }
    const message =
      "Too many credentials were not valid. Try again after the time in 'Retry-After'.";
    return fail({
      ...failure("rate_limit_exceeded", message).failure,
      retryAfterSeconds: bucket.secondsUntil(1, now),
    });
  }

  /** Counts a failure. The address that was not heard of for the longest makes room. */
  count(address: string): void {
    const now = this.#clock();
    const bucket =
      this.#addresses.get(address) ?? new TokenBucket(FAILURES_PER_SECOND, FAILURES_AT_ONCE, now);
    bucket.take(1, now);
    this.#addresses.delete(address);
    this.#addresses.set(address, bucket);
    const oldest = this.#addresses.keys().next();
    if (this.#addresses.size > ADDRESSES_MAX && !oldest.done) {
      this.#addresses.delete(oldest.value);
    }
  }
}

/** Of this isolate. */
export const failedAttempts = new FailedAttempts(systemClock);

/**
 * The client's address by the header that the platform or the proxy in front sets, or undefined without one. A proxy
 * adds to the end of a list; what stands before is the client's word.
 */
export function clientAddress(context: HttpContext): string | undefined {
  const name = context.env.REKISHI_CLIENT_ADDRESS_HEADER;
  const address = name ? context.req.header(name)?.split(",").at(-1)?.trim() : undefined;
  return address?.includes(":") === true
    ? address.split(":").slice(0, NETWORK_GROUPS).join(":")
    : address || undefined;
}
