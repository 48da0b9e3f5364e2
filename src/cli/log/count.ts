/** `rekishi log <file> count`: how many events match, when they occurred, and their most frequent values. */
import { readStatsQuery, type StatsAnswer } from "../../contract/stats.ts";
import { statsAnswer } from "../../log/stats-answer.ts";
import { whereOf } from "../../query/where.ts";
import { OK, type Terminal, UsageError } from "../command.ts";
import { rowLayout } from "../table.ts";
import { COUNT_OPTIONS, readArguments, understood } from "./arguments.ts";
import type { LogCall } from "./log-verb.ts";
import { withLog } from "./open-log.ts";

export async function count({ file, args }: LogCall, terminal: Terminal): Promise<number> {
  const { positionals, parameters, format, blobs } = readArguments(args, COUNT_OPTIONS, false);
  const [q, ...others] = positionals;
  if (others.length > 0) {
    throw new UsageError("count takes one query, in quotes when it has spaces.");
  }
  if (q !== undefined) {
    parameters.set("q", q);
  }
  const query = understood(readStatsQuery(parameters));
  understood(whereOf(query.filter));
  const answer = statsAnswer(
    await withLog(file, blobs, async ({ log, ask }) => {
      const step = log.count(query, 0);
      for (;;) {
        const stats = await ask((_, fetched) => step(fetched));
        if (stats !== undefined) {
          return stats;
        }
      }
    }),
  );
  terminal.out(format === "table" ? textOf(answer, terminal.width) : `${JSON.stringify(answer)}\n`);
  return OK;
}

function textOf({ total, interval, histogram, facets, other }: StatsAnswer, width: number): string {
  const when = histogram.map(({ start, count }) => [start, String(count)]);
  const values = Object.entries(facets).map(([name, counts]) => [
    [name.toUpperCase().replace("_", " "), "EVENTS"],
    ...counts.map(({ value, count }) => [value, String(count)]),
    ...((other[name] ?? 0) > 0 ? [["(others)", String(other[name])]] : []),
  ]);
  const tables = [[[`BY ${interval.toUpperCase()}`, "EVENTS"], ...when], ...values];
  return [`${total} events\n`, ...tables.map((rows) => tableOf(rows, width))].join("\n");
}

function tableOf(rows: readonly (readonly string[])[], width: number): string {
  const layout = rowLayout(rows, width);
  return rows.map((row) => `${layout(row)}\n`).join("");
}
