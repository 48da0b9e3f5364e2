/** The summary of a segment: counts that answer statistics without filters when the segment counts whole. */
import type { CodedColumn, Columns } from "./columns.ts";

/** Quarters of an hour: every time zone in use is a whole number of them away from UTC. */
export const QUARTER_MS = 900_000;

export interface Summary {
  readonly events: number;
  /** Values and how many events have them. */
  readonly actions: readonly (readonly [string, number])[];
  readonly actorTypes: readonly (readonly [string, number])[];
  readonly targetTypes: readonly (readonly [string, number])[];
  /** Quarters since the epoch, and how many events occurred in them. Empty when they are too many. */
  readonly quarters: readonly (readonly [number, number])[];
}

/** More quarters than this would take longer to read than the times themselves. */
const EVENTS_PER_QUARTER_MIN = 16;

export function summarize(columns: Columns): Summary {
  const { starts, types } = columns.targets;
  return {
    events: columns.times.length,
    actions: countCodes(columns.actions),
    actorTypes: countCodes(columns.actorTypes),
    targetTypes: countTargets(starts, types),
    quarters: countQuarters(columns.times),
  };
}

function countCodes({ values, codes }: CodedColumn): [string, number][] {
  const counts = new Uint32Array(values.length);
  for (const code of codes) {
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return values.map((value, code) => [value, counts[code] ?? 0]);
}

/** Counts events, not targets: an event with two documents has the type "document" once. */
export function countTargets(starts: Uint32Array, types: CodedColumn): [string, number][] {
  const counts = new Uint32Array(types.values.length);
  for (let event = 0; event + 1 < starts.length; event++) {
    const codes = types.codes.subarray(starts[event], starts[event + 1]);
    for (const code of codes.length > 1 ? new Set(codes) : codes) {
      counts[code] = (counts[code] ?? 0) + 1;
    }
  }
  return types.values.map((value, code) => [value, counts[code] ?? 0]);
}

function countQuarters(times: Float64Array): [number, number][] {
  const counts = new Map<number, number>();
  for (const time of times) {
    const quarter = Math.floor(time / QUARTER_MS);
    counts.set(quarter, (counts.get(quarter) ?? 0) + 1);
  }
  return counts.size * EVENTS_PER_QUARTER_MIN > times.length ? [] : [...counts];
}
