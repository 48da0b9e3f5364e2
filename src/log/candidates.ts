/** Which blocks may hold a match, asked of the index window by window. */
import type { IndexExpression } from "../query/index-terms.ts";
import type { Sql } from "../sql/sql.ts";
import type { BlockInfo } from "./blocks.ts";
import type { SegmentInfo } from "./segments.ts";
import { candidateBlocks, type TextScope } from "./term-index.ts";

/** Blocks that are asked about at once: those of four segments of the largest size. */
const WINDOW_BLOCKS = 1_024;

export class Candidates {
  readonly #sql: Sql;
  readonly #expression: IndexExpression;
  readonly #scope: TextScope;
  readonly #windows = new Map<number, ReadonlySet<number> | null>();

  constructor(sql: Sql, expression: IndexExpression, scope: TextScope = "any text") {
    this.#sql = sql;
    this.#expression = expression;
    this.#scope = scope;
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
    const number = Math.floor((blockId - 1) / WINDOW_BLOCKS);
    let window = this.#windows.get(number);
    if (window === undefined) {
      const firstId = number * WINDOW_BLOCKS + 1;
      const lastId = firstId + WINDOW_BLOCKS - 1;
      const ids = candidateBlocks(this.#sql, this.#expression, this.#scope, firstId, lastId);
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
