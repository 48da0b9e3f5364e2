/** The histogram with its empty buckets, which the statistics leave out. */
import type { StatsAnswer } from "../../../contract/stats.ts";
import type { Bounds } from "../../state/time-range.ts";

export interface Bucket {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

const HOUR_MS = 3_600_000;
const LENGTH_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30.5 * 24 * HOUR_MS,
};
/** More would be thinner than a pixel. */
const BUCKETS_MAX = 400;

/**
 * All buckets from the beginning of the time that is looked at, or the first event, to its end. Days and longer ones
 * are not all equally long, so an empty bucket lies where its neighbours leave room for it. Where there would be too
 * many, several are one.
 */
export function bucketsOf(
  stats: Pick<StatsAnswer, "interval" | "histogram">,
  bounds: Bounds,
  now: number,
): readonly Bucket[] {
  const unit = LENGTH_MS[stats.interval] ?? HOUR_MS;
  const fine = stats.histogram.map(({ start, count }) => ({ start: Date.parse(start), count }));
  const first = fine[0]?.start ?? bounds.from ?? now - unit;
  const from =
    bounds.from === undefined ? first : first - Math.ceil((first - bounds.from) / unit) * unit;
  const end = Math.max(bounds.to ?? now, (fine.at(-1)?.start ?? 0) + 1);
  const length = unit * Math.max(1, Math.ceil((end - from) / unit / BUCKETS_MAX));
  const counted = length === unit ? fine : joined(fine, from, length);
  const buckets: Bucket[] = [];
  let next = 0;
  for (let start = from; start < end; start = buckets.at(-1)?.end ?? end) {
    const known = counted[next];
    const isHere = known !== undefined && known.start < start + length / 2;
    if (isHere) {
      next++;
      buckets.push({ start: known.start, end: known.start + length, count: known.count });
    } else {
      buckets.push({ start, end: start + length, count: 0 });
    }
  }
  return buckets;
}

interface Counted {
  readonly start: number;
  readonly count: number;
}

/** What was counted, in stretches of the length from the beginning on. */
function joined(counted: readonly Counted[], from: number, length: number): Counted[] {
  const stretches = Map.groupBy(counted, ({ start }) => Math.floor((start - from) / length));
  return [...stretches].map(([at, parts]) => ({
    start: from + at * length,
    count: parts.reduce((sum, { count }) => sum + count, 0),
  }));
}
