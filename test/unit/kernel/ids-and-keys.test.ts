import fc from "fast-check";
import { expect, test } from "vitest";
import { isApiKey, isTicket, mintApiKey, mintTicket } from "../../../src/kernel/api-key.ts";
import { mintEventId, seqOfEventId } from "../../../src/kernel/event-id.ts";

const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const seq = fc.integer({ min: 1, max: 2 ** 42 - 1 });
const random = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test("an event id is a UUIDv7 with the time it was ingested, and names its seq", () => {
  fc.assert(
    fc.property(instant, seq, random, (ingestedAt, position, noise) => {
      const id = mintEventId(ingestedAt, position, noise);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(ingestedAt);
      expect(seqOfEventId(id)).toBe(position);
    }),
  );
});

test("ids sort as seq does, also within one millisecond", () => {
  fc.assert(
    fc.property(instant, seq, seq, random, random, (ingestedAt, a, b, noiseA, noiseB) => {
      fc.pre(a < b);
      expect(mintEventId(ingestedAt, a, noiseA) < mintEventId(ingestedAt, b, noiseB)).toBe(true);
    }),
  );
});

test.each([
  "",
  "x",
  "01a2073b-8bfe-4000-8000-0001a2f7f6df",
  "01A2073B-8BFE-7000-8000-0001A2F7F6DF",
])("'%s' is no event id", (text) => {
  expect(seqOfEventId(text)).toBeUndefined();
});

test("a fresh API key is valid, and stops being so when any of its characters changes", () => {
  const key = mintApiKey();
  expect(isApiKey(key)).toBe(true);
  for (let index = "rk_live_".length; index < key.length; index++) {
    const other = key[index] === "a" ? "b" : "a";
    expect(isApiKey(key.slice(0, index) + other + key.slice(index + 1))).toBe(false);
  }
});

test("keys and tickets are never made twice and never taken for each other", () => {
  const minted = new Set(Array.from({ length: 500 }, () => [mintApiKey(), mintTicket()]).flat());
  expect(minted.size).toBe(1_000);
  expect(isTicket(mintApiKey())).toBe(false);
  expect(isApiKey(mintTicket())).toBe(false);
});
