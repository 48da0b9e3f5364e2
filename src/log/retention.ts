/**
 * Retention: events leave the log from its old end, by ingested_at.
 *
 * `ingested_at` grows with seq, so what has expired is always a prefix. Reads hide it from the moment it expires. A run of
 * the purge first writes down how far that prefix reaches: from then on those events are gone for good. Then it removes
 * them in steps of bounded size, each a transaction of its own, so a crash in the middle of a run loses nothing of it.
 * What a run removed is recorded as an event in the log.
 */
import type { AuditEvent } from "../contract/event.ts";
import { type OwnEvent, ownEvent, REKISHI } from "../contract/own-event.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { firstRow, type Sql } from "../sql/sql.ts";
import { makeBlock } from "./block-maker.ts";
import {
  type BlockInfo,
  blocksBetween,
  deleteBlocks,
  findBlock,
  firstBlockAfter,
  oldestBlock,
  readLines,
  writeBlock,
} from "./blocks.ts";
import {
  findOffload,
  forgetOffload,
  forgetPurged,
  nextOffload,
  type Offload,
  timesOfBlock,
} from "./offload/offloads.ts";
import type { SegmentRewriter } from "./segment-rewrite.ts";
import { deleteSegment, oldestSegment, type SegmentInfo, segmentOfBlock } from "./segments.ts";
import { dropTailRows } from "./tail.ts";
import { unindexBlocks } from "./term-index.ts";

export const PURGED_ACTION = "rekishi.retention_purged";

/** Blocks or rows removed in one step: with the largest rows some 10 MB, a few milliseconds. */
export const PURGE_STEP_ROWS = 32;

/** Events ingested before this moment have expired. */
export function retentionCutoff(now: number, retentionDays: number): number {
  return now - retentionDays * DAY_MS;
}

/** What one run of the purge removes. */
export interface PurgeRun {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
}

/** What a step of the purge left to do. */
export interface PurgeStep {
  /** Nothing is left of what was purged. */
  readonly isDone: boolean;
  /** A block whose run must be brought home before the purge can go on. */
  readonly awayBlockId?: number;
}

/** Everything up to this seq is gone, although some of it may still have to be removed. */
export function purgedSeq(sql: Sql): number {
  return firstRow<{ purged_seq: number }>(sql, "SELECT purged_seq FROM purge")?.purged_seq ?? 0;
}

/**
 * Begins a run: the events up to `lastSeq` are gone, all of them ingested before `cutoff`.
 *
 * @returns false when they were gone already.
 */
export function beginPurgeRun(sql: Sql, lastSeq: number, cutoff: number): boolean {
  const before = purgedSeq(sql);
  if (lastSeq <= before) {
    return false;
  }
  sql.run(
    "UPDATE purge SET purged_seq = ?, purged_ingested_at = ?, run_first_seq = ?, run_count = ?",
    lastSeq,
    cutoff - 1,
    before + 1,
    lastSeq - before,
  );
  return true;
}

/** The run under way. */
export function findPurgeRun(sql: Sql): PurgeRun | undefined {
  const run = firstRow<{ run_first_seq: number | null; purged_seq: number; run_count: number }>(
    sql,
    "SELECT run_first_seq, purged_seq, run_count FROM purge",
  );
  return run === undefined || run.run_first_seq === null
    ? undefined
    : { firstSeq: run.run_first_seq, lastSeq: run.purged_seq, count: run.run_count };
}

export function endPurgeRun(sql: Sql): void {
  sql.run("UPDATE purge SET run_first_seq = NULL, run_count = 0");
}

/**
 * Removes at most one step of what was purged: a segment or a part of its columns, some blocks, the beginning of a block,
 * or some rows of the tail.
 *
 * The columns of a segment hold values of its events. So they go first: those of a segment that was purged whole, and
 * the beginning of those of one that was purged in part. A block that was purged in part is written again without its
 * beginning. Objects in the blob store hold events too: one that was purged whole is deleted, and one that was purged in
 * part comes home first.
 *
 * @param rewriter remembers, from step to step, what was done for the next.
 */
export function purgeStep(
  sql: Sql,
  now: number,
  stepRows: number,
  rewriter: SegmentRewriter,
): PurgeStep {
  const endSeq = purgedSeq(sql);
  const segment = oldestSegment(sql);
  if (segment !== undefined && segment.firstSeq <= endSeq) {
    purgeSegment(sql, segment, endSeq, rewriter);
    return { isDone: false };
  }
  const block = oldestBlock(sql);
  if (block === undefined || block.firstSeq > endSeq) {
    return { isDone: !dropTailRows(sql, endSeq, stepRows) };
  }
  const offload = findOffload(sql, block.id);
  if (offload?.isAway === true && !isPurgedWhole(sql, offload, endSeq)) {
    return { isDone: false, awayBlockId: block.id };
  }
  if (block.lastSeq > endSeq) {
    shortenBlock(sql, block, endSeq);
  } else {
    const lastId = lastIdOfStep(sql, block.id, offload, stepRows);
    const purged = blocksBetween(sql, block.id, lastId).filter(({ lastSeq }) => lastSeq <= endSeq);
    removeBlocks(sql, block.id, purged.at(-1)?.id ?? block.id);
  }
  if (offload?.isAway === false) {
    forgetOffload(sql, offload, now);
  }
  forgetPurged(sql, now);
  return { isDone: false };
}

/** A segment that was purged in part loses its beginning, in several steps. */
function purgeSegment(
  sql: Sql,
  segment: SegmentInfo,
  endSeq: number,
  rewriter: SegmentRewriter,
): void {
  const first = segment.lastSeq > endSeq ? firstBlockAfter(sql, endSeq) : undefined;
  if (first === undefined) {
    deleteSegment(sql, segment);
    return;
  }
  const firstSeq = endSeq + 1;
  const firstIngestedAt = timesOfBlock(sql, first)[firstSeq - first.firstSeq] ?? 0;
  rewriter.step([segment], { id: first.id, firstSeq, firstIngestedAt });
}

function isPurgedWhole(sql: Sql, { lastBlockId }: Offload, endSeq: number): boolean {
  return (findBlock(sql, lastBlockId)?.lastSeq ?? 0) <= endSeq;
}

/** One step is within one run of blocks that are in the blob store, or ends before the next. */
function lastIdOfStep(sql: Sql, firstId: number, offload: Offload | undefined, stepRows: number) {
  const end = offload?.lastBlockId ?? (nextOffload(sql, firstId)?.firstBlockId ?? Infinity) - 1;
  return Math.min(firstId + stepRows - 1, end);
}

function removeBlocks(sql: Sql, firstId: number, lastId: number): void {
  unindexBlocks(sql, firstId, lastId);
  deleteBlocks(sql, firstId, lastId);
}

/** Writes a block again without the events up to `endSeq`. */
function shortenBlock(sql: Sql, { id, firstSeq }: BlockInfo, endSeq: number): void {
  const { block } = makeBlock(id, readLines(sql, id).slice(endSeq + 1 - firstSeq));
  removeBlocks(sql, id, id);
  writeBlock(sql, block, segmentOfBlock(sql, id)?.id);
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
