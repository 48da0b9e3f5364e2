import { expect, test } from "vitest";
import {
  openRateLimits,
  type RateLimitEnv,
  rateLimitSettings,
} from "../../../src/objects/tenant/rate-limits.ts";

const NOW = 1_000_000;

function eventsOf(env: RateLimitEnv) {
  return openRateLimits(env).events;
}

test("without settings nothing is limited and nothing is told", () => {
  expect(openRateLimits({}).events.take("key", 1_000, NOW)).toEqual({ ok: true, value: undefined });
});

test("a key that is over its limit is refused, another one of the same organization is not", () => {
  const limits = eventsOf({ REKISHI_KEY_EVENTS_PER_SECOND: "200" });
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
  const limits = eventsOf({
    REKISHI_KEY_EVENTS_PER_SECOND: "1000",
    REKISHI_ORGANIZATION_EVENTS_PER_SECOND: "100",
  });
  expect(limits.take("a", 1_000, NOW).ok).toBe(true);
  expect(limits.take("a", 1_000, NOW)).toMatchObject({
    ok: false,
    failure: { retryAfterSeconds: 10, rateLimits: [{ remaining: 9_000 }, { remaining: 0 }] },
  });
});

test("a full batch fits into every limit", () => {
  expect(eventsOf({ REKISHI_ORGANIZATION_EVENTS_PER_SECOND: "0.5" }).take("a", 1_000, NOW).ok).toBe(
    true,
  );
});

test("a limit that is no number of events is refused by name", () => {
  expect(rateLimitSettings({ REKISHI_KEY_EVENTS_PER_SECOND: "many" })).toEqual({
    ok: false,
    failure: "REKISHI_KEY_EVENTS_PER_SECOND is 'many'; it must be a number of events a second.",
  });
  expect(rateLimitSettings({ REKISHI_KEY_EVENTS_PER_SECOND: "" }).ok).toBe(true);
});

test("queries are counted apart from events, and ten go through at once", () => {
  const { events, queries } = openRateLimits({ REKISHI_KEY_QUERIES_PER_SECOND: "0.5" });
  for (let query = 0; query < 10; query++) {
    expect(queries.take("a", 1, NOW).ok).toBe(true);
  }
  expect(queries.take("a", 1, NOW)).toMatchObject({
    ok: false,
    failure: { code: "rate_limit_exceeded", retryAfterSeconds: 2 },
  });
  expect(queries.take("b", 1, NOW).ok).toBe(true);
  expect(events.take("a", 1_000, NOW)).toEqual({ ok: true, value: undefined });
  expect(rateLimitSettings({ REKISHI_KEY_QUERIES_PER_SECOND: "0" })).toEqual({
    ok: false,
    failure: "REKISHI_KEY_QUERIES_PER_SECOND is '0'; it must be a number of queries a second.",
  });
});
