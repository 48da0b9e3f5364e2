/** Periods and times: what a relative period asks for, and where a year is said. */
import { describe, expect, test } from "vitest";
import { timeFormatOf } from "../../src/dashboard/i18n/time-texts.ts";
import { boundsOf, searchedBounds } from "../../src/dashboard/state/time-range.ts";
import { exportBounds } from "../../src/dashboard/views/exports/export-bounds.ts";

const NOW = Date.parse("2026-11-25T03:00:00Z");
const DAY = 86_400_000;

describe("a relative period", () => {
  test.each(["15m", "1h", "24h", "7d", "30d", "90d"] as const)("%s ends now", (span) => {
    const range = { kind: "last", span } as const;
    expect(boundsOf(range, NOW).to).toBe(NOW);
    const { to = Infinity } = searchedBounds(range, NOW);
    // Clocks that are a little ahead are no reason to hide what was sent just now.
    expect(to).toBeGreaterThan(NOW + 60_000);
    expect(to).toBeLessThan(NOW + 10 * 60_000);
  });

  test("of all time has no bounds", () => {
    expect(searchedBounds({ kind: "last", span: "all" }, NOW)).toEqual({});
  });
});

describe("an export", () => {
  test("of a period that is short enough has its bounds", () => {
    const week = { kind: "last", span: "7d" } as const;
    expect(exportBounds(week, NOW, 365)).toEqual({ from: NOW - 7 * DAY, to: NOW, isCut: false });
    const past = { kind: "between", from: NOW - 900 * DAY, to: NOW - 800 * DAY } as const;
    expect(exportBounds(past, NOW, 365)).toMatchObject({ from: past.from, to: past.to });
  });

  test("of more than events are kept says that it covers the end of it", () => {
    const all = { kind: "last", span: "all" } as const;
    expect(exportBounds(all, NOW, 30)).toEqual({ from: NOW - 30 * DAY, to: NOW, isCut: true });
    const long = { kind: "between", from: NOW - 90 * DAY, to: NOW - 10 * DAY } as const;
    const cut = { from: NOW - 40 * DAY, to: NOW - 10 * DAY, isCut: true };
    expect(exportBounds(long, NOW, 30)).toEqual(cut);
  });

  test("is as long as it is asked for where the session may not know how long it may be", () => {
    const long = { kind: "last", span: "90d" } as const;
    expect(exportBounds(long, NOW, undefined)).toMatchObject({ from: NOW - 90 * DAY });
  });
});

describe("a time of another year", () => {
  const english = timeFormatOf("en-US", "UTC", NOW);

  test.each(["2025-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2099-06-01T12:00:00Z"])(
    "shows its year: %s",
    (text) => {
      const time = Date.parse(text);
      const year = text.slice(0, 4);
      expect(english.row(time)).toContain(year);
      expect(english.bound(time)).toContain(year);
      expect(timeFormatOf("ja-JP", "UTC", NOW).row(time)).toContain(`${year}年`);
    },
  );

  test("is another by the clocks of the zone", () => {
    const tokyo = timeFormatOf("en-US", "Asia/Tokyo", NOW);
    expect(tokyo.row(Date.parse("2025-12-31T15:00:00Z"))).toBe("Jan 1, 00:00:00");
    expect(tokyo.row(Date.parse("2026-12-31T15:00:00Z"))).toContain("2027");
  });

  test("is told on an axis, and only there", () => {
    const axis = (...days: readonly string[]) => english.axis(days.map((day) => Date.parse(day)));
    expect(axis("2026-11-23T00:00Z", "2026-11-24T00:00Z")).toEqual(["Nov 23", "Nov 24"]);
    expect(axis("2027-01-01T00:00Z", "2099-01-01T00:00Z")).toEqual(["Jan 1, 2027", "Jan 1, 2099"]);
    expect(axis("2024-02-03T06:00Z", "2024-02-03T12:00Z")).toEqual(["Feb 3, 2024, 06:00", "12:00"]);
    expect(axis("2026-11-24T06:00Z", "2026-11-24T12:00Z")).toEqual(["06:00", "12:00"]);
    expect(english.axis([NOW, NOW + DAY])).toEqual(["03:00", "03:00"]);
  });
});
