/** The span of occurred_at outside which a query cannot match. */
import { type Range, timeRange } from "./ordered-value.ts";
import type { Query } from "./query.ts";

const UNBOUNDED: Range = { from: -Infinity, to: Infinity };

export function timeBounds(query: Query): Range {
  switch (query.kind) {
    case "and":
      return query.of.map(timeBounds).reduce(intersection, UNBOUNDED);
    case "or":
      return query.of.length === 0 ? UNBOUNDED : query.of.map(timeBounds).reduce(hull);
    case "field":
      return (query.field === "occurred_at" && timeRange(query)) || UNBOUNDED;
    default:
      return UNBOUNDED;
  }
}

/** Does a query match exactly what occurred within its bounds? */
export function isTimeRange(query: Query): boolean {
  switch (query.kind) {
    case "all":
      return true;
    case "and":
      return query.of.every(isTimeRange);
    case "field":
      return query.field === "occurred_at" && timeRange(query) !== undefined;
    default:
      return false;
  }
}

function intersection(a: Range, b: Range): Range {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

function hull(a: Range, b: Range): Range {
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}
