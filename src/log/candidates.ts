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
  #known: Run = NO_BLOCKS;
  /** Of these all may match, as far as is known. */
  readonly #unasked: Run[] = [];
  /** The last answer left out too little to be worth its time. */
  #wasUseless = false;

  constructor(sql: Sql, expression: IndexExpression, scope: TextScope = "any text") {
    this.#sql = sql;
    this.#expression = expression;
    this.#scope = scope;
    this.#isHint = scope === "any text";
  }

  may(block: BlockInfo): boolean {
    const ids = block.isIndexed ? this.#between(block.id, block.id) : null;
    return ids === null || ids.length > 0;
  }

  /** The ids of the blocks of a segment that may hold a match, in order; null when all may. */
  ofSegment({ id, lastBlockId }: SegmentInfo): readonly number[] | null {
    return this.#between(id, lastBlockId);
  }

  #between(firstId: number, lastId: number): readonly number[] | null {
    if (this.#expression.kind === "any") {
      return null;
    }
    this.#learn(firstId);
    this.#learn(lastId);
    if (this.#unasked.some((run) => run.firstId <= lastId && run.lastId >= firstId)) {
      return null;
    }
    const ids: number[] = [];
    for (let id = firstId; id <= lastId; id++) {
      if (this.#ids.has(id)) {
        ids.push(id);
      }
    }
    return ids;
  }

  /** Asks about the blocks from what is known to this one, and some more. */
  #learn(id: number): void {
    const { firstId, lastId } = this.#known;
    const more = Math.max(lastId - firstId + 1, WINDOW_BLOCKS);
    if (this.#known === NO_BLOCKS) {
      const start = id - ((id - 1) % WINDOW_BLOCKS);
      this.#known = { firstId: start, lastId: start + WINDOW_BLOCKS - 1 };
      this.#ask(this.#known);
    } else if (id > lastId) {
      this.#known = { firstId, lastId: Math.max(id, lastId + more) };
      this.#ask({ firstId: lastId + 1, lastId: this.#known.lastId });
    } else if (id < firstId) {
      this.#known = { firstId: Math.min(id, firstId - more), lastId };
      this.#ask({ firstId: this.#known.firstId, lastId: firstId - 1 });
    }
  }

  /** After a window of which nearly all blocks may match, the next is not asked about. The one after is: words come and go. */
  #ask(window: Run): void {
    if (this.#wasUseless) {
      this.#unasked.push(window);
      this.#wasUseless = false;
      return;
    }
    const { firstId, lastId } = window;
    const found = candidateBlocks(this.#sql, this.#expression, this.#scope, firstId, lastId);
    if (found === null) {
      this.#unasked.push(window);
      return;
    }
    [...found, ...unindexedBlocks(this.#sql, firstId, lastId)].forEach((id) => this.#ids.add(id));
    this.#wasUseless =
      this.#isHint &&
      found.length > 0 &&
      found.length >= USELESS_SHARE * countBlocks(this.#sql, firstId, lastId);
  }
}

/** Blocks that follow one another. */
interface Run {
  readonly firstId: number;
  readonly lastId: number;
}

const NO_BLOCKS: Run = { firstId: 0, lastId: -1 };

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
