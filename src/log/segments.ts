/** Segments in the database: the extents, the summaries and the columns of runs of blocks. */
import { firstRow, type Sql } from "../sql/sql.ts";
import {
  assignBlocks,
  type Extent,
  EXTENT_COLUMNS,
  extentOfRow,
  type ExtentRow,
  joinExtents,
  type BlockInfo,
} from "./blocks.ts";
import { type ColumnsBuilder, VECTOR_NAMES, type VectorName } from "./columns.ts";
import { summarize, type Summary } from "./summary.ts";

export interface SegmentInfo extends Extent {
  /** The id of its first block. */
  readonly id: number;
  readonly lastBlockId: number;
}

type SegmentRow = ExtentRow & { id: number; last_block_id: number };

const VECTORS = 8;

/** All segments, oldest first. Reads no summary and no column. */
export function allSegments(sql: Sql): SegmentInfo[] {
  const rows = sql.rows<SegmentRow>(
    `SELECT id, last_block_id, ${EXTENT_COLUMNS} FROM segment ORDER BY id`,
  );
  return Array.from(rows, segmentOf);
}

/** The segment that holds a block, unless the block is loose. */
export function segmentOfBlock(sql: Sql, blockId: number): SegmentInfo | undefined {
  const row = firstRow<SegmentRow>(
    sql,
    `SELECT id, last_block_id, ${EXTENT_COLUMNS} FROM segment
     WHERE id = (SELECT segment_id FROM block WHERE id = ?)`,
    blockId,
  );
  return row && segmentOf(row);
}

/** Makes a segment of complete blocks that follow one another; `columns` are those of their events. */
export function writeSegment(
  sql: Sql,
  blocks: readonly BlockInfo[],
  columns: ColumnsBuilder,
): SegmentInfo {
  const extent = joinExtents(blocks);
  const id = blocks[0]?.id ?? 0;
  const lastBlockId = blocks.at(-1)?.id ?? 0;
  sql.run(
    `INSERT INTO segment (id, last_block_id, ${EXTENT_COLUMNS}, summary)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    lastBlockId,
    extent.firstSeq,
    extent.lastSeq,
    extent.firstIngestedAt,
    extent.lastIngestedAt,
    extent.minOccurredAt,
    extent.maxOccurredAt,
    JSON.stringify(summarize(columns)),
  );
  const vectors = columns.encode();
  VECTOR_NAMES.forEach((name, number) => {
    sql.run("INSERT INTO vector VALUES (?, ?)", id * VECTORS + number, vectors[name]);
  });
  assignBlocks(sql, id, lastBlockId, id);
  return { id, lastBlockId, ...extent };
}

export function readVector(sql: Sql, segmentId: number, name: VectorName): Uint8Array {
  const id = segmentId * VECTORS + VECTOR_NAMES.indexOf(name);
  const row = firstRow<{ data: Uint8Array }>(sql, "SELECT data FROM vector WHERE id = ?", id);
  if (row === undefined) {
    throw new Error(`Segment ${segmentId} has no column '${name}'.`);
  }
  return row.data;
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

/** Forgets a segment; its blocks, if they are still there, become loose. */
export function dissolveSegment(sql: Sql, segment: SegmentInfo): void {
  sql.run("DELETE FROM segment WHERE id = ?", segment.id);
  sql.run(
    "DELETE FROM vector WHERE id BETWEEN ? AND ?",
    segment.id * VECTORS,
    segment.id * VECTORS + VECTORS - 1,
  );
  assignBlocks(sql, segment.id, segment.lastBlockId, null);
}

function segmentOf(row: SegmentRow): SegmentInfo {
  return { id: row.id, lastBlockId: row.last_block_id, ...extentOfRow(row) };
}
