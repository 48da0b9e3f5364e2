/** Opens a tenant's database file to read it: of a server that runs, of one that is stopped, or a copy. */
import { existsSync, statSync } from "node:fs";
import { Log } from "../../log/log.ts";
import { LOG_MIGRATIONS } from "../../log/schema.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import { CommandError } from "../command.ts";
import { NodeSql } from "../node-sql.ts";

export interface OpenedLog {
  readonly log: Log;
  readonly sql: Sql;
}

/**
 * Nothing is written, and what `read` sees is the log at one moment, however long it takes and whatever a server
 * appends meanwhile.
 *
 * @throws CommandError when the file is not one that can be read.
 */
export async function withLog<T>(file: string, read: (opened: OpenedLog) => T): Promise<T> {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new CommandError(
      `there is no file ${file}. A server keeps its logs in <data folder>/objects/rekishi-TenantLog/*.sqlite.`,
    );
  }
  const sql = openDatabase(file);
  try {
    checkSchema(sql, file);
    return read({ sql, log: new Log(sql, { organizationId: "", random: () => 0 }) });
  } finally {
    sql.close();
  }
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
