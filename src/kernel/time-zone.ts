/** A time zone: how far its clocks are from UTC, by the data of the platform. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat | undefined;

  /** @param name an IANA name. Throws a RangeError for an unknown one. */
  constructor(name: string) {
    this.#format =
      name === "UTC"
        ? undefined
        : new Intl.DateTimeFormat("en-US", {
            timeZone: name,
            hourCycle: "h23",
            year: "numeric",
            month: "numeric",
            day: "numeric",
            hour: "numeric",
            minute: "numeric",
            second: "numeric",
          });
  }

  /** Offset at a moment, in milliseconds, such as 32,400,000 in Tokyo. */
  offsetAt(time: number): number {
    if (this.#format === undefined) {
      return 0;
    }
    const parts = new Map(
      this.#format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(
      of("year"),
      of("month") - 1,
      of("day"),
      of("hour"),
      of("minute"),
      of("second"),
    );
    return local - Math.floor(time / 1_000) * 1_000;
  }
}
