/** Tells new events from those that came before within the window, which get their first receipt again. */
import type { AppendReceipt, CommitBuilder } from "./commit.ts";
import type { IdempotencyWindow } from "./idempotency-window.ts";
import { keysOf } from "./idempotency.ts";
import { parseLine } from "./line.ts";

/** Events that are stored all together or not at all. */
export interface AppendRequest {
  /** Canonical texts, as `readEvent` gives them. */
  readonly events: readonly string[];
  /** The events' fingerprints, `FINGERPRINT_BYTES` each, as `fingerprintOf` gives them. */
  readonly fingerprints: Uint8Array;
}

/** What an event is admitted to, and what is asked whether it came before. */
export interface Admission {
  readonly commit: CommitBuilder;
  readonly window: IdempotencyWindow;
  /** The line at a place of the log, if it is still stored. Cheapest for lines that follow one another. */
  readonly storedLineAt: (seq: number) => string | undefined;
  /** When the window began, in milliseconds since the epoch. */
  readonly since: number;
}

/** Adds to the commit what is new of a request. */
export function admit(
  { events, fingerprints }: AppendRequest,
  admission: Admission,
): AppendReceipt[] {
  const { commit, window, since } = admission;
  const keys = keysOf(fingerprints);
  return events.map((event, index) => {
    const key = keys[index] ?? "";
    const seq = commit.find(key) ?? window.find(key, since);
    const first = seq === undefined ? undefined : replayOf(seq, admission);
    return first ?? commit.add(event, key, fingerprints, index);
  });
}

/** The receipt of an event that came before, unless that was too long ago, or the event was erased since. */
function replayOf(
  seq: number,
  { commit, storedLineAt, since }: Admission,
): AppendReceipt | undefined {
  const line = commit.lineAt(seq) ?? storedLineAt(seq);
  if (line === undefined) {
    return undefined;
  }
  const { id, ingested_at } = parseLine(line);
  return Date.parse(ingested_at) >= since ? { id, seq, replayed: true } : undefined;
}
