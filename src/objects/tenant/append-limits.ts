/**
 * How many events a second a log takes, in all and from one key. The log's object counts, so the count is exact however
 * many routers there are, and costs no further call. A key that writes to several logs is counted in each by itself.
 *
 * A limit lets ten seconds' worth through at once, and never less than a full batch. It is kept in memory: an object
 * that is put to sleep was idle long enough for its limits to be whole again.
 */
import { failure } from "../../kernel/failure.ts";
import { BATCH_EVENTS_MAX } from "../../kernel/limits.ts";
import type { RateLimit } from "../../kernel/rate-limit.ts";
import { fail, ok, type Result } from "../../kernel/result.ts";
import { TokenBucket } from "../../kernel/token-bucket.ts";

/** The settings by the names that they have in the environment. One that is empty or null sets no limit. */
export interface AppendLimitEnv {
  /** Events a second that one organization may store. */
  readonly REKISHI_ORGANIZATION_EVENTS_PER_SECOND?: string | null;
  /** Events a second that one API key may store in one organization. */
  readonly REKISHI_KEY_EVENTS_PER_SECOND?: string | null;
}

export interface AppendLimitSettings {
  readonly organizationPerSecond?: number | undefined;
  readonly keyPerSecond?: number | undefined;
}

const BURST_SECONDS = 10;
const KEYS_MAX = 1_000;

/** A failure is a sentence for whoever set them. */
export function appendLimitSettings(env: AppendLimitEnv): Result<AppendLimitSettings, string> {
  const values: (number | undefined)[] = [];
  for (const name of [
    "REKISHI_ORGANIZATION_EVENTS_PER_SECOND",
    "REKISHI_KEY_EVENTS_PER_SECOND",
  ] as const) {
    const text = env[name] || undefined;
    const value = text === undefined ? undefined : Number(text);
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      return fail(`${name} is '${text}'; it must be a number of events a second.`);
    }
    values.push(value);
  }
  return ok({ organizationPerSecond: values[0], keyPerSecond: values[1] });
}

/** Settings that make no sense set no limit: `npm start` refuses them, and on Cloudflare events come first. */
export function openAppendLimits(env: AppendLimitEnv): AppendLimits {
  const settings = appendLimitSettings(env);
  return new AppendLimits(settings.ok ? settings.value : {});
}

interface NamedBucket {
  readonly name: string;
  readonly bucket: TokenBucket;
}

export class AppendLimits {
  readonly #settings: AppendLimitSettings;
  #organization: TokenBucket | undefined;
  readonly #keys = new Map<string, TokenBucket>();

  constructor(settings: AppendLimitSettings) {
    this.#settings = settings;
  }

  /** Counts events of a key, all or none. Undefined where there is no limit. */
  take(keyId: string, events: number, now: number): Result<readonly RateLimit[] | undefined> {
    const buckets = this.#bucketsOf(keyId, now);
    if (buckets.length === 0) {
      return ok(undefined);
    }
    const short = buckets.find(({ bucket }) => bucket.available(now) < events);
    if (short !== undefined) {
      return fail({
        ...failure("rate_limit_exceeded", sentenceOf(short)).failure,
        retryAfterSeconds: Math.max(1, short.bucket.secondsUntil(events, now)),
        rateLimits: buckets.map((one) => rateLimitOf(one, now)),
      });
    }
    buckets.forEach(({ bucket }) => bucket.take(events, now));
    return ok(buckets.map((one) => rateLimitOf(one, now)));
  }

  #bucketsOf(keyId: string, now: number): NamedBucket[] {
    const { organizationPerSecond, keyPerSecond } = this.#settings;
    const buckets: NamedBucket[] = [];
    if (keyPerSecond !== undefined) {
      buckets.push({ name: "key", bucket: this.#keyBucket(keyId, keyPerSecond, now) });
    }
    if (organizationPerSecond !== undefined) {
      this.#organization ??= newBucket(organizationPerSecond, now);
      buckets.push({ name: "organization", bucket: this.#organization });
    }
    return buckets;
  }

  /** The key that was not seen for the longest makes room. */
  #keyBucket(keyId: string, perSecond: number, now: number): TokenBucket {
    const bucket = this.#keys.get(keyId) ?? newBucket(perSecond, now);
    this.#keys.delete(keyId);
    this.#keys.set(keyId, bucket);
    const oldest = this.#keys.keys().next();
    if (this.#keys.size > KEYS_MAX && !oldest.done) {
      this.#keys.delete(oldest.value);
    }
    return bucket;
  }
}

function newBucket(perSecond: number, now: number): TokenBucket {
  return new TokenBucket(perSecond, Math.max(BATCH_EVENTS_MAX, perSecond * BURST_SECONDS), now);
}

function sentenceOf({ name, bucket }: NamedBucket): string {
  const who = name === "key" ? "This API key" : "This organization";
  return `${who} may store ${bucket.perSecond} events a second here. Send the same request again after the time in 'Retry-After'.`;
}

function rateLimitOf({ name, bucket }: NamedBucket, now: number): RateLimit {
  return {
    name,
    quota: Math.floor(bucket.capacity),
    windowSeconds: Math.ceil(bucket.capacity / bucket.perSecond),
    remaining: Math.floor(bucket.available(now)),
    resetSeconds: bucket.secondsUntil(bucket.capacity, now),
  };
}
