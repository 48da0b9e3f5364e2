/** What a click on a value makes of the text of a query. */
import { describe, expect, test } from "vitest";
import {
  conditionsOn,
  toggleCondition,
  withoutConditions,
} from "../../src/dashboard/query-bar/query-edit.ts";

describe("a click on a value", () => {
  test.each([
    ["", "action:push"],
    ["readme", "readme action:push"],
    ["action:create", "(action:create OR action:push)"],
    ["(action:create OR action:delete)", "(action:create OR action:delete OR action:push)"],
    ["action:push", ""],
    ["(action:create OR action:push)", "action:create"],
    ["-action:push readme", "readme action:push"],
    ["a OR b", "(a OR b) action:push"],
    ["action:pu* x", "action:pu* x action:push"],
    ['"two  words"  AND x', '"two  words" x action:push'],
    ["NOT action:create", "NOT action:create action:push"],
  ])("makes of '%s' the query '%s'", (q, expected) => {
    expect(toggleCondition(q, "action", "push", "only")).toBe(expected);
  });

  test.each([
    ["", "-action:push"],
    ["-action:create", "-action:create -action:push"],
    ["-action:push x", "x"],
    ["-(action:push OR action:create)", "-action:create"],
    ["action:push x", "x -action:push"],
  ])("with Alt, makes of '%s' the query '%s'", (q, expected) => {
    expect(toggleCondition(q, "action", "push", "without")).toBe(expected);
  });

  test("quotes a value that needs it, and finds it again", () => {
    const value = 'say "hi" (now)';
    const q = toggleCondition("", "metadata.note", value, "only");
    expect(q).toBe(String.raw`metadata.note:"say \"hi\" (now)"`);
    expect(conditionsOn(q, "metadata.note").only).toEqual(new Set([value]));
    expect(toggleCondition(q, "metadata.note", value, "only")).toBe("");
  });
});

test("conditions inside others are not taken for conditions on everything", () => {
  const q = "(action:a OR readme) -(action:b action:c) action:d OR x";
  expect(conditionsOn(q, "action").only).toEqual(new Set());
  expect(conditionsOn(q, "action").without).toEqual(new Set());
});

test("a field's conditions can be left out, for counting what else there is", () => {
  const q = "readme (action:a OR action:b) -action:c actor.id:1";
  expect(withoutConditions(q, "action")).toBe("readme actor.id:1");
});

test("a text that is no query yet is kept as it is", () => {
  expect(toggleCondition('"open', "action", "a", "only")).toBe('"open action:a');
  expect(toggleCondition("(a", "action", "a", "only")).toBe("(a action:a");
});
