/** What an organization has set for its own log. Lives in the log's object, which enforces it. */
import type { OwnEvent } from "../../contract/own-event.ts";
import { RETENTION_DAYS_DEFAULT } from "../../kernel/limits.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";

export const SETTINGS_MIGRATIONS: readonly Migration[] = [
  {
    why: "Settings of one organization, a row each.",
    statements: [
      "CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ],
  },
];

export function readRetentionDays(sql: Sql): number {
  return (
    firstRow<{ value: number }>(sql, "SELECT value FROM setting WHERE name = 'retention_days'")
      ?.value ?? RETENTION_DAYS_DEFAULT
  );
}

export function writeRetentionDays(sql: Sql, days: number): void {
  sql.run("INSERT OR REPLACE INTO setting VALUES ('retention_days', ?)", days);
}

export function retentionChanged(
  organizationId: string,
  { before, days }: { readonly before: number; readonly days: number },
): OwnEvent {
  return {
    action: "rekishi.retention_changed",
    targets: [{ id: organizationId, type: "organization" }],
    metadata: { retention_days: days, retention_days_before: before },
  };
}
