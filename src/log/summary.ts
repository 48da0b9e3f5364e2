/** The summary of a segment: counts that answer statistics without filters when the segment counts whole. */
import type { CodedColumn } from "./coded-column.ts";
import type { Columns, TargetColumns } from "./columns.ts";
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
  /**
   * Quarters of events that follow one another, and how many these are: the number of an event tells its quarter. Empty
   * when they are too many. Older segments do not have it.
   */
  readonly quarterRuns?: readonly (readonly [number, number])[];
}

/** More quarters than this would take longer to read than the times themselves. */
const EVENTS_PER_QUARTER_MIN = 16;
/** Runs are read with a summary also by who asks for quarters alone, so they are fewer. */
const EVENTS_PER_RUN_MIN = 64;

export function summarize(columns: Columns): Summary {
  const runs = runsOfQuarters(columns.times);
  return {
    events: columns.times.length,
    actions: withValues(columns.actions.values, countCodes(columns.actions)),
    actorTypes: withValues(columns.actorTypes.values, countCodes(columns.actorTypes)),
    targetTypes: withValues(columns.targets.types.values, countTargetTypes(columns.targets)),
    actors: Array.from(countCodes(columns.actors)),
    quarters: atMost(columns.times.length / EVENTS_PER_QUARTER_MIN, sumsOf(runs)),
    quarterRuns: atMost(columns.times.length / EVENTS_PER_RUN_MIN, runs),
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

function runsOfQuarters(times: Float64Array): [number, number][] {
  const runs: [number, number][] = [];
  let [last, count] = [0, 0];
  for (const time of times) {
    const quarter = Math.floor(time / QUARTER_MS);
    if (quarter !== last && count > 0) {
      runs.push([last, count]);
      count = 0;
    }
    last = quarter;
    count++;
  }
  return count === 0 ? runs : [...runs, [last, count]];
}

function sumsOf(runs: readonly (readonly [number, number])[]): [number, number][] {
  const sums = new Map<number, number>();
  for (const [quarter, count] of runs) {
    sums.set(quarter, (sums.get(quarter) ?? 0) + count);
  }
  return [...sums];
}

function atMost<Item>(most: number, items: Item[]): Item[] {
  return items.length <= most ? items : [];
}
