import { expect, test } from "vitest";
import { memoized } from "../../../src/kernel/memoized.ts";

test("a value is made once for each key, and no more keys are remembered than may be", () => {
  const made: string[] = [];
  const upper = memoized((key: string) => {
    made.push(key);
    return key.toUpperCase();
  }, 2);
  expect(["a", "b", "a", "b"].map(upper)).toEqual(["A", "B", "A", "B"]);
  expect(made).toEqual(["a", "b"]);
  expect(["c", "c", "a"].map(upper)).toEqual(["C", "C", "A"]);
  expect(made).toEqual(["a", "b", "c", "a"]);
});
