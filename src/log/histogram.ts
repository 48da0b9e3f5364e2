/** Buckets of a time histogram: from a minute to a month, in the calendar of a time zone. */
import { TimeZone } from "../kernel/time-zone.ts";

export const INTERVALS = ["minute", "hour", "day", "week", "month"] as const;
export type Interval = (typeof INTERVALS)[number];

const STEP_MS: Record<"minute" | "hour" | "day" | "week", number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};
/** Quarters of an hour: every time zone in use is a whole number of them away from UTC. */
export const QUARTER_MS = 900_000;
/** An automatic interval gives at most so many buckets. */
const AUTO_BUCKETS_MAX = 200;
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const MONDAY_MS = 4 * 86_400_000;

/** The finest interval that shows a span in a readable number of buckets. */
export function autoInterval(spanMs: number): Interval {
  const steps = ["minute", "hour", "day", "week"] as const;
  return steps.find((step) => spanMs / STEP_MS[step] <= AUTO_BUCKETS_MAX) ?? "month";
}

/** Counts of events by when they occurred. */
export class Histogram {
  readonly interval: Interval;
  readonly #calendar: Calendar;
  readonly #buckets = new Map<number, { count: number }>();
  /** The times of the step that was added to last, and its bucket. */
  #stepFrom = Infinity;
  #stepTo = -Infinity;
  #bucket = { count: 0 };

  /** @param timeZone an IANA name. Throws a RangeError for an unknown one. */
  constructor(interval: Interval, timeZone: string) {
    this.interval = interval;
    this.#calendar = new Calendar(interval, timeZone);
  }

  /** Each quarter of an hour is within one bucket. */
  get isQuarterly(): boolean {
    return this.#calendar.isQuarterly;
  }

  /** Times come nearly in order, so most are in the step of the one before: their bucket need not be looked up. */
  add(time: number, count: number): void {
    if (time < this.#stepFrom || time >= this.#stepTo) {
      const { stepMs } = this.#calendar;
      this.#stepFrom = Math.floor(time / stepMs) * stepMs;
      this.#stepTo = this.#stepFrom + stepMs;
      const start = this.#calendar.bucketOf(time);
      this.#bucket = this.#buckets.get(start) ?? { count: 0 };
      this.#buckets.set(start, this.#bucket);
    }
    this.#bucket.count += count;
  }

  /** @param quarter of an hour since the epoch. */
  addQuarter(quarter: number, count: number): void {
    if (count > 0) {
      this.add(quarter * QUARTER_MS, count);
    }
  }

  /** Beginnings of buckets and their counts, in order; empty ones are left out. */
  buckets(): (readonly [start: number, count: number])[] {
    return Array.from(this.#buckets, ([start, { count }]) => [start, count] as const).sort(
      ([a], [b]) => a - b,
    );
  }
}

/** Gives the beginning of the bucket that a moment is in, as a moment. */
class Calendar {
  readonly #interval: Interval;
  readonly #timeZone: TimeZone;
  /** Offsets at the beginning of UTC days, in milliseconds. */
  readonly #offsets = new Map<number, number>();

  /** @param timeZone an IANA name. Throws a RangeError for an unknown one. */
  constructor(interval: Interval, timeZone: string) {
    this.#interval = interval;
    this.#timeZone = new TimeZone(timeZone);
  }

  /** Buckets of an hour and more begin at a quarter of an hour, in every time zone. */
  get isQuarterly(): boolean {
    return this.#interval !== "minute";
  }

  /** Two moments in the same step of this size, counted from the epoch, are in the same bucket. */
  get stepMs(): number {
    return this.isQuarterly ? QUARTER_MS : STEP_MS.minute;
  }

  bucketOf(time: number): number {
    const local = time + this.#offsetAt(time);
    const start = this.#interval === "month" ? startOfMonth(local) : this.#startOf(local);
    // The offset may have changed between the beginning of the bucket and now.
    const guess = start - this.#offsetAt(start - this.#offsetAt(time));
    return guess;
  }

  #startOf(local: number): number {
    const interval = this.#interval === "month" ? "day" : this.#interval;
    const origin = interval === "week" ? MONDAY_MS : 0;
    return Math.floor((local - origin) / STEP_MS[interval]) * STEP_MS[interval] + origin;
  }

  /** Asks the calendar only where a day has a change in it: the others have one offset. */
  #offsetAt(time: number): number {
    const day = Math.floor(time / STEP_MS.day) * STEP_MS.day;
    const atStart = this.#offsetOfDay(day);
    return atStart === this.#offsetOfDay(day + STEP_MS.day)
      ? atStart
      : this.#timeZone.offsetAt(time);
  }

  #offsetOfDay(day: number): number {
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      offset = this.#timeZone.offsetAt(day);
      this.#offsets.set(day, offset);
    }
    return offset;
  }
}

function startOfMonth(local: number): number {
  const date = new Date(local);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
