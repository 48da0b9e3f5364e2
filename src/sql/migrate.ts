/**
 * Append-only migrations. `PRAGMA user_version` is not allowed in a Durable Object, so a table remembers what ran.
 * Migrations run synchronously, in an object's constructor: RPC then never meets a database without its tables.
 */
import { firstRow, type Sql } from "./sql.ts";

/** One step of a schema. A released step never changes; a new one is added at the end. */
export interface Migration {
  readonly why: string;
  readonly statements: readonly string[];
}

/** Runs the steps of one component's schema that have not run yet. Components share a database and no tables. */
export function migrate(sql: Sql, component: string, migrations: readonly Migration[]): void {
  sql.run(
    "CREATE TABLE IF NOT EXISTS schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  );
  const done = firstRow<{ version: number }>(
    sql,
    "SELECT version FROM schema_version WHERE component = ?",
    component,
  );
  const pending = migrations.slice(done?.version ?? 0);
  if (pending.length === 0) {
    return;
  }
  sql.transaction(() => {
    for (const statement of pending.flatMap((migration) => migration.statements)) {
      sql.run(statement);
    }
    sql.run("INSERT OR REPLACE INTO schema_version VALUES (?, ?)", component, migrations.length);
  });
}
