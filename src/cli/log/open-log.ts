/** Opens a tenant's database file to read it: of a server that runs, of one that is stopped, or a copy. */
import { existsSync, statSync } from "node:fs";
import type { BlobStore } from "../../blob/blob-store.ts";
import { openBlobStore } from "../../blob/open.ts";
import type { FetchedBlocks } from "../../log/fetched-blocks.ts";
import { Log } from "../../log/log.ts";
import { type FetchLimits, OffloadReader } from "../../log/offload/offload-reader.ts";
import { LOG_MIGRATIONS } from "../../log/schema.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import { CommandError } from "../command.ts";
import { NodeSql } from "../node-sql.ts";
import { folderDisk } from "./folder-disk.ts";

export interface OpenedLog {
  readonly sql: Sql;
  readonly log: Log;
  /** For what of the log is in the blob store. */
  readonly reader: OffloadReader;
  /** Reads with the blocks that it takes from the blob store. */
  readonly ask: <T>(run: (log: Log, fetched: FetchedBlocks) => T) => Promise<T>;
}

/** Blocks of one answer; there is nobody else to be kept waiting. */
const LIMITS: FetchLimits = { firstBlocks: 16, blocks: 256, ms: 60_000 };

/**
 * Nothing is written, and what `read` sees is the log at one moment, however long it takes and whatever a server
 * appends meanwhile.
 *
 * @param blobs the folder of the blob store, if there is one.
 * @throws CommandError when the file, or what it needs of the folder, cannot be read.
 */
export async function withLog<T>(
  file: string,
  blobs: string | undefined,
  read: (opened: OpenedLog) => Promise<T>,
): Promise<T> {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new CommandError(
      `there is no file ${file}. A server keeps its logs in <data folder>/objects/rekishi-TenantLog/*.sqlite.`,
    );
  }
  const sql = openDatabase(file);
  try {
    checkSchema(sql, file);
    return await read(openedLog(sql, blobs));
  } finally {
    sql.close();
  }
}

function openedLog(sql: Sql, blobs: string | undefined): OpenedLog {
  const log = new Log(sql, { organizationId: "", random: () => 0 });
  let fault = "";
  const reader = new OffloadReader({
    sql,
    store: blobs === undefined ? undefined : folderStore(blobs),
    clock: Date.now,
    report: ({ message }) => (fault = message),
  });
  return {
    sql,
    log,
    reader,
    ask: async (run) => {
      const answer = await reader.read((fetched) => run(log, fetched), LIMITS);
      if (answer.ok) {
        return answer.value;
      }
      const isRefused = answer.failure.code !== "tenant_unavailable";
      throw new CommandError(isRefused ? answer.failure.message : outOfReach(fault, blobs));
    },
  };
}

function outOfReach(fault: string, blobs: string | undefined): string {
  return blobs === undefined
    ? `older events of this log are in the blob store (${fault.split(":")[0]}). Give its folder with --blobs; on one machine that is <data folder>/blobs.`
    : `older events of this log are in the blob store, and ${blobs} does not have them: ${fault}`;
}

function folderStore(folder: string): BlobStore {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new CommandError(`there is no folder ${folder}.`);
  }
  const store = openBlobStore({ REKISHI_BLOB_DISK: folderDisk(folder) });
  if (!store.ok || store.value === undefined) {
    throw new Error("A disk service makes a blob store.");
  }
  return store.value;
}

function checkSchema(sql: Sql, file: string): void {
  const version = schemaVersion(sql, file);
  if (version !== LOG_MIGRATIONS.length) {
    const remedy =
      version > LOG_MIGRATIONS.length
        ? "Use the command line of the version that wrote it."
        : "Start a server of this version on it once, or use the command line of the version that wrote it.";
    throw new CommandError(
      `${file} has schema ${version} of the log, and this version reads ${LOG_MIGRATIONS.length}. ${remedy}`,
    );
  }
}

function openDatabase(file: string): NodeSql {
  try {
    const sql = new NodeSql(file, { readOnly: true });
    // One transaction for all that follows.
    sql.run("BEGIN");
    return sql;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function schemaVersion(sql: Sql, file: string): number {
  try {
    const isLog =
      firstRow(sql, "SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'") !== undefined;
    const row = isLog
      ? firstRow<{ version: number }>(
          sql,
          "SELECT version FROM schema_version WHERE component = 'log'",
        )
      : undefined;
    if (row === undefined) {
      throw new CommandError(
        `${file} is no tenant's log. Those are in <data folder>/objects/rekishi-TenantLog, beside metadata.sqlite.`,
      );
    }
    return row.version;
  } catch (error) {
    throw error instanceof CommandError ? error : unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): CommandError {
  const { message } = error as Error;
  return new CommandError(
    `${file} cannot be read as a database: ${message}. Of a server that runs, copy the .sqlite file with SQLite's .backup, or together with its -wal file.`,
  );
}
