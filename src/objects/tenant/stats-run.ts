/** Counts a log step by step, so that appends, live tails and other reads have their turn between two steps. */
import type { Clock } from "../../kernel/clock.ts";
import { failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { FetchedBlocks } from "../../log/fetched-blocks.ts";
import type { StatsSteps } from "../../log/log.ts";
import type { LogStats } from "../../log/stats.ts";

/** On Cloudflare a call may take 30 seconds of CPU, and clients seldom wait for longer. */
const RUN_MS_MAX = 25_000;

const TOO_LONG = failure(
  "unprocessable_entity",
  `This takes longer than ${RUN_MS_MAX / 1_000} seconds to count. Narrow it with 'range_start' and 'range_end', or filter by action, actor id, actor type or target type only.`,
);

export interface StatsPorts {
  /** Runs a step with the blocks that it needs of the blob store. */
  readonly read: <T>(run: (fetched: FetchedBlocks) => T) => Promise<Result<T>>;
  /** Lets other calls of the object have their turn. */
  readonly pause: () => Promise<void>;
  readonly clock: Clock;
}

/** Fails when a block cannot be had, and when it takes too long. */
export async function runStats(
  step: StatsSteps,
  { read, pause, clock }: StatsPorts,
): Promise<Result<LogStats>> {
  const endsAt = clock() + RUN_MS_MAX;
  for (;;) {
    const stats = await read(step);
    if (!stats.ok) {
      return stats;
    }
    if (stats.value !== undefined) {
      return ok(stats.value);
    }
    if (clock() >= endsAt) {
      return TOO_LONG;
    }
    await pause();
  }
}
