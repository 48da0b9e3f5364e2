import { expect, test } from "vitest";
import { AppendLimits, appendLimitSettings } from "../../../src/objects/tenant/append-limits.ts";

const NOW = 1_000_000;

test("without settings nothing is limited and nothing is told", () => {
  expect(new AppendLimits({}).take("key", 1_000, NOW)).toEqual({ ok: true, value: undefined });
});

test("a key that is over its limit is refused, another one of the same organization is not", () => {
  const limits = new AppendLimits({ keyPerSecond: 200 });
  expect(limits.take("a", 1_000, NOW).ok).toBe(true);
  expect(limits.take("a", 1_000, NOW).ok).toBe(true);
  expect(limits.take("a", 1, NOW)).toMatchObject({
    ok: false,
    failure: {
      code: "rate_limit_exceeded",
      retryAfterSeconds: 1,
      rateLimits: [
        { name: "key", quota: 2_000, windowSeconds: 10, remaining: 0, resetSeconds: 10 },
      ],
    },
  });
  expect(limits.take("b", 1_000, NOW).ok).toBe(true);
  expect(limits.take("a", 200, NOW + 1_000).ok).toBe(true);
});

test("what an organization refuses is not counted against the key", () => {
  const limits = new AppendLimits({ keyPerSecond: 1_000, organizationPerSecond: 100 });
  expect(limits.take("a", 1_000, NOW).ok).toBe(true);
  expect(limits.take("a", 1_000, NOW)).toMatchObject({
    ok: false,
    failure: { retryAfterSeconds: 10, rateLimits: [{ remaining: 9_000 }, { remaining: 0 }] },
  });
});

test("a full batch fits into every limit", () => {
  expect(new AppendLimits({ organizationPerSecond: 0.5 }).take("a", 1_000, NOW).ok).toBe(true);
});

test("a limit that is no number of events is refused by name", () => {
  expect(appendLimitSettings({ REKISHI_KEY_EVENTS_PER_SECOND: "many" })).toEqual({
    ok: false,
    failure: "REKISHI_KEY_EVENTS_PER_SECOND is 'many'; it must be a number of events a second.",
  });
  expect(appendLimitSettings({ REKISHI_KEY_EVENTS_PER_SECOND: "" }).ok).toBe(true);
});
