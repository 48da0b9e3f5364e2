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
