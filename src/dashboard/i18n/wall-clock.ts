/** What the clocks of a time zone show, and when they do. */

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
