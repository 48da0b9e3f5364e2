/**
 * Retention: events leave the log from its old end, by ingested_at, in steps of bounded size.
 *
 * `ingested_at` grows with seq, so what has expired is always a prefix. Reads hide it from the moment it expires; a
 * purge then frees the space. What a purge removed is recorded as an event in the log, once per run: the count is
 * kept in the database until then, so a crash in the middle of a run loses nothing of it.
 */
import type { AuditEvent } from "../contract/event.ts";
import { type OwnEvent, ownEvent, REKISHI } from "../contract/own-event.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { firstRow, type Sql } from "../sql/sql.ts";
import {
  type BlockInfo,
  deleteBlocks,
  oldestBlock,
  parseLines,
  readLines,
  writeBlock,
} from "./blocks.ts";
import { dissolveSegment, type SegmentInfo, segmentOfBlock } from "./segments.ts";
import { indexBlock, unindexBlocks } from "./term-index.ts";

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

/** What a step of the purge took away. */
export interface PurgeStep {
  /** Events removed; 0 with `isDone` false when a step only prepared the next. */
  readonly count: number;
  readonly isDone: boolean;
}

/**
 * Removes at most one step of what was ingested before `cutoff`: a whole segment, or a loose block, or the expired
 * beginning of a block, or some rows of the tail. A segment that has expired in part is dissolved into its blocks
 * first, because its columns hold values of expired events.
 */
export function purgeStep(sql: Sql, cutoff: number, stepRows: number): PurgeStep {
  const block = oldestBlock(sql);
  if (block === undefined) {
    return purgeTail(sql, cutoff, stepRows);
  }
  if (block.firstIngestedAt >= cutoff) {
    return { count: 0, isDone: true };
  }
  const segment = segmentOfBlock(sql, block.id);
  if (segment !== undefined && segment.lastIngestedAt < cutoff) {
    return purgeSegment(sql, segment);
  }
  if (segment !== undefined) {
    dissolveSegment(sql, segment);
    return { count: 0, isDone: false };
  }
  return purgeBlock(sql, block, cutoff);
}

function purgeSegment(sql: Sql, segment: SegmentInfo): PurgeStep {
  dissolveSegment(sql, segment);
  unindexBlocks(sql, segment.id, segment.lastBlockId);
  deleteBlocks(sql, segment.id, segment.lastBlockId);
  return removed(sql, segment.firstSeq, segment.lastSeq, segment.lastIngestedAt);
}

/** Removes a block, or writes it again without the events that have expired. */
function purgeBlock(sql: Sql, block: BlockInfo, cutoff: number): PurgeStep {
  const lines = readLines(sql, block.id);
  const events = parseLines(lines);
  const kept = events.findIndex(({ ingested_at }) => Date.parse(ingested_at) >= cutoff);
  const count = kept === -1 ? events.length : kept;
  if (count === 0) {
    throw new Error(
      `Block ${block.id} says that it has expired, and its events say that they have not.`,
    );
  }
  unindexBlocks(sql, block.id, block.id);
  deleteBlocks(sql, block.id, block.id);
  if (kept !== -1) {
    const isIndexed = indexBlock(sql, block.id, events.slice(kept));
    writeBlock(sql, block.id, lines.slice(kept), events.slice(kept), isIndexed);
  }
  const last = Date.parse(events[count - 1]?.ingested_at ?? "");
  return removed(sql, block.firstSeq, block.firstSeq + count - 1, last);
}

/** The tail expires by rows, because all events of a row were ingested at once. */
function purgeTail(sql: Sql, cutoff: number, stepRows: number): PurgeStep {
  const rows = Array.from(
    sql.rows<{ first_seq: number; last_seq: number; ingested_at: number }>(
      "SELECT first_seq, last_seq, ingested_at FROM tail ORDER BY first_seq LIMIT ?",
      stepRows,
    ),
  ).filter((row) => row.ingested_at < cutoff);
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) {
    return { count: 0, isDone: true };
  }
  sql.run("DELETE FROM tail WHERE first_seq <= ?", last.first_seq);
  // A row may begin with events that were sealed, and purged with their block.
  return removed(
    sql,
    Math.max(first.first_seq, purgedSeq(sql) + 1),
    last.last_seq,
    last.ingested_at,
  );
}

function removed(sql: Sql, firstSeq: number, lastSeq: number, lastIngestedAt: number): PurgeStep {
  const count = lastSeq - firstSeq + 1;
  sql.run(
    `UPDATE purge SET purged_seq = ?, purged_ingested_at = ?,
       run_first_seq = coalesce(run_first_seq, ?), run_count = run_count + ?`,
    lastSeq,
    lastIngestedAt,
    firstSeq,
    count,
  );
  return { count, isDone: false };
}

/** Everything up to this seq is gone from the database. */
export function purgedSeq(sql: Sql): number {
  return firstRow<{ purged_seq: number }>(sql, "SELECT purged_seq FROM purge")?.purged_seq ?? 0;
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
  const own: OwnEvent = {
    action: PURGED_ACTION,
    targets: [{ id: organizationId, type: "audit_log" }],
    metadata: {
      count: run.count,
      first_seq: run.firstSeq,
      last_seq: run.lastSeq,
      retention_days: retentionDays,
    },
  };
  return ownEvent(own, REKISHI, now);
}
