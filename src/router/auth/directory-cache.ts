/**
 * What the Directory said, remembered for a while in this isolate, so that an event costs one hop and not two.
 *
 * An answer is trusted for 30 seconds: that long a revoked key may still work. While the Directory does not answer,
 * keys and organizations seen in the last five minutes go on working. Only plain data is kept: a promise of one
 * request must never be awaited by another in a Worker.
 */
import type { Clock } from "../../kernel/clock.ts";
import { DIRECTORY_CACHE_MS } from "../../kernel/limits.ts";
import type {
  DirectoryRpc,
  KeyHolder,
  PortalSession,
} from "../../objects/directory/directory-rpc.ts";
import { errorFacts, log } from "../../observe/logger.ts";

const STALE_MS = 5 * 60_000;
const ENTRIES_MAX = 10_000;

interface Entry<T> {
  readonly value: T;
  readonly fetchedAt: number;
}

export class DirectoryCache {
  readonly #clock: Clock;
  readonly #holders = new Map<string, Entry<KeyHolder>>();
  readonly #sessions = new Map<string, Entry<PortalSession>>();
  /** Apart from the valid ones, so that guessing cannot push those out. */
  readonly #strangers = new Map<string, Entry<null>>();
  readonly #organizations = new Map<string, Entry<true>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keyHolder(directory: () => DirectoryRpc, keyHash: string): Promise<KeyHolder | null> {
    return this.#holder(this.#holders, keyHash, () => directory().authenticate(keyHash));
  }

  portalSession(directory: () => DirectoryRpc, tokenHash: string): Promise<PortalSession | null> {
    return this.#holder(this.#sessions, tokenHash, () => directory().portalSession(tokenHash));
  }

  /** Takes effect in this isolate at once; in others within 30 seconds. */
  forgetPortalSession(tokenHash: string): void {
    this.#sessions.delete(tokenHash);
  }

  /** Does the organization exist, now that it was created if it may be? */
  async hasOrganization(
    directory: () => DirectoryRpc,
    id: string,
    mayCreate: boolean,
  ): Promise<boolean> {
    const exists = await this.#remember(this.#organizations, id, async () =>
      (await directory().ensureOrganization(id, mayCreate)) ? true : null,
    );
    return exists ?? false;
  }

  /** Who holds the secret with this hash, until it expires. */
  async #holder<T extends { readonly expiresAt: number | null }>(
    holders: Map<string, Entry<T>>,
    hash: string,
    ask: () => Promise<T | null>,
  ): Promise<T | null> {
    if (this.#fresh(this.#strangers.get(hash)) !== undefined) {
      return null;
    }
    const holder = await this.#remember(holders, hash, ask);
    if (holder === null) {
      put(this.#strangers, hash, { value: null, fetchedAt: this.#clock() });
      return null;
    }
    return holder.expiresAt === null || holder.expiresAt > this.#clock() ? holder : null;
  }

  async #remember<T>(
    entries: Map<string, Entry<T>>,
    key: string,
    ask: () => Promise<T | null>,
  ): Promise<T | null> {
    const known = entries.get(key);
    const fresh = this.#fresh(known);
    if (fresh !== undefined) {
      return fresh;
    }
    try {
      const value = await ask();
      entries.delete(key);
      if (value !== null) {
        put(entries, key, { value, fetchedAt: this.#clock() });
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

  #fresh<T>(entry: Entry<T> | undefined): T | undefined {
    return entry !== undefined && this.#clock() - entry.fetchedAt < DIRECTORY_CACHE_MS
      ? entry.value
      : undefined;
  }
}

/** Adds an entry; the oldest makes room. */
function put<T>(entries: Map<string, Entry<T>>, key: string, entry: Entry<T>): void {
  const oldest = entries.keys().next();
  if (entries.size >= ENTRIES_MAX && !oldest.done) {
    entries.delete(oldest.value);
  }
  entries.set(key, entry);
}
