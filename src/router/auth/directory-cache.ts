/**
 * What the Directory said of keys, sessions and organizations, remembered for a while in this isolate, so that an
 * event costs one hop and not two. An answer is trusted for 30 seconds: that long a revoked key may still work.
 */
import type { Organization } from "../../contract/organization.ts";
import type { TokenIssuer } from "../../contract/token-issuer.ts";
import type { Clock } from "../../kernel/clock.ts";
import type {
  DirectoryRpc,
  KeyHolder,
  PortalSession,
} from "../../objects/directory/directory-rpc.ts";
import { Remembered } from "./remembered.ts";

/** What has to be known of an organization before its object is reached. */
export type LogPlace = Pick<Organization, "region">;

/** Where all token issuers are remembered, as one answer. */
const ALL = "all";

export class DirectoryCache {
  readonly #clock: Clock;
  readonly #holders: Remembered<KeyHolder>;
  readonly #sessions: Remembered<PortalSession>;
  readonly #issuers: Remembered<readonly TokenIssuer[]>;
  /** Apart from the valid ones, so that guessing cannot push those out. */
  readonly #strangers: Remembered<true>;
  readonly #organizations: Remembered<LogPlace>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#holders = new Remembered(clock);
    this.#sessions = new Remembered(clock);
    this.#issuers = new Remembered(clock);
    this.#strangers = new Remembered(clock);
    this.#organizations = new Remembered(clock);
  }

  keyHolder(directory: () => DirectoryRpc, keyHash: string): Promise<KeyHolder | null> {
    return this.#holder(this.#holders, keyHash, () => directory().authenticate(keyHash));
  }

  /** Was this key valid when it was last looked up? Without asking. */
  knowsKey(keyHash: string): boolean {
    return this.#holders.knows(keyHash);
  }

  /** The same of a portal session. */
  knowsSession(tokenHash: string): boolean {
    return this.#sessions.knows(tokenHash);
  }

  portalSession(directory: () => DirectoryRpc, tokenHash: string): Promise<PortalSession | null> {
    return this.#holder(this.#sessions, tokenHash, () => directory().portalSession(tokenHash));
  }

  /** After a key was rotated or revoked. Takes effect in this isolate at once; in others within 30 seconds. */
  forgetKey(keyId: string): void {
    this.#holders.forgetWhere((holder) => holder.keyId === keyId);
  }

  /** After an organization was deleted: nothing of it is known any more. Takes effect as `forgetKey` does. */
  forgetOrganization(id: string): void {
    this.#organizations.forget(id);
    this.#holders.forgetWhere(({ organizationId }) => organizationId === id);
    this.#sessions.forgetWhere(({ organizationId }) => organizationId === id);
  }

  /** Takes effect as `forgetKey` does. */
  forgetPortalSession(tokenHash: string): void {
    this.#sessions.forget(tokenHash);
  }

  /** All of them, so that a token of an issuer that nobody knows asks nothing. */
  async tokenIssuers(directory: () => DirectoryRpc): Promise<readonly TokenIssuer[]> {
    const issuers = await this.#issuers.get(ALL, { ask: () => directory().allTokenIssuers() });
    return issuers ?? [];
  }

  /** What this isolate changed itself is seen by it at once. */
  forgetTokenIssuers(): void {
    this.#issuers.forget(ALL);
  }

  /** Where the organization's log is, now that it was created if it may be; null when there is none. */
  organization(
    directory: () => DirectoryRpc,
    id: string,
    mayCreate: boolean,
  ): Promise<LogPlace | null> {
    const ask = async () => {
      const organization = await directory().ensureOrganization(id, mayCreate);
      return organization && { region: organization.region };
    };
    return this.#organizations.get(id, { ask, name: mayCreate ? "create" : "find" });
  }

  /** Who holds the secret with this hash, until it expires. */
  async #holder<T extends { readonly expiresAt: number | null }>(
    holders: Remembered<T>,
    hash: string,
    ask: () => Promise<T | null>,
  ): Promise<T | null> {
    if (this.#strangers.has(hash)) {
      return null;
    }
    const holder = await holders.get(hash, { ask });
    if (holder === null) {
      this.#strangers.put(hash, true);
      return null;
    }
    return holder.expiresAt === null || holder.expiresAt > this.#clock() ? holder : null;
  }
}
