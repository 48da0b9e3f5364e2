/**
 * Offloading, as the database knows it: which blocks are in the blob store, or on their way there.
 *
 * Blocks move in runs of 16, the oldest first. Columns, summaries and the index of words stay, so what a query reads of
 * the store are the blocks of its hits and nothing else. The steps, of which each is one transaction:
 *
 *     begin     what will be stored, and under which key, is written down before anything is sent
 *     confirm   the copy was read back and is what was sent
 *     drop      later it was read back once more: the blocks leave the database
 *     forget    the run is purged, or at home again: the object is queued for deletion
 *
 * So the store never holds an object that nobody knows of, and a block is never only in a copy that nobody has seen.
 * What is done between the steps, with the store itself, is in `offload-step.ts`.
 */
import { firstRow, type Sql } from "../../sql/sql.ts";
import { ingestionTimes } from "../block-lines.ts";
import {
  type BlockInfo,
  blocksBetween,
  dropEncoded,
  encodedBlock,
  encodedBytes,
  newestBlock,
  oldestBlock,
  writeEncoded,
} from "../blocks.ts";
import type { Geometry } from "../geometry.ts";
import { decodeTimes, encodeTimes } from "../vector-codec.ts";
import { type BlockObject, type BlockPlace, packBlocks } from "./block-object.ts";

/** A run of blocks that has, or will have, a copy in the store. */
export interface Offload {
  readonly firstBlockId: number;
  readonly lastBlockId: number;
  readonly key: string;
  readonly places: readonly BlockPlace[];
  /** When the copy was confirmed; undefined while it is not. */
  readonly copiedAt: number | undefined;
  /** The blocks are in the store only. */
  readonly isAway: boolean;
}

type OffloadRow = {
  first_block_id: number;
  last_block_id: number;
  key: string;
  places: string;
  copied_at: number | null;
  is_away: number;
};

const COLUMNS =
  "first_block_id, last_block_id, key, places, copied_at, ingested_at IS NOT NULL AS is_away";

/** A run ends early when its blocks are large, so that it can be sent in one piece. */
const RUN_BYTES_MAX = 8 * 1024 * 1024;
/**
 * A copy that was not confirmed may still arrive after it was given up, when a request was late. So it is deleted
 * after every request has ended.
 */
const LATE_UPLOAD_MS = 60 * 60 * 1_000;

/** The run that a block belongs to, unless no copy of it was begun. */
export function findOffload(sql: Sql, blockId: number): Offload | undefined {
  const row = firstRow<OffloadRow>(
    sql,
    `SELECT ${COLUMNS} FROM offload WHERE first_block_id <= ? ORDER BY first_block_id DESC LIMIT 1`,
    blockId,
  );
  return row !== undefined && row.last_block_id >= blockId ? offloadOf(row) : undefined;
}

/** Where a block is in the store, unless it is not there. */
export function findPlace(
  sql: Sql,
  blockId: number,
): { readonly offload: Offload; readonly place: BlockPlace } | undefined {
  const offload = findOffload(sql, blockId);
  const place = offload?.places.find(({ id }) => id === blockId);
  return offload && place && { offload, place };
}

/** When the events of a block were ingested, wherever its lines are. */
export function timesOfBlock(sql: Sql, block: BlockInfo): readonly number[] {
  const bytes = encodedBlock(sql, block.id);
  if (bytes !== undefined) {
    return ingestionTimes(bytes);
  }
  const offload = findOffload(sql, block.id);
  const row = firstRow<{ ingested_at: Uint8Array | null }>(
    sql,
    "SELECT ingested_at FROM offload WHERE first_block_id = ?",
    offload?.firstBlockId ?? 0,
  );
  if (offload === undefined || row === undefined || row.ingested_at === null) {
    throw new Error(`Block ${block.id} is neither in the database nor in the blob store.`);
  }
  const start = block.firstSeq - (offload.places[0]?.firstSeq ?? 0);
  const end = start + block.lastSeq - block.firstSeq + 1;
  return [...decodeTimes(row.ingested_at).subarray(start, end)];
}

/** The oldest complete run of which no copy was begun. */
export function oldestAtHome(sql: Sql, geometry: Geometry): readonly BlockInfo[] {
  const [runBlocks] = geometry.joinedBlocks;
  const last = firstRow<{ id: number | null }>(sql, "SELECT max(last_block_id) AS id FROM offload");
  const firstId = last?.id == null ? oldestBlock(sql)?.id : last.id + 1;
  if (firstId === undefined) {
    return [];
  }
  const lastId = firstId + runBlocks - 1 - ((firstId - 1) % runBlocks);
  const lastSeq = newestBlock(sql)?.lastSeq ?? 0;
  return lastSeq < geometry.lastSeqOf(lastId)
    ? []
    : withinBytes(sql, blocksBetween(sql, firstId, lastId));
}

function withinBytes(sql: Sql, blocks: readonly BlockInfo[]): readonly BlockInfo[] {
  let bytes = 0;
  const end = blocks.findIndex(({ id }, index) => {
    bytes += encodedBytes(sql, id, id);
    return bytes > RUN_BYTES_MAX && index > 0;
  });
  return end === -1 ? blocks : blocks.slice(0, end);
}

/** The oldest copy that was begun and not confirmed. */
export function unconfirmed(sql: Sql): Offload | undefined {
  return firstOffload(sql, "copied_at IS NULL ORDER BY first_block_id");
}

/** The copy that was confirmed first, of those whose blocks are still at home. */
export function oldestCopy(sql: Sql): Offload | undefined {
  return firstOffload(sql, "copied_at IS NOT NULL AND ingested_at IS NULL ORDER BY copied_at");
}

/** Bytes of blocks that are still at home and have a copy, or will have one. */
export function bytesOnTheirWay(sql: Sql): number {
  const rows = sql.rows<OffloadRow>(`SELECT ${COLUMNS} FROM offload WHERE ingested_at IS NULL`);
  return Array.from(rows, (row) => sizeOf(offloadOf(row))).reduce((sum, size) => sum + size, 0);
}

/** The object that some blocks, which are at home, make. */
export function objectOf(
  sql: Sql,
  organizationId: string,
  blocks: readonly BlockInfo[],
): BlockObject {
  const encoded = blocks.map((block) => {
    const bytes = encodedBlock(sql, block.id);
    if (bytes === undefined) {
      throw new Error(`Block ${block.id} is not at home.`);
    }
    return { ...block, bytes };
  });
  return packBlocks(organizationId, encoded);
}

export function beginOffload(sql: Sql, key: string, { places }: BlockObject): void {
  sql.run(
    "INSERT INTO offload (first_block_id, last_block_id, key, places) VALUES (?, ?, ?, ?)",
    places[0]?.id ?? 0,
    places.at(-1)?.id ?? 0,
    key,
    JSON.stringify(places),
  );
}

/** @param copiedAt null when a confirmed copy turned out to be lost. */
export function confirmOffload(sql: Sql, { key }: Offload, copiedAt: number | null): void {
  sql.run("UPDATE offload SET copied_at = ? WHERE key = ? AND ingested_at IS NULL", copiedAt, key);
}

/** The times of ingestion stay at home, because they say which events have expired. */
export function dropBlocks(sql: Sql, { firstBlockId, lastBlockId, key }: Offload): void {
  sql.transaction(() => {
    const offload = findOffload(sql, firstBlockId);
    // A purge may have been quicker.
    if (offload?.key !== key || offload.isAway) {
      return;
    }
    const times = offload.places.flatMap(({ id }) => {
      const bytes = encodedBlock(sql, id);
      return bytes === undefined ? [] : ingestionTimes(bytes);
    });
    dropEncoded(sql, firstBlockId, lastBlockId);
    const encoded = encodeTimes(Float64Array.from(times));
    sql.run("UPDATE offload SET ingested_at = ? WHERE key = ?", encoded, key);
  });
}

/** Puts the blocks of a run back, and queues the object for deletion. */
export function bringHome(
  sql: Sql,
  offload: Offload,
  blocks: ReadonlyMap<number, Uint8Array>,
  now: number,
): void {
  sql.transaction(() => {
    if (findOffload(sql, offload.firstBlockId)?.key !== offload.key) {
      return;
    }
    for (const { id } of blocksBetween(sql, offload.firstBlockId, offload.lastBlockId)) {
      const bytes = blocks.get(id);
      if (bytes === undefined) {
        throw new Error(`Block ${id} was not fetched.`);
      }
      writeEncoded(sql, id, bytes);
    }
    forgetOffload(sql, offload, now);
  });
}

/** The run has no object any more; part of the transaction that makes it so. */
export function forgetOffload(sql: Sql, { key, copiedAt }: Offload, now: number): void {
  const dueAt = copiedAt === undefined ? now + LATE_UPLOAD_MS : now;
  sql.run("INSERT OR REPLACE INTO blob_deletion (key, due_at) VALUES (?, ?)", key, dueAt);
  sql.run("DELETE FROM offload WHERE key = ?", key);
}

/** Forgets the runs of which no block is left. */
export function forgetPurged(sql: Sql, now: number): void {
  const oldest = oldestBlock(sql)?.id ?? Number.MAX_SAFE_INTEGER;
  const rows = Array.from(
    sql.rows<OffloadRow>(`SELECT ${COLUMNS} FROM offload WHERE last_block_id < ?`, oldest),
  );
  rows.forEach((row) => forgetOffload(sql, offloadOf(row), now));
}

/** The first run after a block that has, or will have, a copy. */
export function nextOffload(sql: Sql, blockId: number): Offload | undefined {
  const row = firstRow<OffloadRow>(
    sql,
    `SELECT ${COLUMNS} FROM offload WHERE first_block_id > ? ORDER BY first_block_id LIMIT 1`,
    blockId,
  );
  return row && offloadOf(row);
}

/** Keys of objects that are to be deleted by now. */
export function dueDeletions(sql: Sql, now: number, limit: number): string[] {
  const rows = sql.rows<{ key: string }>(
    "SELECT key FROM blob_deletion WHERE due_at <= ? ORDER BY key LIMIT ?",
    now,
    limit,
  );
  return Array.from(rows, ({ key }) => key);
}

export function nextDeletionAt(sql: Sql): number | undefined {
  const row = firstRow<{ due_at: number | null }>(
    sql,
    "SELECT min(due_at) AS due_at FROM blob_deletion",
  );
  return row?.due_at ?? undefined;
}

export function forgetDeletion(sql: Sql, key: string): void {
  sql.run("DELETE FROM blob_deletion WHERE key = ?", key);
}

function firstOffload(sql: Sql, where: string): Offload | undefined {
  const row = firstRow<OffloadRow>(sql, `SELECT ${COLUMNS} FROM offload WHERE ${where} LIMIT 1`);
  return row && offloadOf(row);
}

/** The size of the object, in bytes. */
function sizeOf({ places }: Offload): number {
  const last = places.at(-1);
  return last === undefined ? 0 : last.offset + last.length;
}

function offloadOf(row: OffloadRow): Offload {
  return {
    firstBlockId: row.first_block_id,
    lastBlockId: row.last_block_id,
    key: row.key,
    places: JSON.parse(row.places) as readonly BlockPlace[],
    copiedAt: row.copied_at ?? undefined,
    isAway: row.is_away === 1,
  };
}
