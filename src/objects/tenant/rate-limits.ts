/**
 * How much a log takes and how often it is searched, in all and by one key. The log's object counts, so the count is
 * exact however many routers there are, and costs no further call. A key that uses several logs is counted in each by
 * itself.
 *
 * A limit lets ten seconds' worth through at once, and never less than a full batch of events or ten queries. It is kept
 * in memory: an object that is put to sleep was idle long enough for its limits to be whole again.
 */
import { failure } from "../../kernel/failure.ts";
import { BATCH_EVENTS_MAX } from "../../kernel/limits.ts";
import type { RateLimit } from "../../kernel/rate-limit.ts";
import { fail, ok, type Result } from "../../kernel/result.ts";
import { TokenBucket, TokenBuckets } from "../../kernel/token-bucket.ts";

/** The settings by the names that they have in the environment. One that is empty or null sets no limit. */
export interface RateLimitEnv {
  /** Events a second that one organization may store. */
  readonly REKISHI_ORGANIZATION_EVENTS_PER_SECOND?: string | null;
  /** Events a second that one API key may store in one organization. */
  readonly REKISHI_KEY_EVENTS_PER_SECOND?: string | null;
  /** Searches and counts a second of one organization's log. */
  readonly REKISHI_ORGANIZATION_QUERIES_PER_SECOND?: string | null;
  /** Searches and counts a second of one organization's log by one API key or session. */
  readonly REKISHI_KEY_QUERIES_PER_SECOND?: string | null;
}

export interface RateLimitSettings {
  readonly events: RatesPerSecond;
  readonly queries: RatesPerSecond;
}

export interface RatesPerSecond {
  readonly organization?: number | undefined;
  readonly key?: number | undefined;
}

/** What is counted. */
interface Limited {
  /** What may be done how often, after the name of who may. */
  readonly sentence: (perSecond: number) => string;
  /** What goes through at once, however small the limit. */
  readonly burstMin: number;
}

const EVENTS: Limited = {
  sentence: (perSecond) => `may store ${perSecond} events a second here`,
  burstMin: BATCH_EVENTS_MAX,
};
const QUERIES: Limited = {
  sentence: (perSecond) => `may search and count ${perSecond} times a second here`,
  burstMin: 10,
};

const BURST_SECONDS = 10;
const KEYS_MAX = 1_000;

/** The limits of one log. */
export interface RateLimits {
  readonly events: RateLimiter;
  readonly queries: RateLimiter;
}

/** A failure is a sentence for whoever set them. */
export function rateLimitSettings(env: RateLimitEnv): Result<RateLimitSettings, string> {
  const rates = new Map<keyof RateLimitEnv, number | undefined>();
  for (const [name, unit] of [
    ["REKISHI_ORGANIZATION_EVENTS_PER_SECOND", "events"],
    ["REKISHI_KEY_EVENTS_PER_SECOND", "events"],
    ["REKISHI_ORGANIZATION_QUERIES_PER_SECOND", "queries"],
    ["REKISHI_KEY_QUERIES_PER_SECOND", "queries"],
  ] as const) {
    const text = env[name] || undefined;
    const value = text === undefined ? undefined : Number(text);
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      return fail(`${name} is '${text}'; it must be a number of ${unit} a second.`);
    }
    rates.set(name, value);
  }
  return ok({
    events: {
      organization: rates.get("REKISHI_ORGANIZATION_EVENTS_PER_SECOND"),
      key: rates.get("REKISHI_KEY_EVENTS_PER_SECOND"),
    },
    queries: {
      organization: rates.get("REKISHI_ORGANIZATION_QUERIES_PER_SECOND"),
      key: rates.get("REKISHI_KEY_QUERIES_PER_SECOND"),
    },
  });
}

/** Settings that make no sense set no limit: `npm start` refuses them, and on Cloudflare events come first. */
export function openRateLimits(env: RateLimitEnv): RateLimits {
  const settings = rateLimitSettings(env);
  const { events, queries } = settings.ok ? settings.value : { events: {}, queries: {} };
  return { events: new RateLimiter(EVENTS, events), queries: new RateLimiter(QUERIES, queries) };
}

interface NamedBucket {
  readonly name: "key" | "organization";
  readonly bucket: TokenBucket;
}

export class RateLimiter {
  readonly #limited: Limited;
  /** Undefined where there is no limit. */
  readonly #keys: TokenBuckets | undefined;
  readonly #organization: TokenBuckets | undefined;

  constructor(limited: Limited, { key, organization }: RatesPerSecond) {
    this.#limited = limited;
    this.#keys = bucketsFor(key, limited, KEYS_MAX);
    this.#organization = bucketsFor(organization, limited, 1);
  }

  /** Counts so much of a key, or of a session, all or nothing. Undefined where there is no limit. */
  take(keyId: string, count: number, now: number): Result<readonly RateLimit[] | undefined> {
    const buckets = this.#bucketsOf(keyId, now);
    if (buckets.length === 0) {
      return ok(undefined);
    }
    const short = buckets.find(({ bucket }) => bucket.available(now) < count);
    if (short !== undefined) {
      return fail({
        ...failure("rate_limit_exceeded", this.#sentenceOf(short)).failure,
        retryAfterSeconds: Math.max(1, short.bucket.secondsUntil(count, now)),
        rateLimits: buckets.map((one) => rateLimitOf(one, now)),
      });
    }
    buckets.forEach(({ bucket }) => bucket.take(count, now));
    return ok(buckets.map((one) => rateLimitOf(one, now)));
  }

  #bucketsOf(keyId: string, now: number): NamedBucket[] {
    const key = this.#keys?.use(keyId, now);
    const organization = this.#organization?.use("", now);
    return [
      ...(key === undefined ? [] : [{ name: "key", bucket: key } as const]),
      ...(organization === undefined
        ? []
        : [{ name: "organization", bucket: organization } as const]),
    ];
  }

  #sentenceOf({ name, bucket }: NamedBucket): string {
    const may = this.#limited.sentence(bucket.perSecond);
    return `This ${WHO[name]} ${may}. Send the same request again after the time in 'Retry-After'.`;
  }
}

function bucketsFor(
  perSecond: number | undefined,
  { burstMin }: Limited,
  most: number,
): TokenBuckets | undefined {
  if (perSecond === undefined) {
    return undefined;
  }
  const capacity = Math.max(burstMin, perSecond * BURST_SECONDS);
  return new TokenBuckets(most, (now) => new TokenBucket(perSecond, capacity, now));
}

const WHO = { key: "key or session", organization: "organization" } as const;

function rateLimitOf({ name, bucket }: NamedBucket, now: number): RateLimit {
  return {
    name,
    quota: Math.floor(bucket.capacity),
    windowSeconds: Math.ceil(bucket.capacity / bucket.perSecond),
    remaining: Math.floor(bucket.available(now)),
    resetSeconds: bucket.secondsUntil(bucket.capacity, now),
  };
}
