/** Which blocks may hold a match, asked of the index for some blocks at a time. */
import type { IndexExpression } from "../query/index-terms.ts";
import { firstRow, type Sql } from "../sql/sql.ts";
import type { BlockInfo } from "./blocks.ts";
import type { SegmentInfo } from "./segments.ts";
import { candidateBlocks, type TextScope } from "./term-index.ts";

/** Blocks that are asked about at first: those of four segments of the largest size. */
const WINDOW_BLOCKS = 1_024;
/** Of the blocks asked about, those that may match, from which on the index leaves out too few to be asked again. */
const USELESS_SHARE = 0.75;

/**
 * Blocks are asked about in windows that follow one another, up or down, each as large as all before it: a word that is
 * rare is looked up a few times for a log of any size, and of one that is frequent the first page asks about few blocks.
 */
export class Candidates {
  readonly #sql: Sql;
  readonly #expression: IndexExpression;
  readonly #scope: TextScope;
  /** What is only to leave out blocks may name more; what says where other texts have a word is to be exact. */
  readonly #isHint: boolean;
  readonly #ids = new Set<number>();
  /** What is known, as one run of blocks. */
  #firstId = 0;
  #lastId = -1;
  /** All may, as far as the index is worth asking. */
  #isUseless: boolean;

  constructor(sql: Sql, expression: IndexExpression, scope: TextScope = "any text") {
    this.#sql = sql;
    this.#expression = expression;
    this.#scope = scope;
    this.#isHint = scope === "any text";
    this.#isUseless = expression.kind === "any";
  }

  may(block: BlockInfo): boolean {
    if (!block.isIndexed || this.#isUseless) {
      return true;
    }
    this.#learn(block.id);
    return this.#ids.has(block.id);
  }

  /** The ids of the blocks of a segment that may hold a match, in order; null when all may. */
  ofSegment(segment: SegmentInfo): readonly number[] | null {
    this.#learn(segment.id);
    this.#learn(segment.lastBlockId);
    if (this.#isUseless) {
      return null;
    }
    const ids: number[] = [];
    for (let id = segment.id; id <= segment.lastBlockId; id++) {
      if (this.#ids.has(id)) {
        ids.push(id);
      }
    }
    return ids;
  }

  /** Asks about the blocks from what is known to this one, and some more. */
  #learn(id: number): void {
    const known = this.#lastId - this.#firstId + 1;
    const more = Math.max(known, WINDOW_BLOCKS);
    if (known === 0) {
      const windowStart = id - ((id - 1) % WINDOW_BLOCKS);
      [this.#firstId, this.#lastId] = [windowStart, windowStart - 1];
      this.#ask(windowStart, windowStart + WINDOW_BLOCKS - 1);
    } else if (id > this.#lastId) {
      this.#ask(this.#lastId + 1, Math.max(id, this.#lastId + more));
    } else if (id < this.#firstId) {
      this.#ask(Math.min(id, this.#firstId - more), this.#firstId - 1);
    }
  }

  #ask(firstId: number, lastId: number): void {
    if (this.#isUseless) {
      return;
    }
    const found = candidateBlocks(this.#sql, this.#expression, this.#scope, firstId, lastId);
    if (found === null) {
      this.#isUseless = true;
      return;
    }
    found.forEach((id) => this.#ids.add(id));
    unindexedBlocks(this.#sql, firstId, lastId).forEach((id) => this.#ids.add(id));
    this.#firstId = Math.min(firstId, this.#firstId);
    this.#lastId = Math.max(lastId, this.#lastId);
    if (this.#isHint) {
      const blocks = countBlocks(this.#sql, firstId, lastId);
      this.#isUseless = found.length > 0 && found.length >= blocks * USELESS_SHARE;
    }
  }
}

function countBlocks(sql: Sql, firstId: number, lastId: number): number {
  const row = firstRow<{ blocks: number }>(
    sql,
    "SELECT count(*) AS blocks FROM block WHERE id BETWEEN ? AND ?",
    firstId,
    lastId,
  );
  return row?.blocks ?? 0;
}

function unindexedBlocks(sql: Sql, firstId: number, lastId: number): number[] {
  const rows = sql.rows<{ id: number }>(
    "SELECT id FROM block WHERE is_indexed = 0 AND id BETWEEN ? AND ?",
    firstId,
    lastId,
  );
  return Array.from(rows, ({ id }) => id);
}
