/** When the purge runs. What it removes, and how, is `log/retention.ts`. */
import { DAY_MS } from "../../kernel/clock.ts";

export const RETENTION_JOB = "retention";

/**
 * Expired events are gone from the disk at most this long after they expired. One run then removes an hour of
 * events, where a run for each would write a row to the log for every event it removes.
 */
const PURGE_DELAY_MS = 60 * 60 * 1_000;

/** The time of the next purge, or undefined for an empty log. */
export function nextPurgeAt(
  oldestIngestedAt: number | undefined,
  retentionDays: number,
): number | undefined {
  return oldestIngestedAt === undefined
    ? undefined
    : oldestIngestedAt + retentionDays * DAY_MS + PURGE_DELAY_MS;
}
