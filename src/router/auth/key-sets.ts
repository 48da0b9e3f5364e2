/**
 * The public keys of identity providers: JSON Web Key Sets (RFC 7517), fetched when needed and remembered in this isolate.
 *
 * A key that is not known is looked for once, and then not again for a while, so that tokens with made-up key ids cannot
 * make this server a burden to the provider. While the provider does not answer, the keys that were seen lately go on
 * working. Nothing but plain data and keys is kept: a promise of one request must never be awaited by another in a Worker.
 */
import { type CryptoKey, importJWK, type JWK } from "jose";
import { boundedText } from "../../kernel/bounded-text.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Network } from "../../kernel/network.ts";
import { fail, ok, type Result } from "../../kernel/result.ts";
import { log } from "../../observe/logger.ts";

/** Nothing symmetric, and no "none": who can verify must not be able to sign. */
export const ALGORITHMS = ["RS256", "ES256", "EdDSA"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Keys are read again when they are older. */
const FRESH_MS = 10 * 60_000;
/** Older keys work for so long, while newer ones cannot be read. */
const STALE_MS = 60 * 60_000;
/** Between two looks for a key that was not there. */
const COOL_DOWN_MS = 30_000;
/** Between two tries of what failed. */
const RETRY_MS = 5_000;
const TIMEOUT_MS = 5_000;
const BYTES_MAX = 256 * 1024;
const KEYS_MAX = 100;
const SETS_MAX = 1_000;
const RSA_BITS_MIN = 2_048;
/** How often a request looks whether another one has fetched what it needs. */
const POLL_MS = 20;

/** What a token's header says of its key. */
export interface KeyName {
  readonly kid: string | undefined;
  readonly alg: Algorithm;
}

/** "unknown": the provider has no such key. "unavailable": nobody can tell now. */
export type KeyFault = "unknown" | "unavailable";

interface PublicKey extends KeyName {
  readonly key: CryptoKey;
}

interface KeySet {
  keys: readonly PublicKey[];
  /** When the keys were read; these are milliseconds since the epoch. */
  readAt: number;
  triedAt: number;
  hasFailed: boolean;
  /** A request is fetching the keys, unless it was cut off. */
  busyUntil: number;
}

export class KeySets {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #sets = new Map<string, KeySet>();

  /** @param timeoutMs how long a provider may take to send all of its keys. */
  constructor(clock: Clock, timeoutMs: number = TIMEOUT_MS) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  async find(uri: string, name: KeyName, network: Network): Promise<Result<CryptoKey, KeyFault>> {
    const set = this.#set(uri);
    if (keyIn(set, name) === undefined || this.#clock() - set.readAt >= FRESH_MS) {
      await this.#refresh(uri, set, network);
    }
    if (this.#clock() - set.readAt > STALE_MS) {
      return fail("unavailable");
    }
    const key = keyIn(set, name);
    if (key !== undefined) {
      return ok(key);
    }
    return fail(set.hasFailed ? "unavailable" : "unknown");
  }

  #set(uri: string): KeySet {
    const known = this.#sets.get(uri);
    if (known !== undefined) {
      return known;
    }
    if (this.#sets.size >= SETS_MAX) {
      this.#sets.clear();
    }
    const never = Number.NEGATIVE_INFINITY;
    const set = { keys: [], readAt: never, triedAt: never, hasFailed: false, busyUntil: never };
    this.#sets.set(uri, set);
    return set;
  }

  /** Reads the keys, or waits for who is reading them, or does nothing so soon after the last time. */
  async #refresh(uri: string, set: KeySet, network: Network): Promise<void> {
    if (set.busyUntil > this.#clock()) {
      await this.#untilRead(set);
      return;
    }
    if (this.#clock() - set.triedAt < (set.hasFailed ? RETRY_MS : COOL_DOWN_MS)) {
      return;
    }
    set.triedAt = this.#clock();
    set.busyUntil = set.triedAt + this.#timeoutMs;
    // Until it is known better: the request may be cut off at any await.
    set.hasFailed = true;
    const keys = await readKeys(uri, network, this.#timeoutMs);
    set.busyUntil = Number.NEGATIVE_INFINITY;
    if (keys.ok) {
      set.keys = keys.value;
      set.readAt = this.#clock();
      set.hasFailed = false;
    } else {
      const facts = { jwksUri: uri, reason: keys.failure };
      log.warn("auth.key_set", "The keys of an identity provider could not be read.", facts);
    }
  }

  async #untilRead(set: KeySet): Promise<void> {
    for (
      let waited = 0;
      waited < this.#timeoutMs && set.busyUntil > this.#clock();
      waited += POLL_MS
    ) {
      await new Promise((resolve) => {
        setTimeout(resolve, POLL_MS);
      });
    }
  }
}

/** A token that does not name its key is verified with the only one of its algorithm. */
function keyIn({ keys }: KeySet, { kid, alg }: KeyName): CryptoKey | undefined {
  const fitting = keys.filter((key) => key.alg === alg && (kid === undefined || key.kid === kid));
  return fitting.length === 1 ? fitting[0]?.key : undefined;
}

/** The failure is the reason, for the log. */
async function readKeys(
  uri: string,
  network: Network,
  timeoutMs: number,
): Promise<Result<PublicKey[], string>> {
  let text: string | undefined;
  try {
    const response = await network.fetch(uri, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      const isRedirect = response.status === 0 || Math.floor(response.status / 100) === 3;
      return fail(isRedirect ? "It redirects." : `It answers with status ${response.status}.`);
    }
    text = await boundedText(response, BYTES_MAX);
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return fail(isLate ? `No answer within ${timeoutMs} ms.` : "It cannot be reached.");
  }
  if (text === undefined) {
    return fail(`It is larger than ${BYTES_MAX / 1024} KiB.`);
  }
  const keys = await Promise.all(jwksIn(text).slice(0, KEYS_MAX).map(publicKey));
  const usable = keys.filter((key) => key !== undefined);
  return usable.length > 0 ? ok(usable) : fail("It is no JSON Web Key Set with a key of use here.");
}

function jwksIn(text: string): unknown[] {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}

/** The key, if it is one that verifies signatures with an algorithm of ours. */
async function publicKey(value: unknown): Promise<PublicKey | undefined> {
  const jwk = (value ?? {}) as JWK;
  const alg = algorithmOf(jwk);
  const isForSignatures =
    (jwk.use === undefined || jwk.use === "sig") &&
    (jwk.key_ops === undefined || jwk.key_ops.includes("verify"));
  if (alg === undefined || !isForSignatures || (jwk.alg !== undefined && jwk.alg !== alg)) {
    return undefined;
  }
  try {
    // Only the public part: a provider that shows its private key is not asked to sign.
    const { kty, n, e, crv, x, y, kid } = jwk;
    const members = { kty, n, e, crv, x, y };
    const key = await importJWK(JSON.parse(JSON.stringify(members)) as JWK, alg);
    return !(key instanceof Uint8Array) && isStrong(key) ? { kid, alg, key } : undefined;
  } catch {
    return undefined;
  }
}

function algorithmOf({ kty, crv }: JWK): Algorithm | undefined {
  switch (kty) {
    case "RSA":
      return "RS256";
    case "EC":
      return crv === "P-256" ? "ES256" : undefined;
    case "OKP":
      return crv === "Ed25519" ? "EdDSA" : undefined;
    default:
      return undefined;
  }
}

function isStrong({ algorithm }: CryptoKey): boolean {
  const { modulusLength } = algorithm as { readonly modulusLength?: number };
  return modulusLength === undefined || modulusLength >= RSA_BITS_MIN;
}
