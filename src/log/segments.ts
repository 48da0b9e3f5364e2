/** Segments in the database: the extents, the summaries and the columns of runs of blocks. */
import { firstRow, type Sql } from "../sql/sql.ts";
import {
  type Extent,
  EXTENT_COLUMNS,
  extentOfRow,
  extentValues,
  type ExtentRow,
} from "./blocks.ts";
import type { Columns } from "./columns.ts";
import { SegmentColumns } from "./segment-columns.ts";
import { summarize, type Summary } from "./summary.ts";
import {
  encodeVector,
  packVectors,
  plainSize,
  unpackVectors,
  VECTOR_HEAD_BYTES,
  VECTOR_NAMES,
  type VectorName,
} from "./vector-codec.ts";

export interface SegmentInfo extends Extent {
  /** The id of its first block. */
  readonly id: number;
  readonly lastBlockId: number;
}

type SegmentRow = ExtentRow & { id: number; last_block_id: number };

const VECTORS = 8;
/** The row that a small segment has in place of one for each vector: most segments are small, and soon joined. */
const ALL_VECTORS = 7;
/** A query reads such a row whole for each column. */
const ALL_VECTORS_BYTES_MAX = 32_768;

/** All segments, oldest first. Reads no summary and no column. */
export function allSegments(sql: Sql): SegmentInfo[] {
  const rows = sql.rows<SegmentRow>(
    `SELECT id, last_block_id, ${EXTENT_COLUMNS} FROM segment ORDER BY id`,
  );
  return Array.from(rows, segmentOf);
}

export function oldestSegment(sql: Sql): SegmentInfo | undefined {
  const row = firstRow<SegmentRow>(
    sql,
    `SELECT id, last_block_id, ${EXTENT_COLUMNS} FROM segment ORDER BY id LIMIT 1`,
  );
  return row && segmentOf(row);
}

/** The segment that holds a block, unless the block is loose. */
export function segmentOfBlock(sql: Sql, blockId: number): SegmentInfo | undefined {
  const row = firstRow<SegmentRow>(
    sql,
    `SELECT id, last_block_id, ${EXTENT_COLUMNS} FROM segment
     WHERE id <= ? ORDER BY id DESC LIMIT 1`,
    blockId,
  );
  return row !== undefined && row.last_block_id >= blockId ? segmentOf(row) : undefined;
}

/** A segment as it is stored. */
export interface EncodedSegment {
  readonly info: SegmentInfo;
  readonly vectors: ReadonlyMap<VectorName, Uint8Array>;
  readonly summary: Summary;
}

/** Stores a segment. Its blocks are told to be in a segment, in this one or another. */
export function writeSegment(sql: Sql, { info, vectors, summary }: EncodedSegment): void {
  sql.run(
    `INSERT INTO segment (id, last_block_id, ${EXTENT_COLUMNS}, summary)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    info.id,
    info.lastBlockId,
    ...extentValues(info),
    JSON.stringify(summary),
  );
  const bytes = [...vectors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes <= ALL_VECTORS_BYTES_MAX) {
    insertVector(sql, info.id * VECTORS + ALL_VECTORS, packVectors(vectors));
  } else {
    vectors.forEach((vector, name) => insertVector(sql, vectorId(info.id, name), vector));
  }
}

function insertVector(sql: Sql, id: number, data: Uint8Array): void {
  sql.run("INSERT INTO vector VALUES (?, ?)", id, data);
}

/** @param columns those of the segment's events. */
export function encodeSegment(info: SegmentInfo, columns: Columns): EncodedSegment {
  const vectors = VECTOR_NAMES.map((name) => [name, encodeVector(name, columns)] as const);
  return { info, vectors: new Map(vectors), summary: summarize(columns) };
}

function vectorId(segmentId: number, name: VectorName): number {
  return segmentId * VECTORS + VECTOR_NAMES.indexOf(name);
}

/** The columns of a segment, each read when it is asked for; those of a small segment all at once. */
export function readColumns(sql: Sql, segment: SegmentInfo): SegmentColumns {
  let all: ReadonlyMap<VectorName, Uint8Array> | undefined;
  return new SegmentColumns(
    segment,
    (name) =>
      all?.get(name) ??
      readVector(sql, vectorId(segment.id, name)) ??
      (all ??= readAllVectors(sql, segment.id))?.get(name),
  );
}

function readAllVectors(
  sql: Sql,
  segmentId: number,
): ReadonlyMap<VectorName, Uint8Array> | undefined {
  const packed = readVector(sql, segmentId * VECTORS + ALL_VECTORS);
  return packed && unpackVectors(packed);
}

function readVector(sql: Sql, id: number): Uint8Array | undefined {
  return firstRow<{ data: Uint8Array }>(sql, "SELECT data FROM vector WHERE id = ?", id)?.data;
}

/** The sizes of a segment's columns before compression, in bytes. */
export function columnSizes(sql: Sql, segmentId: number): number[] {
  const all = readAllVectors(sql, segmentId);
  if (all !== undefined) {
    return Array.from(all.values(), (vector) => plainSize(vector, vector.byteLength));
  }
  const rows = sql.rows<{ head: Uint8Array; bytes: number }>(
    `SELECT substr(data, 1, ${VECTOR_HEAD_BYTES}) AS head, length(data) AS bytes FROM vector
     WHERE id BETWEEN ? AND ? ORDER BY id`,
    segmentId * VECTORS,
    segmentId * VECTORS + VECTORS - 1,
  );
  return Array.from(rows, ({ head, bytes }) => plainSize(head, bytes));
}

export function readSummary(sql: Sql, segmentId: number): Summary {
  const row = firstRow<{ summary: string }>(
    sql,
    "SELECT summary FROM segment WHERE id = ?",
    segmentId,
  );
  if (row === undefined) {
    throw new Error(`There is no segment ${segmentId}.`);
  }
  return JSON.parse(row.summary) as Summary;
}

/** Deletes a segment and leaves its blocks, which may still name it. */
export function deleteSegment(sql: Sql, { id }: SegmentInfo): void {
  sql.run("DELETE FROM segment WHERE id = ?", id);
  sql.run("DELETE FROM vector WHERE id BETWEEN ? AND ?", id * VECTORS, id * VECTORS + VECTORS - 1);
}

function segmentOf(row: SegmentRow): SegmentInfo {
  return { id: row.id, lastBlockId: row.last_block_id, ...extentOfRow(row) };
}
