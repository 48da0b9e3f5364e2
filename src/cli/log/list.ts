/** `rekishi log <file> list` and `search`: events as a table, as the API's list, or one JSON object a line. */
import { readEventQuery } from "../../contract/event-query.ts";
import { eventResource, type EventResource } from "../../contract/event.ts";
import { EVENTS_PAGE_MAX } from "../../kernel/limits.ts";
import { parseLine } from "../../log/line.ts";
import { whereOf } from "../../query/where.ts";
import { OK, type Terminal, UsageError } from "../command.ts";
import { type RowLayout, rowLayout } from "../table.ts";
import {
  type Arguments,
  type Format,
  LIST_OPTIONS,
  readArguments,
  understood,
} from "./arguments.ts";
import type { LogCall } from "./log-verb.ts";
import { type OpenedLog, withLog } from "./open-log.ts";

/** Rows that are laid out at once; the first of them decide how wide the columns are. */
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
  await withLog(file, parsed.blobs, (opened) => print(events(opened, parsed), terminal));
  return OK;
}

async function* events(
  { ask }: OpenedLog,
  { parameters, limit }: Arguments,
): AsyncGenerator<EventResource> {
  const query = understood(readEventQuery(parameters));
  understood(whereOf(query.filter));
  let left = limit;
  let after = query.after;
  do {
    const place = after === undefined ? {} : { after };
    const question = { ...query, limit: Math.min(left, EVENTS_PAGE_MAX), ...place };
    const page = await ask((log, fetched) => log.search(question, 0, fetched));
    for (const line of page.lines) {
      yield eventResource(parseLine(line));
    }
    left -= page.lines.length;
    after = page.after ?? undefined;
  } while (left > 0 && after !== undefined);
}

type Printer = (events: AsyncGenerator<EventResource>, terminal: Terminal) => Promise<void>;

const PRINTERS: Readonly<Record<Format, Printer>> = {
  table: printTable,
  json: printList,
  async ndjson(events, { out }) {
    for await (const event of events) {
      out(`${JSON.stringify(event)}\n`);
    }
  },
};

async function printTable(
  events: AsyncGenerator<EventResource>,
  { out, width }: Terminal,
): Promise<void> {
  let layout: RowLayout | undefined;
  let rows: string[][] = [HEADER];
  const print = (): void => {
    const lay = (layout ??= rowLayout(rows, width));
    out(rows.map((row) => `${lay(row)}\n`).join(""));
    rows = [];
  };
  for await (const event of events) {
    rows.push(rowOf(event));
    if (rows.length >= LAYOUT_ROWS) {
      print();
    }
  }
  print();
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
async function printList(events: AsyncGenerator<EventResource>, { out }: Terminal): Promise<void> {
  let opening = '{"object":"list","data":[';
  for await (const event of events) {
    out(`${opening}\n${JSON.stringify(event)}`);
    opening = ",";
  }
  out(opening === "," ? "\n]}\n" : `${opening}]}\n`);
}
