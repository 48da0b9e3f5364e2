/** From when to when an export goes: it has two bounds, and covers no more time than events are kept. */
import { boundsOf, type TimeRange } from "../../state/time-range.ts";

const DAY_MS = 86_400_000;

export interface ExportBounds {
  /** In milliseconds since the epoch; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  /** Explore shows more than that. */
  readonly isCut: boolean;
}

/** @param retentionDays undefined where the session may not know it: the server then says whether it is too long. */
export function exportBounds(
  range: TimeRange,
  now: number,
  retentionDays: number | undefined,
): ExportBounds {
  const { from, to } = boundsOf(range, now);
  const end = to ?? now;
  const earliest = retentionDays === undefined ? 0 : end - retentionDays * DAY_MS;
  return {
    from: Math.max(from ?? earliest, earliest),
    to: end,
    isCut: from === undefined || to === undefined || from < earliest,
  };
}
