/**
 * Retention: events leave the log from its old end, by ingested_at, in steps of bounded size.
 *
 * `ingested_at` grows with seq, so what has expired is always a prefix. Reads hide it from the moment it expires; a
 * purge then frees the space. What a purge removed is recorded as an event in the log, once per run: the count is
 * kept in the database until then, so a crash in the middle of a run loses nothing of it.
 */
import type { AuditEvent } from "../contract/event.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { firstRow, type Sql } from "../sql/sql.ts";

export const PURGED_ACTION = "rekishi.retention_purged";

/** Rows removed in one step: with the largest rows some 10 MB, a few milliseconds. */
export const PURGE_STEP_ROWS = 32;

/** Events ingested before this moment have expired. */
export function retentionCutoff(now: number, retentionDays: number): number {
  return now - retentionDays * DAY_MS;
}

/** What one run of the purge has removed so far. */
export interface PurgeRun {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
}

/** Removes at most one step of expired rows. Says how many events went, 0 when none is left. */
export function purgeStep(sql: Sql, cutoff: number, stepRows: number): number {
  const rows = [
    ...sql.rows<{ first_seq: number; last_seq: number; ingested_at: number }>(
      "SELECT first_seq, last_seq, ingested_at FROM tail ORDER BY first_seq LIMIT ?",
      stepRows,
    ),
  ].filter((row) => row.ingested_at < cutoff);
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) {
    return 0;
  }
  const count = last.last_seq - first.first_seq + 1;
  sql.run("DELETE FROM tail WHERE first_seq <= ?", last.first_seq);
  sql.run(
    `UPDATE purge SET purged_seq = ?, purged_ingested_at = ?,
       run_first_seq = coalesce(run_first_seq, ?), run_count = run_count + ?`,
    last.last_seq,
    last.ingested_at,
    first.first_seq,
    count,
  );
  return count;
}

/** Ends the run under way and says what it removed; undefined when it removed nothing. */
export function endPurgeRun(sql: Sql): PurgeRun | undefined {
  const run = firstRow<{ run_first_seq: number | null; purged_seq: number; run_count: number }>(
    sql,
    "SELECT run_first_seq, purged_seq, run_count FROM purge",
  );
  if (run === undefined || run.run_first_seq === null) {
    return undefined;
  }
  sql.run("UPDATE purge SET run_first_seq = NULL, run_count = 0");
  return { firstSeq: run.run_first_seq, lastSeq: run.purged_seq, count: run.run_count };
}

export function purgedEvent(
  run: PurgeRun,
  organizationId: string,
  retentionDays: number,
  now: number,
): AuditEvent {
  return {
    action: PURGED_ACTION,
    actor: { id: "rekishi", type: "system" },
    context: { location: "rekishi" },
    metadata: {
      count: run.count,
      first_seq: run.firstSeq,
      last_seq: run.lastSeq,
      retention_days: retentionDays,
    },
    occurred_at: new Date(now).toISOString(),
    targets: [{ id: organizationId, type: "audit_log" }],
  };
}
