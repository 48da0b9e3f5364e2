/** Turns what was measured of exports into tables. */
import type { LoadResult } from "./load-messages.ts";
import type { PartReport } from "./part.ts";
import { median } from "./statistics.ts";
import { textTable } from "./text-table.ts";

export interface ExportMeasurement {
  readonly format: string;
  readonly events: number;
  /** In bytes, as all memory here. */
  readonly size: number;
  readonly elapsedMs: number;
  readonly cpuMicros: number;
  readonly residentBefore: number;
  readonly residentPeak: number;
}

export interface ExportsResult {
  readonly stored: number;
  readonly measurements: readonly ExportMeasurement[];
  /** Appends without an export, and beside one. */
  readonly alone: LoadResult;
  readonly beside: LoadResult;
  /** An export that was over before the appends were says nothing about them. */
  readonly wasExportRunning: boolean;
}

const MIB = 1024 * 1024;

const COLUMNS: readonly (readonly [string, (one: ExportMeasurement) => string])[] = [
  ["events", ({ events }) => events.toLocaleString("en")],
  ["MiB", ({ size }) => (size / MIB).toFixed(0)],
  ["rows/s", ({ events, elapsedMs }) => perSecond(events, elapsedMs)],
  ["CPU µs/row", ({ events, cpuMicros }) => (cpuMicros / events).toFixed(1)],
  ["rows/s of one core", ({ events, cpuMicros }) => perSecond(events, cpuMicros / 1_000)],
  ["RSS before MiB", ({ residentBefore }) => (residentBefore / MIB).toFixed(0)],
  ["RSS peak MiB", ({ residentPeak }) => (residentPeak / MIB).toFixed(0)],
];

export function exportsReport(result: ExportsResult): PartReport {
  const { stored, measurements, alone, beside, wasExportRunning } = result;
  const formats = [...new Set(measurements.map(({ format }) => format))];
  const rows = formats.map((format) => {
    const of = measurements.filter((one) => one.format === format);
    const middle = median(of.map(({ cpuMicros }) => cpuMicros));
    const one = of.find(({ cpuMicros }) => cpuMicros === middle);
    return [format, ...COLUMNS.map(([, figure]) => (one === undefined ? "–" : figure(one)))];
  });
  const text = [
    textTable([[`of ${stored.toLocaleString("en")}`, ...COLUMNS.map(([title]) => title)], ...rows]),
    "",
    textTable([
      ["appends", "events/s", "p50 ms", "p95 ms", "p99 ms"],
      appendRow("without an export", alone),
      appendRow("beside an export", beside),
    ]),
    "",
    wasExportRunning
      ? "The export ran all the while."
      : "The export was over before the appends were: take more events.",
    "The round with the median CPU of each format. CPU is that of the whole server, reading back and polling included.",
    "RSS is that of the whole server, its SQLite caches included.",
  ].join("\n");
  return { text, data: result };
}

function appendRow(name: string, { events, elapsedMs, p50, p95, p99 }: LoadResult): string[] {
  return [name, perSecond(events, elapsedMs), p50.toFixed(1), p95.toFixed(1), p99.toFixed(1)];
}

function perSecond(count: number, milliseconds: number): string {
  return Math.round((count / milliseconds) * 1_000).toLocaleString("en");
}
