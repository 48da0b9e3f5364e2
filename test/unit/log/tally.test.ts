import fc from "fast-check";
import { expect, test } from "vitest";
import { Tally } from "../../../src/log/tally.ts";

const LIMIT = 5;
const anyCounts = fc.array(fc.tuple(fc.nat(40).map(String), fc.integer({ min: 1, max: 9 })), {
  maxLength: 200,
  size: "max",
});

function trueCounts(added: readonly (readonly [string, number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [value, count] of added) {
    counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return counts;
}

test("counts are exact, or at most as much too low as is said, and always add up", () => {
  fc.assert(
    fc.property(anyCounts, fc.integer({ min: 1, max: 50 }), (added, valuesMax) => {
      const tally = new Tally(LIMIT, valuesMax);
      tally.addAll(added);
      const { values, other, lowBy } = tally.top();
      const counts = trueCounts(added);
      const total = added.reduce((sum, [, count]) => sum + count, 0);
      expect(values.reduce((sum, [, count]) => sum + count, other)).toBe(total);
      if (counts.size <= valuesMax) {
        expect(lowBy).toBe(0);
      }
      for (const [value, count] of values) {
        const real = counts.get(value) ?? 0;
        expect(count).toBeLessThanOrEqual(real);
        expect(count + lowBy).toBeGreaterThanOrEqual(real);
      }
      const least = values.length < LIMIT ? 0 : (values.at(-1)?.[1] ?? 0);
      const listed = new Set(values.map(([value]) => value));
      for (const [value, real] of counts) {
        expect(listed.has(value) || real <= least + lowBy).toBe(true);
      }
    }),
  );
});

test("the most frequent are listed first, and of as many those that come first as texts", () => {
  const tally = new Tally(3);
  for (const value of ["b", 'a"', "a b", "a", "c"]) {
    tally.add(value, value === "c" ? 2 : 1);
  }
  expect(tally.top()).toEqual({
    values: [
      ["c", 2],
      ["a", 1],
      ["a b", 1],
    ],
    other: 2,
    lowBy: 0,
  });
});
