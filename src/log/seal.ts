/**
 * Sealing: the oldest 256 events of the tail become a block, and 16 blocks a segment, a bounded step at a time.
 *
 * Each step is one transaction that moves events from the tail into a block, so after a crash at any point the log is
 * the same log. A block ends at a multiple of 256, so what is left in the tail is less than a block.
 */
import type { Sql } from "../sql/sql.ts";
import {
  type BlockInfo,
  looseBlocks,
  newestBlock,
  parseLines,
  readLines,
  writeBlock,
} from "./blocks.ts";
import { ColumnsBuilder } from "./columns.ts";
import type { Geometry } from "./geometry.ts";
import { FINGERPRINT_BYTES } from "./idempotency.ts";
import { type SegmentInfo, writeSegment } from "./segments.ts";
import { dropTailThrough, type TailRow, tailRows } from "./tail.ts";
import { indexBlock } from "./term-index.ts";

/** A segment whose dictionaries are larger ends early, so that its columns fit in a row. */
const DICTIONARY_CHARACTERS_MAX = 400_000;

/** The blocks of the segment under way, and the columns of their events so far. */
interface OpenSegment {
  readonly blocks: BlockInfo[];
  readonly columns: ColumnsBuilder;
}

export class Sealer {
  readonly #sql: Sql;
  readonly #geometry: Geometry;
  /** Built from the blocks again after a restart. */
  #open: OpenSegment | undefined;
  /** The row of the tail in which the last block ended. */
  #rowAtHand: TailRow | undefined;
  #sealedSeq: number;

  /** @param purgedSeq everything up to it is gone from the database. */
  constructor(sql: Sql, geometry: Geometry, purgedSeq: number) {
    this.#sql = sql;
    this.#geometry = geometry;
    this.#sealedSeq = Math.max(newestBlock(sql)?.lastSeq ?? 0, purgedSeq);
  }

  /** Events up to this seq are in blocks, or purged. */
  get sealedSeq(): number {
    return this.#sealedSeq;
  }

  /** How many whole blocks are in the tail. */
  sealable(headSeq: number): number {
    return this.#geometry.blockOf(headSeq + 1) - this.#geometry.blockOf(this.#sealedSeq + 1);
  }

  /** Seals the next block. @returns the segment that this completed, if it did. */
  sealBlock(): SegmentInfo | undefined {
    const open = (this.#open ??= this.#rebuild());
    const lastSeq = this.#geometry.lastSeqOf(this.#geometry.blockOf(this.#sealedSeq + 1));
    const sealed = this.#sql.transaction(() => this.#moveToBlock(open, lastSeq));
    this.#sealedSeq = lastSeq;
    if (sealed.segment !== undefined) {
      this.#open = undefined;
    }
    return sealed.segment;
  }

  /** A purge took blocks away; what was known of the open segment is read again when it is needed. */
  forget(purgedSeq: number): void {
    this.#open = undefined;
    this.#sealedSeq = Math.max(this.#sealedSeq, purgedSeq);
  }

  #moveToBlock(open: OpenSegment, lastSeq: number): { readonly segment: SegmentInfo | undefined } {
    const { lines, fingerprints } = this.#takeFromTail(lastSeq);
    const events = parseLines(lines);
    const id = this.#geometry.blockOf(lastSeq);
    const isIndexed = indexBlock(this.#sql, id, events);
    const block = writeBlock(this.#sql, id, lines, events, isIndexed);
    this.#sql.run(
      "INSERT INTO fingerprint_run VALUES (?, ?, ?)",
      block.firstSeq,
      block.lastIngestedAt,
      fingerprints,
    );
    dropTailThrough(this.#sql, lastSeq);
    for (const { event } of events) {
      open.columns.add(event);
    }
    open.blocks.push(block);
    const isComplete =
      this.#geometry.isSegmentEnd(id) ||
      open.columns.dictionaryCharacters > DICTIONARY_CHARACTERS_MAX;
    return { segment: isComplete ? writeSegment(this.#sql, open.blocks, open.columns) : undefined };
  }

  #takeFromTail(lastSeq: number) {
    const firstSeq = this.#sealedSeq + 1;
    const count = lastSeq - this.#sealedSeq;
    const lines: string[] = [];
    const fingerprints = new Uint8Array(count * FINGERPRINT_BYTES);
    for (const row of this.#rowsFrom(firstSeq)) {
      const from = Math.max(firstSeq, row.firstSeq) - row.firstSeq;
      const to = Math.min(lastSeq, row.lastSeq) + 1 - row.firstSeq;
      const packed = row.fingerprints.subarray(from * FINGERPRINT_BYTES, to * FINGERPRINT_BYTES);
      fingerprints.set(packed, lines.length * FINGERPRINT_BYTES);
      lines.push(...row.lines.slice(from, to));
      if (row.lastSeq >= lastSeq) {
        this.#rowAtHand = row;
        break;
      }
    }
    return { lines, fingerprints };
  }

  /** A large commit is one row and several blocks; it is read once. */
  *#rowsFrom(firstSeq: number): Iterable<TailRow> {
    const atHand = this.#rowAtHand;
    if (atHand === undefined || atHand.firstSeq > firstSeq || atHand.lastSeq < firstSeq) {
      yield* tailRows(this.#sql, firstSeq);
      return;
    }
    yield atHand;
    yield* tailRows(this.#sql, atHand.lastSeq + 1);
  }

  /** The open segment is what follows the last complete one: the loose blocks at the new end. */
  #rebuild(): OpenSegment {
    const columns = new ColumnsBuilder();
    const first = this.#geometry.segmentStart(this.#geometry.blockOf(this.#sealedSeq + 1));
    const blocks = looseBlocks(this.#sql).filter(({ id }) => id >= first);
    for (const { id } of blocks) {
      for (const { event } of parseLines(readLines(this.#sql, id))) {
        columns.add(event);
      }
    }
    return { blocks, columns };
  }
}
