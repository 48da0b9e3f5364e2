/** The parts of the dashboard that decide something without a browser. */
import { describe, expect, test } from "vitest";
import type { EventResource } from "../../src/contract/event.ts";
import { ja } from "../../src/dashboard/i18n/ja.ts";
import { momentOf, wallClock } from "../../src/dashboard/i18n/wall-clock.ts";
import { placeOf } from "../../src/dashboard/query-bar/caret.ts";
import { bucketsOf } from "../../src/dashboard/views/explore/buckets.ts";
import { EventWindow, WINDOW_EVENTS_MAX } from "../../src/dashboard/views/live/event-window.ts";
import { parseQuery } from "../../src/query/parse.ts";
import { problemText } from "../../src/query/query-error.ts";
import { FAULTY_QUERIES } from "../support/faulty-queries.ts";

describe("where the caret stands", () => {
  test.each([
    ["act|", undefined, "act", 0, 3],
    ["a -act|ion:x", undefined, "act", 3, 11],
    ["action:pu|sh more", "action", "pu", 7, 11],
    ['actor.name:"Tanaka Y|uki" x', "actor.name", "Tanaka Y", 11, 24],
    ["(action:a OR action:|b)", "action", "", 20, 21],
    ["occurred_at:>=2026|", "occurred_at", "2026", 14, 18],
    ["a |", undefined, "", 2, 2],
  ])("in '%s'", (marked, field, typed, from, to) => {
    const caret = marked.indexOf("|");
    expect(placeOf(marked.replace("|", ""), caret)).toEqual({ field, typed, from, to });
  });
});

describe("the clock of a zone", () => {
  test.each([
    ["Asia/Tokyo", "2026-11-24T09:30:05", "2026-11-24T00:30:05.000Z"],
    ["UTC", "2026-11-24T09:30:05", "2026-11-24T09:30:05.000Z"],
    // The day on which New York puts its clocks forward, before and after.
    ["America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59.000Z"],
    ["America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00.000Z"],
    ["Asia/Kolkata", "2026-01-01T00:00:00", "2025-12-31T18:30:00.000Z"],
  ])("in %s shows %s at %s", (zone, wall, instant) => {
    expect(momentOf(wall, zone)).toBe(Date.parse(instant));
    expect(wallClock(Date.parse(instant), zone)).toBe(wall);
  });

  test("shows no time where the field is empty", () => {
    expect(momentOf("", "UTC")).toBeUndefined();
  });
});

describe("the histogram's buckets", () => {
  const hour = 3_600_000;
  const start = Date.parse("2026-11-24T00:00:00Z");
  const stats = (interval: string, counts: readonly (readonly [number, number])[]) => ({
    interval,
    histogram: counts.map(([at, count]) => ({ start: new Date(at).toISOString(), count })),
  });

  test("fill the time that is looked at, with the empty ones between", () => {
    const counted = stats("hour", [
      [start + hour, 2],
      [start + 3 * hour, 5],
    ]);
    const buckets = bucketsOf(counted, { from: start, to: start + 6 * hour }, 0);
    expect(buckets.map(({ count }) => count)).toEqual([0, 2, 0, 5, 0, 0]);
    expect(buckets[0]?.start).toBe(start);
  });

  test("keep days that are not 24 hours long, where a zone changes its clocks", () => {
    const days = ["2026-03-07T05:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"].map(
      (day, index) => [Date.parse(day), index + 1] as const,
    );
    const bounds = {
      from: Date.parse("2026-03-07T05:00:00Z"),
      to: Date.parse("2026-03-10T04:00:00Z"),
    };
    const buckets = bucketsOf(stats("day", days), bounds, 0);
    expect(buckets.map(({ count }) => count)).toEqual([1, 2, 3]);
  });

  test("reach to the last event, however far that is, and lose none", () => {
    const month = 30 * 24 * hour;
    const counted = stats("month", [
      [start, 3],
      [start + month, 2],
      [Date.parse("2099-03-01T00:00:00Z"), 1],
      [Date.parse("9999-12-01T00:00:00Z"), 1],
    ]);
    const buckets = bucketsOf(counted, {}, start);
    expect(buckets.length).toBeLessThanOrEqual(401);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(7);
    expect(buckets.at(-1)?.count).toBe(1);
    expect(buckets.at(-1)?.end).toBeGreaterThan(Date.parse("9999-12-01T00:00:00Z"));
  });

  test("are of the time that is looked at when nothing happened", () => {
    const buckets = bucketsOf(stats("hour", []), { from: start, to: start + 3 * hour }, 0);
    expect(buckets.map(({ count }) => count)).toEqual([0, 0, 0]);
  });
});

describe("the events that Live holds", () => {
  const event = (seq: number) => ({ id: `e${seq}`, seq }) as EventResource;
  const seqs = (window: EventWindow) =>
    Array.from({ length: window.size }, (_, index) => window.at(index)?.seq);

  test("are each there once, newest first, whatever came first", () => {
    const window = new EventWindow();
    window.append([event(4), event(5)]);
    window.merge([event(3), event(2), event(4)]);
    window.append([event(5), event(6)]);
    expect(seqs(window)).toEqual([6, 5, 4, 3, 2]);
    expect(window.indexOf("e6")).toBe(0);
    expect(window.indexOf("e2")).toBe(4);
    expect(window.indexOf("e9")).toBe(-1);
  });

  test("make room for new ones, and are still found", () => {
    const window = new EventWindow();
    const many = Array.from({ length: WINDOW_EVENTS_MAX + 10 }, (_, index) => event(index + 1));
    window.append(many);
    expect(window.size).toBeLessThanOrEqual(WINDOW_EVENTS_MAX);
    expect(window.at(0)?.seq).toBe(WINDOW_EVENTS_MAX + 10);
    expect(window.indexOf(`e${WINDOW_EVENTS_MAX}`)).toBe(10);
    expect(window.indexOf("e1")).toBe(-1);
  });
});

describe("what is wrong with a query", () => {
  test.each(Object.entries(FAULTY_QUERIES))("is said in Japanese too: %s", (_, q) => {
    const query = parseQuery(q);
    expect(query.ok ? "" : problemText(ja.query.errors, query.failure)).toMatch(/[ぁ-んァ-ヶ]/);
  });
});
