/** Statistics of a log as the API and the command line give them out. */
import type { StatsAnswer } from "../contract/stats.ts";
import type { LogStats } from "./stats.ts";

export function statsAnswer({ total, interval, histogram, facets }: LogStats): StatsAnswer {
  return {
    object: "audit_log_stats",
    total,
    interval,
    histogram: histogram.map(([start, count]) => ({ start: new Date(start).toISOString(), count })),
    facets: Object.fromEntries(
      facets.map(({ name, values }) => [name, values.map(([value, count]) => ({ value, count }))]),
    ),
    other: Object.fromEntries(facets.map(({ name, other }) => [name, other])),
    low_by: Object.fromEntries(facets.map(({ name, lowBy }) => [name, lowBy])),
  };
}
