/**
 * A log as the units that a query reads: the tail, loose blocks and segments, each with the times it spans.
 *
 * Late arrivals make units overlap in occurred_at, so a query takes them in the order of the list it makes and stops
 * when no further unit can add to it: the read of a log-structured merge tree.
 */
import type { StoredEvent } from "../contract/event.ts";
import type { IndexExpression } from "../query/index-terms.ts";
import type { Sql } from "../sql/sql.ts";
import { type BlockLines, openBlock } from "./block-lines.ts";
import { type BlockInfo, encodedBlock, type Extent, looseBlocks } from "./blocks.ts";
import type { SegmentColumns } from "./column-test.ts";
import type { FetchedBlocks } from "./fetched-blocks.ts";
import type { Geometry } from "./geometry.ts";
import { parseLine } from "./line.ts";
import { readColumns, type SegmentInfo } from "./segments.ts";
import { tailRows } from "./tail.ts";
import { candidateBlocks } from "./term-index.ts";

export type Unit =
  | { readonly kind: "block"; readonly extent: Extent; readonly block: BlockInfo }
  | { readonly kind: "segment"; readonly extent: Extent; readonly segment: SegmentInfo };

/** Index answers are fetched for this many blocks at once: 64 segments of the usual size. */
const WINDOW_BLOCKS = 1_024;

export function unitsOf(sql: Sql, segments: readonly SegmentInfo[]): Unit[] {
  return [
    ...looseBlocks(sql).map((block): Unit => ({ kind: "block", extent: block, block })),
    ...segments.map((segment): Unit => ({ kind: "segment", extent: segment, segment })),
  ];
}

/** Reads blocks for one query; what it has read stays at hand until the query is answered. */
export class BlockReader {
  readonly #sql: Sql;
  readonly #geometry: Geometry;
  readonly #fetched: FetchedBlocks;
  readonly #lines = new Map<number, BlockLines>();
  /** What the query has cost so far, in blocks. */
  cost = 0;

  constructor(sql: Sql, geometry: Geometry, fetched: FetchedBlocks) {
    this.#sql = sql;
    this.#geometry = geometry;
    this.#fetched = fetched;
  }

  /** Lines of a block that may have all these words. Nothing when the block is lacking. */
  *linesWith(blockId: number, words: readonly string[]): Iterable<string> {
    const lines = this.#open(blockId);
    for (const index of lines?.withWords(words) ?? []) {
      yield lines?.at(index) ?? "";
    }
  }

  #open(blockId: number): BlockLines | undefined {
    let lines = this.#lines.get(blockId);
    if (lines === undefined) {
      this.cost++;
      const bytes = encodedBlock(this.#sql, blockId) ?? this.#fetched.find(blockId);
      if (bytes === undefined) {
        return undefined;
      }
      lines = openBlock(bytes);
      // A few neighbours are enough: events are read nearly in order.
      if (this.#lines.size >= BLOCKS_AT_HAND) {
        this.#lines.clear();
      }
      this.#lines.set(blockId, lines);
    }
    return lines;
  }

  /**
   * @param segment the segment that holds `seq`; its first block may begin late.
   * @returns undefined when the block is lacking.
   */
  line(segment: Extent, seq: number): string | undefined {
    const blockId = this.#geometry.blockOf(seq);
    const firstSeq = Math.max(segment.firstSeq, this.#geometry.firstSeqOf(blockId));
    return this.#open(blockId)?.at(seq - firstSeq);
  }

  columns(segment: SegmentInfo): SegmentColumns {
    this.cost += COLUMNS_COST + (segment.lastSeq - segment.firstSeq) * COLUMNS_COST_AN_EVENT;
    return readColumns(this.#sql, segment);
  }
}

const BLOCKS_AT_HAND = 64;
/** Testing the columns of a segment, in blocks read and matched in the same time. */
const COLUMNS_COST = 0.02;
const COLUMNS_COST_AN_EVENT = 0.000_003;

/** Which blocks may hold a match, asked of the index window by window. */
export class Candidates {
  readonly #sql: Sql;
  readonly #expression: IndexExpression;
  readonly #windows = new Map<number, ReadonlySet<number> | null>();

  constructor(sql: Sql, expression: IndexExpression) {
    this.#sql = sql;
    this.#expression = expression;
  }

  may(block: BlockInfo): boolean {
    return !block.isIndexed || this.#has(block.id);
  }

  /** The ids of the blocks of a segment that may hold a match, in order; null when all may. */
  ofSegment(segment: SegmentInfo): readonly number[] | null {
    const ids: number[] = [];
    for (let id = segment.id; id <= segment.lastBlockId; id++) {
      if (this.#window(id) === null) {
        return null;
      }
      if (this.#has(id)) {
        ids.push(id);
      }
    }
    return ids;
  }

  #has(blockId: number): boolean {
    return this.#window(blockId)?.has(blockId) ?? true;
  }

  #window(blockId: number): ReadonlySet<number> | null {
    const number = Math.floor(blockId / WINDOW_BLOCKS);
    let window = this.#windows.get(number);
    if (window === undefined) {
      const firstId = number * WINDOW_BLOCKS;
      const lastId = firstId + WINDOW_BLOCKS - 1;
      const ids = candidateBlocks(this.#sql, this.#expression, firstId, lastId);
      window = ids && new Set([...ids, ...unindexedBlocks(this.#sql, firstId, lastId)]);
      this.#windows.set(number, window);
    }
    return window;
  }
}

function unindexedBlocks(sql: Sql, firstId: number, lastId: number): number[] {
  const rows = sql.rows<{ id: number }>(
    "SELECT id FROM block WHERE is_indexed = 0 AND id BETWEEN ? AND ?",
    firstId,
    lastId,
  );
  return Array.from(rows, ({ id }) => id);
}

/** An event with what a search orders it by. */
export interface ReadEvent {
  readonly seq: number;
  readonly occurredAt: number;
  readonly line: string;
  readonly stored: StoredEvent;
}

/** Events of the tail from `firstSeq` on. */
export function* tailEvents(sql: Sql, firstSeq: number): Iterable<ReadEvent> {
  for (const row of tailRows(sql, firstSeq)) {
    for (const [index, line] of row.lines.entries()) {
      if (row.firstSeq + index >= firstSeq) {
        yield readEventOf(line);
      }
    }
  }
}

export function readEventOf(line: string): ReadEvent {
  const stored = parseLine(line);
  return { seq: stored.seq, occurredAt: Date.parse(stored.event.occurred_at), line, stored };
}
