/** The quarters of a summary against the times that they stand for. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AuditEvent } from "../../../src/contract/event.ts";
import { ColumnsBuilder } from "../../../src/log/columns.ts";
import { QUARTER_MS } from "../../../src/log/histogram.ts";
import { summarize } from "../../../src/log/summary.ts";
import { makeEvent } from "../../support/events.ts";

const START = Date.UTC(2026, 10, 22);

/** Numbers of events that follow one another, and the quarter of these. */
const anyRuns = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 200 })), { maxLength: 8 });

function summaryOf(quarters: readonly number[]) {
  const builder = new ColumnsBuilder();
  quarters.forEach((quarter, event) => {
    const time = START + quarter * QUARTER_MS + (event % QUARTER_MS);
    builder.add(makeEvent({ occurred_at: new Date(time).toISOString() }) as AuditEvent);
  });
  return summarize(builder.columns());
}

function countsOf(quarters: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const quarter of quarters) {
    const key = START / QUARTER_MS + quarter;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

test("runs give each event its quarter, and quarters their events, unless they are too many to be kept", () => {
  let kept = 0;
  fc.assert(
    fc.property(anyRuns, (given) => {
      const expected = given.flatMap(([quarter, count]) => Array<number>(count).fill(quarter));
      const { quarters, quarterRuns = [] } = summaryOf(expected);
      const counts = countsOf(expected);
      expect(new Map(quarters)).toEqual(
        counts.size * 16 <= expected.length ? counts : new Map<number, number>(),
      );
      const changes = expected.filter((quarter, event) => quarter !== expected[event - 1]).length;
      const areKept = changes * 64 <= expected.length;
      expect(quarterRuns.flatMap(([quarter, count]) => Array<number>(count).fill(quarter))).toEqual(
        areKept ? expected.map((quarter) => START / QUARTER_MS + quarter) : [],
      );
      expect(quarterRuns.length).toBe(areKept ? changes : 0);
      kept += quarterRuns.length > 1 ? 1 : 0;
    }),
  );
  expect(kept).toBeGreaterThan(10);
});
