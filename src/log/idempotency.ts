/**
 * Idempotency: the same event, sent again within 24 hours, is stored once and gets the first answer.
 *
 * As WorkOS does it, the key is the pair (client key, event): the same client key with another event is another
 * event, and without a client key the event is its own key. The pair is hashed with SHA-256, because with a weaker
 * hash somebody who can choose a part of an event could make a later event vanish as a "replay".
 */
import { sha256 } from "../kernel/sha256.ts";
import type { Sql } from "../sql/sql.ts";

/** The first half of a SHA-256: enough that no two of a tenant's events in a window meet by accident. */
export const FINGERPRINT_BYTES = 16;

/** @param event canonical text. */
export function fingerprintOf(event: string, clientKey: string | undefined): Uint8Array {
  const hash =
    clientKey === undefined
      ? sha256("content\n", event)
      : sha256(`key ${clientKey.length}\n`, clientKey, event);
  return hash.subarray(0, FINGERPRINT_BYTES);
}

/** The fingerprints of the window, by the seq that first carried each. */
export class IdempotencyWindow {
  readonly #seqs = new Map<string, number>();
  /** Oldest first, as commits come in order of time. */
  readonly #commits: { readonly ingestedAt: number; readonly keys: readonly string[] }[] = [];

  find(key: string): number | undefined {
    return this.#seqs.get(key);
  }

  addCommit(ingestedAt: number, keys: ReadonlyMap<string, number>): void {
    for (const [key, seq] of keys) {
      this.#seqs.set(key, seq);
    }
    this.#commits.push({ ingestedAt, keys: [...keys.keys()] });
  }

  /** Forgets what was ingested before `time`. */
  forgetBefore(time: number): void {
    for (let commit = this.#commits[0]; commit !== undefined; commit = this.#commits[0]) {
      if (commit.ingestedAt >= time) {
        return;
      }
      for (const key of commit.keys) {
        this.#seqs.delete(key);
      }
      this.#commits.shift();
    }
  }
}

/** Fingerprint number `index` of a packed run, as a key of the window. */
export function keyAt(fingerprints: Uint8Array, index: number): string {
  const start = index * FINGERPRINT_BYTES;
  return String.fromCharCode(...fingerprints.subarray(start, start + FINGERPRINT_BYTES));
}

/** Reads the window that began at `since` from the rows of the tail. */
export function readWindow(sql: Sql, since: number): IdempotencyWindow {
  const window = new IdempotencyWindow();
  const rows = sql.rows<{ first_seq: number; ingested_at: number; fingerprints: Uint8Array }>(
    `SELECT first_seq, ingested_at, fingerprints FROM tail
     WHERE ingested_at >= ? ORDER BY first_seq`,
    since,
  );
  for (const row of rows) {
    const keys = new Map<string, number>();
    for (let index = 0; index * FINGERPRINT_BYTES < row.fingerprints.length; index++) {
      keys.set(keyAt(row.fingerprints, index), row.first_seq + index);
    }
    window.addCommit(row.ingested_at, keys);
  }
  return window;
}
