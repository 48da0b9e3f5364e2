/**
 * Joining: sixteen segments that follow one another become one, so that a query over everything reads few.
 *
 * Reading a segment costs much the same whether it has 256 events or 65,536: a look-up, a start of zstd, a dictionary
 * of which most values are in the next one too. A segment is made of one block when that is sealed; those of 16 blocks
 * are joined, and then those of 256.
 */
import type { Sql } from "../sql/sql.ts";
import type { Geometry } from "./geometry.ts";
import { columnSizes, type SegmentInfo } from "./segments.ts";

/** A column must fit in a row, which the platform bounds at 2 MB, whether it can be compressed or not. */
const COLUMN_BYTES_MAX = 1_900_000;

/**
 * Segments that are to be joined next: those of a run of blocks that is complete. Undefined when there are none.
 *
 * @param segments all, oldest first.
 * @param lastBlockId the newest block.
 * @param isExcluded segments that cannot be joined, by the id of the first.
 */
export function nextToJoin(
  segments: readonly SegmentInfo[],
  lastBlockId: number,
  geometry: Geometry,
  isExcluded: (id: number) => boolean,
): readonly SegmentInfo[] | undefined {
  for (const blocks of geometry.joinedBlocks) {
    let end = segments.length;
    while (end > 0) {
      const start = startOfRun(segments, end - 1, blocks);
      const first = segments[start];
      const isComplete = (runOf(segments[end - 1], blocks) + 1) * blocks <= lastBlockId;
      if (isComplete && end - start > 1 && first !== undefined && !isExcluded(first.id)) {
        return segments.slice(start, end);
      }
      end = start;
    }
  }
  return undefined;
}

/** Where the segments begin that follow one another up to number `end`, in the same run of blocks. */
function startOfRun(segments: readonly SegmentInfo[], end: number, blocks: number): number {
  const run = runOf(segments[end], blocks);
  let start = end;
  for (let before = segments[start - 1]; before !== undefined; before = segments[start - 1]) {
    if (runOf(before, blocks) !== run || before.lastSeq + 1 !== segments[start]?.firstSeq) {
      break;
    }
    start--;
  }
  return start;
}

/** The number of the run of so many blocks that a segment is in. Runs are aligned, so a segment is in one. */
function runOf(segment: SegmentInfo | undefined, blocks: number): number {
  return Math.floor(((segment?.lastBlockId ?? 1) - 1) / blocks);
}

/** Whether the columns of these segments, joined, fit in rows. */
export function canBeJoined(sql: Sql, parts: readonly SegmentInfo[]): boolean {
  const sums: number[] = [];
  for (const { id } of parts) {
    columnSizes(sql, id).forEach((bytes, column) => {
      sums[column] = (sums[column] ?? 0) + bytes;
    });
  }
  return sums.every((bytes) => bytes <= COLUMN_BYTES_MAX);
}
