import { expect, test } from "vitest";
import { ok } from "../../../src/kernel/result.ts";
import { NOTHING_FETCHED } from "../../../src/log/fetched-blocks.ts";
import type { LogStats } from "../../../src/log/stats.ts";
import { runStats, type StatsPorts } from "../../../src/objects/tenant/stats-run.ts";

const STATS: LogStats = { total: 7, histogram: [], interval: "day", facets: [] };

/** @param stepMs so long each step takes. */
function portsOf(stepMs: number) {
  const seen = { now: 0, pauses: 0 };
  const ports: StatsPorts = {
    read: async (run) => {
      seen.now += stepMs;
      return ok(run(NOTHING_FETCHED));
    },
    pause: async () => {
      seen.pauses++;
    },
    clock: () => seen.now,
  };
  return { seen, ports };
}

test("other calls of the log have their turn between any two steps of a count", async () => {
  const { seen, ports } = portsOf(10);
  let left = 5;
  const stats = await runStats(() => (--left === 0 ? STATS : undefined), ports);
  expect(stats).toEqual(ok(STATS));
  expect(seen.pauses).toBe(4);
});

test("a count that takes too long says how to narrow it", async () => {
  const { seen, ports } = portsOf(1_000);
  const stats = await runStats(() => undefined, ports);
  expect(stats).toMatchObject({
    ok: false,
    failure: { code: "unprocessable_entity", message: expect.stringContaining("range_start") },
  });
  expect(seen.now).toBeLessThan(30_000);
});
