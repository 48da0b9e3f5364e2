/** Times in words, of a language and a zone. What is not in the year that the clock there shows has its year with it. */
import { momentOf, wallClock } from "./wall-clock.ts";

export interface TimeFormat {
  /** `Nov 23, 07:30:34`, for a list. */
  readonly row: (time: number) => string;
  /** Everything, with milliseconds and the offset, for one event. */
  readonly full: (time: number) => string;
  /** A day and a minute, as a bound of a range. */
  readonly bound: (time: number) => string;
  /** The labels of an axis: days where a day begins, else the time of day. */
  readonly axis: (times: readonly number[]) => string[];
}

const DAY = { month: "short", day: "numeric" } as const;
const YEAR = { year: "numeric" } as const;
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/**
 * Making a formatter costs far more than using it, so they are made once for each zone and language.
 *
 * @param timeZone its IANA name
 * @param now in milliseconds since the epoch
 */
export function timeFormatOf(locale: string, timeZone: string, now: number): TimeFormat {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const isThisYear = yearOf(now, timeZone);
  const row = format({ ...DAY, ...CLOCK, second: "2-digit" });
  const bound = format({ ...DAY, ...CLOCK });
  const boundWithYear = format({ ...DAY, ...CLOCK, ...YEAR });
  const day = format(DAY);
  const dayWithYear = format({ ...DAY, ...YEAR });
  const clock = format(CLOCK);
  const full = format({
    ...DAY,
    ...CLOCK,
    ...YEAR,
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZoneName: "shortOffset",
  });

  function axis(times: readonly number[]): string[] {
    const clocks = times.map((time) => clock.format(time));
    // Hours of a day in another year: the first says which day it is.
    const isWithinDay = !clocks.includes("00:00") && !times.every(isThisYear);
    return times.map((time, index) => {
      if (isWithinDay && index === 0) {
        return boundWithYear.format(time);
      }
      const text = clocks[index] ?? "";
      return text === "00:00" ? (isThisYear(time) ? day : dayWithYear).format(time) : text;
    });
  }

  return {
    row: (time) => (isThisYear(time) ? row : boundWithYear).format(time),
    full: (time) => full.format(time),
    bound: (time) => (isThisYear(time) ? bound : boundWithYear).format(time),
    axis,
  };
}

/** Whether a time is in the year of `now`, by the clocks of the zone. */
function yearOf(now: number, timeZone: string): (time: number) => boolean {
  const year = Number(wallClock(now, timeZone).slice(0, 4));
  const start = momentOf(`${year}-01-01T00:00`, timeZone) ?? 0;
  const end = momentOf(`${year + 1}-01-01T00:00`, timeZone) ?? Infinity;
  return (time) => time >= start && time < end;
}
