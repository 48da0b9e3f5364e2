/** The time that is looked at: the last so-and-so-much, everything, or from one moment to another. */

export const SPANS = ["15m", "1h", "24h", "7d", "30d", "90d", "all"] as const;
export type Span = (typeof SPANS)[number];

export type TimeRange =
  | { readonly kind: "last"; readonly span: Span }
  /** In milliseconds since the epoch; `to` is not part of it. */
  | { readonly kind: "between"; readonly from: number; readonly to: number };

export interface Bounds {
  readonly from?: number;
  readonly to?: number;
}

const SPAN_MS: Readonly<Record<Span, number>> = {
  "15m": 15 * 60_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
  "90d": 90 * 86_400_000,
  all: Infinity,
};

export const DEFAULT_RANGE: TimeRange = { kind: "last", span: "7d" };

/** How far the clocks of those who send events may be ahead of this one. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** What the range means at the time `now`, at which a relative one ends. */
export function boundsOf(range: TimeRange, now: number): Bounds {
  if (range.kind === "between") {
    return { from: range.from, to: range.to };
  }
  return range.span === "all" ? {} : { from: now - SPAN_MS[range.span], to: now };
}

/** What to ask for, so that what was sent just now is found too, by whatever clock. */
export function searchedBounds(range: TimeRange, now: number): Bounds {
  const bounds = boundsOf(range, now);
  return range.kind === "last" && bounds.to !== undefined
    ? { ...bounds, to: bounds.to + CLOCK_SKEW_MS }
    : bounds;
}

export function rangeParameters(range: TimeRange): readonly (readonly [string, string])[] {
  if (range.kind === "between") {
    return [
      ["from", new Date(range.from).toISOString()],
      ["to", new Date(range.to).toISOString()],
    ];
  }
  const isDefault = DEFAULT_RANGE.kind === "last" && range.span === DEFAULT_RANGE.span;
  return isDefault ? [] : [["last", range.span]];
}

export function rangeOfParameters(parameters: URLSearchParams): TimeRange {
  const from = Date.parse(parameters.get("from") ?? "");
  const to = Date.parse(parameters.get("to") ?? "");
  if (from < to) {
    return { kind: "between", from, to };
  }
  const span = SPANS.find((each) => each === parameters.get("last"));
  return span === undefined ? DEFAULT_RANGE : { kind: "last", span };
}
