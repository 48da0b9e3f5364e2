/** `rekishi log`: looks into a tenant's database file, for support, for checking a backup, and for tests. */
import { existsSync, statSync } from "node:fs";
import { type Command, UsageError } from "../command.ts";
import { count } from "./count.ts";
import { list } from "./list.ts";
import type { LogVerb } from "./log-verb.ts";
import { organizations } from "./organizations.ts";
import { verify } from "./verify.ts";

const VERBS: Readonly<Record<string, LogVerb>> = { list, search: list, count, verify };

export const logCommand: Command = {
  name: "log",
  summary: "lists, searches, counts and verifies the events in a tenant's database file",
  help: `Usage: npm run rekishi -- log <folder>
       npm run rekishi -- log <file.sqlite> <verb> [options]

Of a server's data folder it lists which file is the log of which organization.

A file is opened read-only: of a server that runs, or a copy. Everything that is stored is shown, also events whose
retention has expired and that the next purge will remove.

Verbs:
  list             the newest events, or those that the filters name
  search <query>   the same, with a query in the query language of the API
  count [<query>]  how many events there are, when, and of which kinds
  verify           reads everything and says whether it agrees with itself; exit code 1 when not

Filters (one that comes several times holds alternatives):
  --action A  --actor-id ID  --actor-name NAME  --actor-type TYPE  --target-id ID  --target-type TYPE
  --from TIME, --to TIME   on occurred_at: dates, which begin in UTC, or times with an offset; --to is exclusive

Options:
  --blobs FOLDER  where the blob store is, when older events are there: <data folder>/blobs on one machine
  --format F      table (default), json or ndjson
  --limit N       list, search: how many events, or 'all' (default 100)
  --order O       list, search: desc (default) or asc
  --interval I    count: auto (default), minute, hour, day, week or month
  --time-zone Z   count: of the intervals, UTC unless given
  --facet F       count: action, actor, actor_type or target_type (default: all four)

Examples:
  npm run rekishi -- log .rekishi
  npm run rekishi -- log .rekishi/objects/rekishi-TenantLog/0123….sqlite search '契約 action:document.*' --limit 5
`,

  async run([path, ...rest], terminal) {
    if (path !== undefined && existsSync(path) && statSync(path).isDirectory()) {
      return organizations(path, rest, terminal);
    }
    const [verb, ...args] = rest;
    if (path === undefined || verb === undefined) {
      throw new UsageError(
        "log needs a folder, or a file and a verb, as in: log <file.sqlite> list. See log --help.",
      );
    }
    const run = VERBS[verb];
    if (run === undefined) {
      const verbs = Object.keys(VERBS).join(", ");
      throw new UsageError(`log has no verb '${verb}'. It has: ${verbs}.`);
    }
    return run({ file: path, verb, args }, terminal);
  },
};
