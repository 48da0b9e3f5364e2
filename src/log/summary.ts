import type { CodedColumn, Columns, TargetColumns } from "./columns.ts";
/** The summary of a segment: counts that answer statistics without filters when the segment counts whole. */
import { QUARTER_MS } from "./histogram.ts";

export interface Summary {
  readonly events: number;
  /** Values and how many events have them. */
  readonly actions: readonly (readonly [string, number])[];
  readonly actorTypes: readonly (readonly [string, number])[];
  readonly targetTypes: readonly (readonly [string, number])[];
  /** How many events each actor has, in the order of the actors' codes. Older segments do not have it. */
  readonly actors?: readonly number[];
  /** Quarters since the epoch, and how many events occurred in them. Empty when they are too many. */
  readonly quarters: readonly (readonly [number, number])[];
}

/** More quarters than this would take longer to read than the times themselves. */
const EVENTS_PER_QUARTER_MIN = 16;

export function summarize(columns: Columns): Summary {
  return {
    events: columns.times.length,
    actions: withValues(columns.actions.values, countCodes(columns.actions)),
    actorTypes: withValues(columns.actorTypes.values, countCodes(columns.actorTypes)),
    targetTypes: withValues(columns.targets.types.values, countTargetTypes(columns.targets)),
    actors: Array.from(countCodes(columns.actors)),
    quarters: countQuarters(columns.times),
  };
}

/** How many events have each value of a column, by its code. @param events which count; all when undefined. */
export function countCodes({ texts, codes }: CodedColumn, events?: Uint32Array): Uint32Array {
  const counts = new Uint32Array(texts.length);
  const length = events?.length ?? codes.length;
  for (let at = 0; at < length; at++) {
    const code = codes[events === undefined ? at : (events[at] ?? 0)] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

function withValues(values: readonly string[], counts: Uint32Array): [string, number][] {
  return values.map((value, code) => [value, counts[code] ?? 0]);
}

/**
 * How many events have each type of target, by its code. Counts events, not targets: one with two documents has the
 * type "document" once.
 *
 * @param events which count; all when undefined.
 */
export function countTargetTypes(
  { starts, types: { texts, codes } }: TargetColumns,
  events?: Uint32Array,
): Uint32Array {
  const counts = new Uint32Array(texts.length);
  /** The event, from 1, that was the last to have the type. */
  const last = new Uint32Array(texts.length);
  const length = events?.length ?? starts.length - 1;
  for (let at = 0; at < length; at++) {
    const event = events === undefined ? at : (events[at] ?? 0);
    const end = starts[event + 1] ?? 0;
    for (let target = starts[event] ?? 0; target < end; target++) {
      const code = codes[target] ?? 0;
      if (last[code] !== event + 1) {
        last[code] = event + 1;
        counts[code] = (counts[code] ?? 0) + 1;
      }
    }
  }
  return counts;
}

function countQuarters(times: Float64Array): [number, number][] {
  const counts = new Map<number, number>();
  let [last, count] = [0, 0];
  // Times come nearly in order, so most are in the quarter of the one before.
  for (const time of times) {
    const quarter = Math.floor(time / QUARTER_MS);
    if (quarter !== last) {
      last = quarter;
      count = counts.get(quarter) ?? 0;
    }
    counts.set(quarter, ++count);
  }
  return counts.size * EVENTS_PER_QUARTER_MIN > times.length ? [] : [...counts];
}
