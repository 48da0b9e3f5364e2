/** When the tail is sealed although it has not filled a block. How is `log/seal.ts`. */
import { DAY_MS } from "../../kernel/clock.ts";

export const SEAL_JOB = "seal";

/**
 * A log that fills a block a day never needs the job, and one that does not writes its newest block again at most once
 * a day. After the idempotency window, so that fingerprints go when they are not needed any more.
 */
const SEAL_AGE_MS = DAY_MS;

/** @param unsealedSince when the oldest event that is not sealed was ingested. */
export function nextSealAt(unsealedSince: number | undefined): number | undefined {
  return unsealedSince === undefined ? undefined : unsealedSince + SEAL_AGE_MS;
}
