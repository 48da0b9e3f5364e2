/** Blocks in the database: what is known of each, and its encoded lines in parts of bounded size. */
import type { StoredEvent } from "../contract/event.ts";
import { firstRow, type Sql } from "../sql/sql.ts";
import { allLines, type BlockLines, openBlock } from "./block-lines.ts";
import { parseLine } from "./line.ts";
import { indexDocument } from "./term-index.ts";
import { concatenate } from "./zstd.ts";

/** What is known of a block or a segment without reading it. Times are milliseconds since the epoch. */
export interface Extent {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstIngestedAt: number;
  readonly lastIngestedAt: number;
  readonly minOccurredAt: number;
  readonly maxOccurredAt: number;
}

export interface BlockInfo extends Extent {
  readonly id: number;
  readonly isIndexed: boolean;
}

/** Rows stay under the platform's 2 MB. */
const PART_BYTES_MAX = 1_000_000;
const PARTS_MAX = 64;

export type ExtentRow = {
  first_seq: number;
  last_seq: number;
  first_ingested_at: number;
  last_ingested_at: number;
  min_occurred_at: number;
  max_occurred_at: number;
};

type BlockRow = ExtentRow & { id: number; is_indexed: number };

export const EXTENT_COLUMNS =
  "first_seq, last_seq, first_ingested_at, last_ingested_at, min_occurred_at, max_occurred_at";

/** A block as it is stored. */
export interface EncodedBlock {
  readonly info: BlockInfo;
  readonly bytes: Uint8Array;
  /** What the index has of it, when it is indexed. */
  readonly document: string | undefined;
}

/**
 * Stores and indexes a block, in place of an older one with its id that is indexed no more.
 *
 * @param segmentId the segment that holds it, if one does.
 */
export function writeBlock(
  sql: Sql,
  { info, bytes, document }: EncodedBlock,
  segmentId: number | undefined,
): void {
  deleteBlocks(sql, info.id, info.id);
  sql.run(
    `INSERT INTO block (id, segment_id, ${EXTENT_COLUMNS}, is_indexed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    info.id,
    segmentId ?? null,
    ...extentValues(info),
    info.isIndexed ? 1 : 0,
  );
  writeEncoded(sql, info.id, bytes);
  if (document !== undefined) {
    indexDocument(sql, info.id, document);
  }
}

export function writeEncoded(sql: Sql, blockId: number, bytes: Uint8Array): void {
  for (let part = 0; part * PART_BYTES_MAX < bytes.byteLength; part++) {
    const data = bytes.slice(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX);
    sql.run("INSERT INTO block_part VALUES (?, ?)", blockId * PARTS_MAX + part, data);
  }
}

export function readLines(sql: Sql, blockId: number): string[] {
  return allLines(openLines(sql, blockId));
}

/** Opens a block to read some of its lines. */
export function openLines(sql: Sql, blockId: number): BlockLines {
  const bytes = encodedBlock(sql, blockId);
  if (bytes === undefined) {
    throw new Error(`Block ${blockId} has no data.`);
  }
  return openBlock(bytes);
}

/** The encoded lines of a block, or undefined when they are not in the database. */
export function encodedBlock(sql: Sql, blockId: number): Uint8Array | undefined {
  const parts = Array.from(
    sql.rows<{ data: Uint8Array }>(
      "SELECT data FROM block_part WHERE id BETWEEN ? AND ? ORDER BY id",
      blockId * PARTS_MAX,
      blockId * PARTS_MAX + PARTS_MAX - 1,
    ),
    ({ data }) => data,
  );
  return parts.length < 2 ? parts[0] : concatenate(parts);
}

/** Are the lines of a block in the database? */
export function isAtHome(sql: Sql, blockId: number): boolean {
  return encodedBytes(sql, blockId, blockId) > 0;
}

/** How many bytes the encoded lines of some blocks take. */
export function encodedBytes(sql: Sql, firstId: number, lastId: number): number {
  const row = firstRow<{ bytes: number | null }>(
    sql,
    "SELECT sum(length(data)) AS bytes FROM block_part WHERE id BETWEEN ? AND ?",
    firstId * PARTS_MAX,
    lastId * PARTS_MAX + PARTS_MAX - 1,
  );
  return row?.bytes ?? 0;
}

export function findBlock(sql: Sql, blockId: number): BlockInfo | undefined {
  const row = firstRow<BlockRow>(
    sql,
    `SELECT id, ${EXTENT_COLUMNS}, is_indexed FROM block WHERE id = ?`,
    blockId,
  );
  return row && blockOf(row);
}

/** Blocks that no segment holds: at the new end those whose segment is not complete, at the old end what a purge left. */
export function looseBlocks(sql: Sql): BlockInfo[] {
  return Array.from(
    sql.rows<BlockRow>(
      `SELECT id, ${EXTENT_COLUMNS}, is_indexed FROM block WHERE segment_id IS NULL ORDER BY id`,
    ),
    blockOf,
  );
}

export function blocksBetween(sql: Sql, firstId: number, lastId: number): BlockInfo[] {
  return Array.from(
    sql.rows<BlockRow>(
      `SELECT id, ${EXTENT_COLUMNS}, is_indexed FROM block WHERE id BETWEEN ? AND ? ORDER BY id`,
      firstId,
      lastId,
    ),
    blockOf,
  );
}

/** The extents of runs of so many blocks, aligned, from the run of one block to that of another. */
export function extentsOfRuns(sql: Sql, firstId: number, lastId: number, blocks: number): Extent[] {
  const rows = sql.rows<ExtentRow>(
    `SELECT min(first_seq) AS first_seq, max(last_seq) AS last_seq,
       min(first_ingested_at) AS first_ingested_at, max(last_ingested_at) AS last_ingested_at,
       min(min_occurred_at) AS min_occurred_at, max(max_occurred_at) AS max_occurred_at
     FROM block WHERE id BETWEEN ? AND ? GROUP BY (id - 1) / CAST(? AS INTEGER) ORDER BY 1`,
    firstId - ((firstId - 1) % blocks),
    lastId + ((blocks - (lastId % blocks)) % blocks),
    blocks,
  );
  return Array.from(rows, extentOfRow);
}

/** The newest block, whether its segment is complete or not. */
export function newestBlock(sql: Sql): BlockInfo | undefined {
  const row = firstRow<BlockRow>(
    sql,
    `SELECT id, ${EXTENT_COLUMNS}, is_indexed FROM block ORDER BY id DESC LIMIT 1`,
  );
  return row && blockOf(row);
}

export function oldestBlock(sql: Sql): BlockInfo | undefined {
  const row = firstRow<BlockRow>(
    sql,
    `SELECT id, ${EXTENT_COLUMNS}, is_indexed FROM block ORDER BY id LIMIT 1`,
  );
  return row && blockOf(row);
}

/** The oldest block with an event ingested at `time` or later. Ingestion times grow with the id. */
export function firstBlockSince(sql: Sql, time: number): BlockInfo | undefined {
  const row = firstRow<BlockRow>(
    sql,
    `SELECT id, ${EXTENT_COLUMNS}, is_indexed FROM block
     WHERE last_ingested_at >= ? ORDER BY id LIMIT 1`,
    time,
  );
  return row && blockOf(row);
}

/** The oldest block with an event after `seq`. */
export function firstBlockAfter(sql: Sql, seq: number): BlockInfo | undefined {
  const row = firstRow<BlockRow>(
    sql,
    `SELECT id, ${EXTENT_COLUMNS}, is_indexed FROM block
     WHERE last_seq > ? ORDER BY id LIMIT 1`,
    seq,
  );
  return row && blockOf(row);
}

export function deleteBlocks(sql: Sql, firstId: number, lastId: number): void {
  sql.run("DELETE FROM block WHERE id BETWEEN ? AND ?", firstId, lastId);
  dropEncoded(sql, firstId, lastId);
}

/** Removes the lines of blocks and leaves what is known of the blocks. */
export function dropEncoded(sql: Sql, firstId: number, lastId: number): void {
  sql.run(
    "DELETE FROM block_part WHERE id BETWEEN ? AND ?",
    firstId * PARTS_MAX,
    lastId * PARTS_MAX + PARTS_MAX - 1,
  );
}

/** Tells a loose block that it is in a segment. */
export function assignBlock(sql: Sql, id: number, segmentId: number): void {
  sql.run("UPDATE block SET segment_id = ? WHERE id = ?", segmentId, id);
}

export function parseLines(lines: readonly string[]): StoredEvent[] {
  return lines.map(parseLine);
}

/** In the order of `EXTENT_COLUMNS`. */
export function extentValues(extent: Extent): number[] {
  return [
    extent.firstSeq,
    extent.lastSeq,
    extent.firstIngestedAt,
    extent.lastIngestedAt,
    extent.minOccurredAt,
    extent.maxOccurredAt,
  ];
}

export function extentOfRow(row: ExtentRow): Extent {
  return {
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
    firstIngestedAt: row.first_ingested_at,
    lastIngestedAt: row.last_ingested_at,
    minOccurredAt: row.min_occurred_at,
    maxOccurredAt: row.max_occurred_at,
  };
}

/** The extent of several that follow one another. */
export function joinExtents(extents: readonly Extent[]): Extent {
  const [first] = extents;
  const last = extents.at(-1);
  if (first === undefined || last === undefined) {
    throw new RangeError("Nothing has no extent.");
  }
  return {
    firstSeq: first.firstSeq,
    lastSeq: last.lastSeq,
    firstIngestedAt: first.firstIngestedAt,
    lastIngestedAt: last.lastIngestedAt,
    minOccurredAt: Math.min(...extents.map(({ minOccurredAt }) => minOccurredAt)),
    maxOccurredAt: Math.max(...extents.map(({ maxOccurredAt }) => maxOccurredAt)),
  };
}

function blockOf(row: BlockRow): BlockInfo {
  return { id: row.id, ...extentOfRow(row), isIndexed: row.is_indexed === 1 };
}

export function extentOf(events: readonly StoredEvent[]): Extent {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) {
    throw new RangeError("A block cannot be empty.");
  }
  let [minOccurredAt, maxOccurredAt] = [Infinity, -Infinity];
  for (const { event } of events) {
    const occurredAt = Date.parse(event.occurred_at);
    minOccurredAt = Math.min(minOccurredAt, occurredAt);
    maxOccurredAt = Math.max(maxOccurredAt, occurredAt);
  }
  return {
    firstSeq: first.seq,
    lastSeq: last.seq,
    firstIngestedAt: Date.parse(first.ingested_at),
    lastIngestedAt: Date.parse(last.ingested_at),
    minOccurredAt,
    maxOccurredAt,
  };
}
