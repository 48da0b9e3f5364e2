/** Turns what was measured of the layouts into tables: one for each corpus, layouts side by side. */
import type { PartReport } from "../part.ts";
import { percentile } from "../statistics.ts";
import { textTable } from "../text-table.ts";
import type { Answered, CorpusName, Purged } from "./commands.ts";
import type { LayoutName } from "./layout.ts";

export interface Filled {
  readonly events: number;
  readonly ms: number;
  readonly cpuMicros: number;
  readonly rowsWritten: number;
  /** The size of the database in the end. */
  readonly bytes: number;
}

/** What was asked once, with the CPU that the server took for it, HTTP included. */
export interface Answer extends Answered {
  readonly cpuMs: number;
}

type Asked = readonly { readonly name: string; readonly answers: readonly Answer[] }[];

export interface EngineFigures {
  readonly layout: LayoutName;
  readonly corpus: CorpusName;
  readonly events: number;
  readonly singles: Filled;
  readonly batches: Filled;
  readonly searches: Asked;
  readonly stats: Asked;
  readonly wakeMs: number;
  readonly purge: Purged & { readonly cpuMs: number };
}

type Row = readonly [title: string, figure: (figures: EngineFigures) => string];

const FILLED: readonly (readonly [string, (filled: Filled) => number, number])[] = [
  ["events/s", ({ events, ms }) => (events / ms) * 1_000, 0],
  ["CPU µs an event", ({ cpuMicros, events }) => cpuMicros / events, 1],
  ["rows written an event", ({ rowsWritten, events }) => rowsWritten / events, 3],
];

export function engineReport(all: readonly EngineFigures[]): PartReport {
  const tables = [...Map.groupBy(all, ({ corpus }) => corpus)].map(([corpus, figures]) => ({
    title: `Corpus '${corpus}', ${number(figures[0]?.events ?? 0)} events`,
    rows: tableOf(figures),
  }));
  return {
    text: tables.map(({ title, rows }) => `${title}\n\n${textTable(rows)}`).join("\n\n"),
    markdown: tables
      .map(({ title, rows }) => `### ${title}\n\n${markdownTable(rows)}\n`)
      .join("\n"),
    data: all,
  };
}

function tableOf(figures: readonly EngineFigures[]): string[][] {
  const rows: Row[] = [
    ...FILLED.map(([title, figure, digits]): Row => [
      `batches of 1,000: ${title}`,
      ({ batches }) => number(figure(batches), digits),
    ]),
    ...FILLED.map(([title, figure, digits]): Row => [
      `single events: ${title}`,
      ({ singles }) => number(figure(singles), digits),
    ]),
    ["bytes an event", ({ batches, events }) => number(batches.bytes / events)],
    ...answerRows(figures, ({ searches }) => searches),
    ...answerRows(figures, ({ stats }) => stats),
    [
      "purge of a tenth, ms (CPU ms)",
      ({ purge }) => `${number(purge.ms)} (${number(purge.cpuMs)})`,
    ],
    ["… its slowest step, ms", ({ purge }) => number(purge.slowestStepMs, 1)],
    ["first request after eviction, ms", ({ wakeMs }) => number(wakeMs, 1)],
  ];
  return [
    ["", ...figures.map(({ layout }) => layout)],
    ...rows.map(([title, figure]) => [title, ...figures.map(figure)]),
  ];
}

/** The questions are the same for every layout, because they are chosen from the same events. */
function answerRows(
  figures: readonly EngineFigures[],
  askedOf: (figures: EngineFigures) => Asked,
): Row[] {
  const [first] = figures;
  return (first === undefined ? [] : askedOf(first)).map(({ name }): Row => [
    `${name}: p50 / p95 ms (CPU ms)`,
    (one) => answerText(askedOf(one).find((asked) => asked.name === name)?.answers ?? []),
  ]);
}

function answerText(answers: readonly Answer[]): string {
  const percentiles = (values: readonly number[]) =>
    [50, 95].map((percent) => number(percentile(values, percent), 1)).join(" / ");
  const requests = Math.max(...answers.map((answer) => answer.requests));
  const cpu = percentiles(answers.map(({ cpuMs }) => cpuMs));
  const text = `${percentiles(answers.map(({ ms }) => ms))} (${cpu})`;
  const isCut = answers.some((answer) => answer.isCut);
  const end = isCut ? ", and was not at the end" : "";
  return requests > 1 ? `${text} in ${requests} requests${end}` : text;
}

function number(value: number, digits = 0): string {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString("en", format);
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const rule = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [head, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
