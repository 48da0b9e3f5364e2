/** `rekishi log <folder>`: which file is the log of which organization. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { StoredEvent } from "../../contract/event.ts";
import { parseLine } from "../../log/line.ts";
import { CommandError, FOUND_FAULTS, OK, type Terminal, UsageError } from "../command.ts";
import { rowLayout } from "../table.ts";
import { readArguments } from "./arguments.ts";
import { withLog } from "./open-log.ts";

const LOGS = join("objects", "rekishi-TenantLog");

interface FoundLog {
  /** Null of a log that has no event, which is the only place where it says whose it is. */
  readonly organization_id: string | null;
  readonly newest_seq: number | null;
  readonly newest_ingested_at: string | null;
  readonly file: string;
}

/** @param folder a server's data folder, or the folder in it that holds the logs. */
export async function organizations(
  folder: string,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { positionals, format, blobs } = readArguments(args, [], false);
  if (positionals.length > 0) {
    throw new UsageError(
      `${folder} is a folder, of which 'log ${folder}' lists the files. '${positionals[0]}' is done with one of them.`,
    );
  }
  const ownBlobs = join(folder, "blobs");
  const store = blobs ?? (existsSync(ownBlobs) ? ownBlobs : undefined);
  const found: FoundLog[] = [];
  let exitCode = OK;
  for (const file of filesOf(folder)) {
    try {
      const newest = await newestEvent(file, store);
      found.push({
        organization_id: newest?.organization_id ?? null,
        newest_seq: newest?.seq ?? null,
        newest_ingested_at: newest?.ingested_at ?? null,
        file,
      });
    } catch (error) {
      if (!(error instanceof CommandError)) {
        throw error;
      }
      terminal.err(`rekishi: ${error.message}\n`);
      exitCode = FOUND_FAULTS;
    }
  }
  found.sort((one, other) =>
    (one.organization_id ?? "~") < (other.organization_id ?? "~") ? -1 : 1,
  );
  terminal.out(PRINTERS[format](found));
  return exitCode;
}

function filesOf(folder: string): string[] {
  const logs = existsSync(join(folder, LOGS)) ? join(folder, LOGS) : folder;
  const names = readdirSync(logs).filter(
    (name) => name.endsWith(".sqlite") && name !== "metadata.sqlite",
  );
  if (names.length === 0) {
    throw new CommandError(
      `there are no logs in ${logs}. A server keeps them in <data folder>/${LOGS}.`,
    );
  }
  return names.map((name) => join(logs, name));
}

async function newestEvent(
  file: string,
  blobs: string | undefined,
): Promise<StoredEvent | undefined> {
  const query = { filter: {}, order: "desc", limit: 1 } as const;
  const { lines } = await withLog(file, blobs, ({ ask }) =>
    ask((log, fetched) => log.search(query, 0, fetched)),
  );
  return lines[0] === undefined ? undefined : parseLine(lines[0]);
}

const PRINTERS = {
  table: (found: readonly FoundLog[]) => {
    const rows = [
      ["ORGANIZATION", "SEQ", "NEWEST EVENT (UTC)", "FILE"],
      ...found.map(({ organization_id: id, newest_seq: seq, newest_ingested_at: at, file }) => [
        id ?? "(no event)",
        String(seq ?? 0),
        at?.replace("T", " ").replace("Z", "") ?? "",
        file,
      ]),
    ];
    // The file is there to be copied, so it is not cut where the terminal ends.
    const layout = rowLayout(rows, Infinity);
    return rows.map((row) => `${layout(row)}\n`).join("");
  },
  json: (found: readonly FoundLog[]) => `${JSON.stringify(found)}\n`,
  ndjson: (found: readonly FoundLog[]) => found.map((one) => `${JSON.stringify(one)}\n`).join(""),
};
