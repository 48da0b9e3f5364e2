/** What an export's object knows of the export, beside how far its file is. */
import type { Outcome, Trouble } from "../../export/lifecycle.ts";
import type { ExportSpec } from "../../export/spec.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";

export const RECORD_MIGRATIONS: readonly Migration[] = [
  {
    why: "The export: what it is of, how it came out, and what went wrong since it last got on.",
    statements: [
      // `spec` and `outcome` are JSON; there is no outcome while the file is being made.
      `CREATE TABLE export (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        spec TEXT NOT NULL,
        outcome TEXT,
        attempts INTEGER NOT NULL,
        restarts INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT`,
    ],
  },
];

export interface ExportRecord extends Trouble {
  readonly spec: ExportSpec;
  readonly outcome: Outcome | undefined;
  readonly updatedAt: number;
}

type RecordRow = {
  spec: string;
  outcome: string | null;
  attempts: number;
  restarts: number;
  updated_at: number;
};

export function readRecord(sql: Sql): ExportRecord | undefined {
  const row = firstRow<RecordRow>(sql, "SELECT * FROM export");
  return (
    row && {
      spec: JSON.parse(row.spec) as ExportSpec,
      outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as Outcome),
      attempts: row.attempts,
      restarts: row.restarts,
      updatedAt: row.updated_at,
    }
  );
}

export function insertRecord(sql: Sql, spec: ExportSpec): void {
  sql.run(
    "INSERT INTO export VALUES (1, ?, NULL, 0, 0, ?) ON CONFLICT DO NOTHING",
    JSON.stringify(spec),
    spec.createdAt,
  );
}

/** An export that is to be removed stays so, whatever else was under way. */
export function writeOutcome(sql: Sql, outcome: Outcome): void {
  sql.run(
    "UPDATE export SET outcome = ?, updated_at = ? WHERE coalesce(outcome ->> 'state', '') <> 'removed'",
    JSON.stringify(outcome),
    outcome.at,
  );
}

export function writeTrouble(sql: Sql, { attempts, restarts }: Trouble, now: number): void {
  sql.run("UPDATE export SET attempts = ?, restarts = ?, updated_at = ?", attempts, restarts, now);
}
