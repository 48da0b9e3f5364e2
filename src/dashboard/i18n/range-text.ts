/** A period in words. */
import type { TimeRange } from "../state/time-range.ts";
import { messages } from "./messages.ts";
import { timeFormat } from "./time-format.ts";

export function rangeText(range: TimeRange): string {
  const t = messages.value.time;
  return range.kind === "last"
    ? t.spans[range.span]
    : t.between(timeFormat.value.bound(range.from), timeFormat.value.bound(range.to));
}
