/** What the clocks of a time zone show, and when they do. */
import { TimeZone } from "../../kernel/time-zone.ts";

/** `2026-11-24T09:30:05`, the wall clock of the zone, as a `datetime-local` field holds it. */
export function wallClock(time: number, timeZone: string): string {
  return new Date(time + new TimeZone(timeZone).offsetAt(time)).toISOString().slice(0, 19);
}

/** The moment at which the zone's wall clock shows this; undefined where the text is no time. */
export function momentOf(wall: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${wall}${wall.length === 16 ? ":00" : ""}Z`);
  if (Number.isNaN(asUtc)) {
    return undefined;
  }
  // The offset is that of the moment itself, which the first guess finds but within hours of a change of clocks.
  const zone = new TimeZone(timeZone);
  const guess = asUtc - zone.offsetAt(asUtc);
  return asUtc - zone.offsetAt(guess);
}
