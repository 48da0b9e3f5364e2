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
  assignBlocks,
  type BlockInfo,
  blocksBetween,
  deleteBlocks,
  findBlock,
  oldestBlock,
  parseLines,
  readLines,
  writeBlock,
} from "./blocks.ts";
import { type Columns, ColumnsBuilder } from "./columns.ts";
import {
  findOffload,
  forgetOffload,
  forgetPurged,
  nextOffload,
  type Offload,
} from "./offload/offloads.ts";
import {
  deleteSegment,
  dissolveSegment,
  oldestSegment,
  readColumns,
  type SegmentInfo,
  segmentOfBlock,
  writeSegment,
} from "./segments.ts";
import { indexBlock, unindexBlocks } from "./term-index.ts";

export const PURGED_ACTION = "rekishi.retention_purged";

/** Blocks or rows removed in one step: with the largest rows some 10 MB, a few milliseconds. */
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
  /** A block whose run must be brought home before the purge can go on. */
  readonly awayBlockId?: number;
}

/**
 * Removes at most one step of what was ingested before `cutoff`: some blocks, the expired beginning of a block, or some
 * rows of the tail.
 *
 * The columns of a segment hold values of its events. So a segment that has expired whole is dissolved into its blocks
 * first, and one that has expired in part is written again without its beginning. Objects in the blob store hold events
 * too: one of which all have expired is deleted, and one of which some have comes home first.
 */
export function purgeStep(sql: Sql, now: number, cutoff: number, stepRows: number): PurgeStep {
  const block = oldestBlock(sql);
  if (block === undefined) {
    return purgeTail(sql, cutoff, stepRows);
  }
  if (block.firstIngestedAt >= cutoff) {
    return { count: 0, isDone: true };
  }
  const offload = findOffload(sql, block.id);
  if (offload?.isAway === true && !hasExpired(sql, offload, cutoff)) {
    return { count: 0, isDone: false, awayBlockId: block.id };
  }
  const step = purgeSealed(sql, block.id, cutoff, lastIdOfStep(sql, block.id, offload, stepRows));
  if (offload?.isAway === false) {
    forgetOffload(sql, offload, now);
  }
  forgetPurged(sql, now);
  return step;
}

function purgeSealed(sql: Sql, firstId: number, cutoff: number, lastId: number): PurgeStep {
  const segment = segmentOfBlock(sql, firstId);
  if (segment === undefined) {
    return purgeLoose(sql, firstId, cutoff, lastId);
  }
  if (segment.lastIngestedAt >= cutoff) {
    return trimSegment(sql, segment, cutoff, lastId);
  }
  dissolveSegment(sql, segment);
  return { count: 0, isDone: false };
}

/** One step is within one run of blocks that are in the blob store, or ends before the next. */
function lastIdOfStep(sql: Sql, firstId: number, offload: Offload | undefined, stepRows: number) {
  const end = offload?.lastBlockId ?? (nextOffload(sql, firstId)?.firstBlockId ?? Infinity) - 1;
  return Math.min(firstId + stepRows - 1, end);
}

function hasExpired(sql: Sql, { lastBlockId }: Offload, cutoff: number): boolean {
  return (findBlock(sql, lastBlockId)?.lastIngestedAt ?? 0) < cutoff;
}

function purgeLoose(sql: Sql, firstId: number, cutoff: number, lastId: number): PurgeStep {
  const end = oldestSegment(sql)?.id ?? Infinity;
  const blocks = blocksBetween(sql, firstId, lastId).filter(({ id }) => id < end);
  return purgeBlocks(sql, blocks, cutoff).step;
}

/** Makes a segment end the purge: it begins with its first event that has not expired, or some steps before. */
function trimSegment(sql: Sql, segment: SegmentInfo, cutoff: number, lastId: number): PurgeStep {
  const blocks = blocksBetween(sql, segment.id, lastId);
  const builder = new ColumnsBuilder();
  const { step, rewritten } = purgeBlocks(sql, blocks, cutoff);
  const firstSeq = purgedSeq(sql) + 1;
  builder.addAll(readColumns(sql, segment), firstSeq - segment.firstSeq);
  deleteSegment(sql, segment);
  const first = rewritten ?? oldestBlock(sql);
  if (first === undefined) {
    throw new Error(`Segment ${segment.id} says that it has not expired, and has no blocks left.`);
  }
  const columns = builder.columns();
  const { firstIngestedAt } = first;
  const trimmed = { ...segment, id: first.id, firstSeq, firstIngestedAt, ...timesOf(columns) };
  writeSegment(sql, trimmed, columns);
  assignBlocks(sql, first.id, first.id, first.id);
  return step;
}

function timesOf({ times }: Columns): Pick<SegmentInfo, "minOccurredAt" | "maxOccurredAt"> {
  const [first = 0] = times;
  let [minOccurredAt, maxOccurredAt] = [first, first];
  for (const time of times) {
    minOccurredAt = Math.min(minOccurredAt, time);
    maxOccurredAt = Math.max(maxOccurredAt, time);
  }
  return { minOccurredAt, maxOccurredAt };
}

/** Removes what has expired of blocks that follow one another, the oldest; the last may be written again without it. */
function purgeBlocks(sql: Sql, blocks: readonly BlockInfo[], cutoff: number) {
  const expired = blocks.filter(({ lastIngestedAt }) => lastIngestedAt < cutoff);
  const partly = blocks[expired.length];
  const [first] = blocks;
  const lastExpired = expired.at(-1);
  if (first !== undefined && lastExpired !== undefined) {
    removeBlocks(sql, first.id, lastExpired.id);
  }
  if (partly !== undefined && partly.firstIngestedAt < cutoff) {
    const { block, count, lastIngestedAt } = shortenBlock(sql, partly, cutoff);
    const lastSeq = partly.firstSeq + count - 1;
    const step = removed(sql, first?.firstSeq ?? partly.firstSeq, lastSeq, lastIngestedAt);
    return { step, rewritten: block };
  }
  if (first === undefined || lastExpired === undefined) {
    throw new RangeError("Nothing of these blocks has expired.");
  }
  const { lastSeq, lastIngestedAt } = lastExpired;
  return { step: removed(sql, first.firstSeq, lastSeq, lastIngestedAt), rewritten: undefined };
}

function removeBlocks(sql: Sql, firstId: number, lastId: number): void {
  unindexBlocks(sql, firstId, lastId);
  deleteBlocks(sql, firstId, lastId);
}

/** Writes a block again without the events that have expired. */
function shortenBlock(sql: Sql, block: BlockInfo, cutoff: number) {
  const lines = readLines(sql, block.id);
  const events = parseLines(lines);
  const count = events.findIndex(({ ingested_at }) => Date.parse(ingested_at) >= cutoff);
  if (count < 1) {
    throw new Error(
      `Block ${block.id} says that it has expired in part, and its events say that it has not.`,
    );
  }
  removeBlocks(sql, block.id, block.id);
  const kept = events.slice(count);
  const isIndexed = indexBlock(sql, block.id, kept);
  const shortened = writeBlock(sql, block.id, lines.slice(count), kept, isIndexed);
  const lastIngestedAt = Date.parse(events[count - 1]?.ingested_at ?? "");
  return { block: shortened, count, lastIngestedAt };
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
