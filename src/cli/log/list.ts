/** `rekishi log <file> list` and `search`: events as a table, as the API's list, or one JSON object a line. */
import { readEventQuery } from "../../contract/event-query.ts";
import { eventResource, type EventResource } from "../../contract/event.ts";
import { EVENTS_PAGE_MAX } from "../../kernel/limits.ts";
import { parseLine } from "../../log/line.ts";
import type { Log } from "../../log/log.ts";
import { whereOf } from "../../query/where.ts";
import { OK, type Terminal, UsageError } from "../command.ts";
import { rowLayout } from "../table.ts";
import {
  type Arguments,
  type Format,
  LIST_OPTIONS,
  readArguments,
  understood,
} from "./arguments.ts";
import type { LogCall } from "./log-verb.ts";
import { withLog } from "./open-log.ts";

/** Rows whose widths decide those of the table: all of them need not be held. */
const LAYOUT_ROWS = 1_000;
const HEADER = ["SEQ", "OCCURRED (UTC)", "ACTION", "ACTOR", "TARGETS", "LOCATION"];

export async function list({ file, verb, args }: LogCall, terminal: Terminal): Promise<number> {
  const parsed = readArguments(args, LIST_OPTIONS, true);
  const [q, ...others] = parsed.positionals;
  if ((verb === "search") !== (q !== undefined) || others.length > 0) {
    throw new UsageError(
      verb === "search"
        ? "search needs one query, in quotes when it has spaces: search 'actor.id:u_1 -login'."
        : `list takes options only, and there is '${q}'. To search, use the verb 'search'.`,
    );
  }
  if (q !== undefined) {
    parsed.parameters.set("q", q);
  }
  const print = PRINTERS[parsed.format];
  await withLog(file, ({ log }) => print(events(log, parsed), terminal));
  return OK;
}

function* events(log: Log, { parameters, limit }: Arguments): Iterable<EventResource> {
  const query = understood(readEventQuery(parameters));
  understood(whereOf(query.filter));
  let left = limit;
  let after = query.after;
  do {
    const place = after === undefined ? {} : { after };
    const page = log.search({ ...query, limit: Math.min(left, EVENTS_PAGE_MAX), ...place }, 0);
    for (const line of page.lines) {
      yield eventResource(parseLine(line));
    }
    left -= page.lines.length;
    after = page.after ?? undefined;
  } while (left > 0 && after !== undefined);
}

type Printer = (events: Iterable<EventResource>, terminal: Terminal) => void;

const PRINTERS: Readonly<Record<Format, Printer>> = {
  table: printTable,
  json: printList,
  ndjson(events, { out }) {
    for (const event of events) {
      out(`${JSON.stringify(event)}\n`);
    }
  },
};

function printTable(events: Iterable<EventResource>, { out, width }: Terminal): void {
  const iterator = events[Symbol.iterator]();
  const first: string[][] = [];
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    first.push(rowOf(next.value));
    if (first.length === LAYOUT_ROWS) {
      break;
    }
  }
  const layout = rowLayout([HEADER, ...first], width);
  out([HEADER, ...first].map((row) => `${layout(row)}\n`).join(""));
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    out(`${layout(rowOf(next.value))}\n`);
  }
}

function rowOf(event: EventResource): string[] {
  return [
    String(event.seq),
    event.occurred_at.replace("T", " ").replace("Z", ""),
    event.action,
    event.actor.name ?? event.actor.id,
    event.targets.map(({ id, name }) => name ?? id).join(", "),
    event.context.location,
  ];
}

/** The list that the API would give, written as it is read. */
function printList(events: Iterable<EventResource>, { out }: Terminal): void {
  let separator = "";
  out('{"object":"list","data":[');
  for (const event of events) {
    out(`${separator}\n${JSON.stringify(event)}`);
    separator = ",";
  }
  out("\n]}\n");
}
