/**
 * Whether those who follow a log still hold what let them in: an API key may be revoked, a portal session logged out.
 *
 * The Directory is asked before something is sent, for all who follow the log at once and at most once in 30 seconds, so a
 * log in which nothing happens asks nothing. While it does not answer, who was confirmed in the last five minutes goes on.
 */
import type { Clock } from "../../kernel/clock.ts";
import { DIRECTORY_CACHE_MS } from "../../kernel/limits.ts";
import { errorFacts, log } from "../../observe/logger.ts";
import type { Credential } from "../directory/directory-rpc.ts";

/** How long a confirmation counts while there is no other. */
const STALE_MS = 5 * 60_000;
/** How long an answer is waited for, and after what the Directory is asked again when there was none. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 2_000;

/** "ended": it was taken away. "unknown": nobody could say for too long. */
export type CredentialState = "valid" | "ended" | "unknown";

/** Gives the hashes of those that are not valid any more. */
export type AskEnded = (credentials: readonly Credential[]) => Promise<readonly string[]>;

interface Confirmation {
  askAt: number;
  confirmedAt: number;
}

export class TailHolders {
  readonly #clock: Clock;
  readonly #askEnded: AskEnded;
  readonly #confirmations = new Map<string, Confirmation>();

  constructor(clock: Clock, askEnded: AskEnded) {
    this.#clock = clock;
    this.#askEnded = askEnded;
  }

  /** Whether nothing may be sent to the holder before `confirm`. The router's word is as old as it may be. */
  mustConfirm({ hash }: Credential): boolean {
    return (this.#confirmations.get(hash)?.askAt ?? 0) <= this.#clock();
  }

  /** The next thing that is sent needs a confirmation: credentials have changed. */
  reset(): void {
    for (const confirmation of this.#confirmations.values()) {
      confirmation.askAt = 0;
    }
  }

  /** Asks for credentials, and forgets all others. */
  async confirm(credentials: readonly Credential[]): Promise<ReadonlyMap<string, CredentialState>> {
    const byHash = new Map(credentials.map((credential) => [credential.hash, credential]));
    const ended = await this.#ask([...byHash.values()]);
    const now = this.#clock();
    for (const hash of this.#confirmations.keys()) {
      if (!byHash.has(hash)) {
        this.#confirmations.delete(hash);
      }
    }
    return new Map(Array.from(byHash.keys(), (hash) => [hash, this.#stateOf(hash, ended, now)]));
  }

  /** Undefined without an answer. */
  async #ask(credentials: readonly Credential[]): Promise<ReadonlySet<string> | undefined> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new Error(`No answer within ${PATIENCE_MS} ms.`)),
      PATIENCE_MS,
    );
    try {
      return new Set(await Promise.race([this.#askEnded(credentials), late]));
    } catch (error) {
      const message = "The Directory did not answer whether live tails may go on.";
      log.warn("directory.stale", message, errorFacts(error));
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  #stateOf(hash: string, ended: ReadonlySet<string> | undefined, now: number): CredentialState {
    if (ended?.has(hash) === true) {
      this.#confirmations.delete(hash);
      return "ended";
    }
    const confirmedAt = this.#confirmations.get(hash)?.confirmedAt ?? now - DIRECTORY_CACHE_MS;
    if (ended !== undefined) {
      this.#confirmations.set(hash, { askAt: now + DIRECTORY_CACHE_MS, confirmedAt: now });
      return "valid";
    }
    this.#confirmations.set(hash, { askAt: now + RETRY_MS, confirmedAt });
    return now - confirmedAt > STALE_MS ? "unknown" : "valid";
  }
}
