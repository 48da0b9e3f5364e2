/** Turns what was measured of ingestion into a table, the ratios that have goals, and plain data. */
import {
  ANSWERED,
  BATCH,
  CARRIED,
  CARRY,
  type Measurement,
  type Measurements,
  NOOP,
  NOOP_ROUTE,
  QUIET,
  RPC,
  RPC_ROUTE,
  type Scenario,
  SINGLE,
  UNCHECKED,
} from "./ingest-scenarios.ts";
import type { PartReport } from "./part.ts";
import { median } from "./statistics.ts";
import { textTable } from "./text-table.ts";

/** A single event, in CPU, against an empty RPC to the same object, as a route and without the router. */
const GOAL = 1.5;
const LATER_GOAL = 1.3;
/** What authentication and validation may leave of an event's CPU to everything else, at least. */
const UNCHECKED_GOAL = 0.85;

interface Ratio {
  readonly of: string;
  readonly to: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function ingestReport(
  measurements: Measurements,
  groupSize: number | undefined,
): PartReport {
  const ratios = [
    ratio(measurements, SINGLE, RPC_ROUTE),
    ratio(measurements, SINGLE, NOOP_ROUTE),
    ratio(measurements, SINGLE, RPC),
    ratio(measurements, SINGLE, NOOP),
    ratio(measurements, SINGLE, CARRY),
    ratio(measurements, RPC_ROUTE, RPC),
    ratio(measurements, ANSWERED, RPC),
    ratio(measurements, CARRIED, RPC),
    ratio(measurements, UNCHECKED, SINGLE),
    ratio(measurements, QUIET, SINGLE),
    ratio(measurements, BATCH, SINGLE),
  ];
  const text = [
    table(measurements),
    "",
    ...ratios.map(ratioText),
    "",
    `Requests that shared a commit, on average: ${groupSize?.toFixed(1) ?? "unknown"}.`,
    "Medians of all rounds. CPU µs are those of the server process; its log goes to /dev/null.",
    "CPU % are of one core; 'other' is everything else on the machine: near 0 in a run to be trusted.",
  ].join("\n");
  return { text, data: reportData(measurements, ratios, groupSize) };
}

interface Column {
  readonly title: string;
  readonly digits: number;
  readonly figure: (one: Measurement) => number;
}

const COLUMNS: readonly Column[] = [
  { title: "requests/s", digits: 0, figure: (one) => (one.requests / one.elapsedMs) * 1_000 },
  { title: "events/s", digits: 0, figure: eventsPerSecond },
  { title: "CPU µs/request", digits: 0, figure: (one) => one.serverCpuMicros / one.requests },
  { title: "CPU µs/event", digits: 1, figure: cpuPerEvent },
  { title: "p50 ms", digits: 1, figure: (one) => one.p50 },
  { title: "p95 ms", digits: 1, figure: (one) => one.p95 },
  { title: "p99 ms", digits: 1, figure: (one) => one.p99 },
  { title: "server CPU %", digits: 0, figure: (one) => percentOfCore(one, one.serverCpuMicros) },
  { title: "load CPU %", digits: 0, figure: (one) => percentOfCore(one, one.loadCpuMicros) },
  { title: "other CPU %", digits: 0, figure: (one) => percentOfCore(one, one.otherCpuMicros) },
];

function table(measurements: Measurements): string {
  const rows = [["", ...COLUMNS.map(({ title }) => title)]];
  for (const [scenario, measured] of measurements) {
    rows.push([scenario.name, ...COLUMNS.map((column) => cell(column, measured))]);
  }
  return textTable(rows);
}

/** A dash where the figure has no meaning, such as events a second of a scenario without events. */
function cell({ digits, figure }: Column, measured: readonly Measurement[]): string {
  const value = median(measured.map(figure));
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return !Number.isFinite(value) ? "–" : value.toLocaleString("en", format);
}

function percentOfCore(one: Measurement, micros: number): number {
  return micros / one.elapsedMs / 10;
}

/** Not a number where a scenario stores no events. */
function eventsPerSecond(one: Measurement): number {
  return one.events > 0 ? (one.events / one.elapsedMs) * 1_000 : Number.NaN;
}

/** Infinite where a scenario stores no events. */
function cpuPerEvent(one: Measurement): number {
  return one.serverCpuMicros / one.events;
}

/** CPU of one event, or of one request where no event is stored. */
function cpuPerUnit(one: Measurement): number {
  return one.serverCpuMicros / (one.events > 0 ? one.events : one.requests);
}

/** Each round gives a ratio of its own, so what slowed a whole round does not count. */
function ratio(measurements: Measurements, of: Scenario, to: Scenario): Ratio {
  const divisors = measurements.get(to) ?? [];
  const values = (measurements.get(of) ?? []).map((one, round) => {
    const divisor = divisors[round];
    return divisor === undefined ? Number.NaN : cpuPerUnit(one) / cpuPerUnit(divisor);
  });
  return {
    of: of.name,
    to: to.name,
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

function ratioText({ of, to, median: middle, min, max }: Ratio): string {
  const figures = `${middle.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
  return `CPU ratio, ${of} / ${to}: ${figures}${goalText(of, to)}`;
}

function goalText(of: string, to: string): string {
  if (of === SINGLE.name && (to === RPC.name || to === RPC_ROUTE.name)) {
    return `   goal ≤ ${GOAL}, later ≤ ${LATER_GOAL}`;
  }
  return of === UNCHECKED.name ? `   goal ≥ ${UNCHECKED_GOAL}` : "";
}

function reportData(
  measurements: Measurements,
  ratios: readonly Ratio[],
  groupSize: number | undefined,
): unknown {
  return {
    goals: { singleToRpc: GOAL, singleToRpcLater: LATER_GOAL, uncheckedToSingle: UNCHECKED_GOAL },
    ratios,
    meanGroupSize: groupSize ?? null,
    scenarios: [...measurements].map(([scenario, rounds]) => ({ scenario, rounds })),
  };
}
