/** Times as people read them, in the chosen zone and language. */
import { computed } from "@preact/signals";
import { zone } from "../state/address.ts";
import { language, type Zone } from "../state/preferences.ts";

/** The IANA name of a zone. */
export function zoneName(chosen: Zone): string {
  return chosen === "local" ? Intl.DateTimeFormat().resolvedOptions().timeZone : chosen;
}

export interface TimeFormat {
  /** `Nov 23, 07:30:34`, for a list. */
  readonly row: (time: number) => string;
  /** Everything, with milliseconds and the offset, for one event. */
  readonly full: (time: number) => string;
  /** A day or a minute, as a bound of a range. */
  readonly bound: (time: number) => string;
}

/** Making a formatter costs far more than using it, so they are made once for each zone and language. */
export const timeFormat = computed((): TimeFormat => {
  const locale = language.value === "ja" ? "ja-JP" : "en-US";
  const timeZone = zoneName(zone.value);
  const day = { month: "short", day: "numeric" } as const;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const row = format({ ...day, ...clock, second: "2-digit" });
  const rowOfOtherYear = format({ ...day, ...clock, year: "numeric" });
  const full = format({
    ...day,
    ...clock,
    year: "numeric",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZoneName: "shortOffset",
  });
  const bound = format({ ...day, ...clock });
  const yearStart = Date.UTC(new Date().getFullYear(), 0, 2);
  return {
    row: (time) => (time < yearStart ? rowOfOtherYear : row).format(time),
    full: (time) => full.format(time),
    bound: (time) => (time < yearStart ? rowOfOtherYear : bound).format(time),
  };
});

export const numberFormat = computed(() => new Intl.NumberFormat(language.value));

/** Offset of a zone at a moment, in milliseconds, such as 32,400,000 in Tokyo. */
export function offsetAt(time: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(time);
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
  return wall - Math.floor(time / 1_000) * 1_000;
}

/** `2026-11-24T09:30:05`, the wall clock of the zone, as a `datetime-local` field holds it. */
export function wallClock(time: number, timeZone: string): string {
  return new Date(time + offsetAt(time, timeZone)).toISOString().slice(0, 19);
}

/** The moment at which the zone's wall clock shows this; undefined where the text is no time. */
export function momentOf(wall: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${wall}${wall.length === 16 ? ":00" : ""}Z`);
  if (Number.isNaN(asUtc)) {
    return undefined;
  }
  // The offset is that of the moment itself, which the first guess finds but within hours of a change of clocks.
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return asUtc - offsetAt(guess, timeZone);
}
