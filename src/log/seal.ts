/**
 * Sealing: the oldest 256 events of the tail become a block, and its columns a segment, a bounded step at a time.
 *
 * A block is made in memory, and the last of its steps is the one transaction that moves its events from the tail into it,
 * so after a crash at any point the log is the same log. A block ends at a multiple of 256, so what is left in the tail is
 * less than a block. When that has become old it is sealed too, as the beginning of a block, which is written again when
 * the block is whole or more of it has become old. Segments that have become many are joined, in steps of their own
 * (join.ts).
 */
import type { Sql } from "../sql/sql.ts";
import { BLOCK_STEPS, BlockMaker, type MadeBlock, segmentOf } from "./block-maker.ts";
import {
  assignBlock,
  type BlockInfo,
  findBlock,
  isAtHome,
  looseBlocks,
  newestBlock,
  parseLines,
  readLines,
  writeBlock,
} from "./blocks.ts";
import type { Geometry } from "./geometry.ts";
import { FINGERPRINT_BYTES } from "./idempotency.ts";
import { canBeJoined, nextToJoin } from "./join.ts";
import { SegmentRewriter } from "./segment-rewrite.ts";
import { deleteSegment, type SegmentInfo, segmentOfBlock, writeSegment } from "./segments.ts";
import { dropTailThrough, type TailRow, tailRows } from "./tail.ts";
import { mergeIndexStep, unindexBlocks } from "./term-index.ts";

/** How many steps it takes to seal a block. Taking its events from the tail is the first. */
export const SEALING_STEPS = 1 + BLOCK_STEPS;
/** Pages of the index that are merged for each block, so that what a busy log adds to it does not pile up. */
const MERGE_PAGES = 16;

/** The block that is being made. */
interface Sealing {
  /** Where it begins and ends. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Of those of its events that are in the tail. */
  readonly fingerprints: Uint8Array;
  readonly maker: BlockMaker;
}

export class Sealer {
  readonly #sql: Sql;
  readonly #geometry: Geometry;
  /** The newest rows of the tail, while they are more than a block: they were written just now and need not be read. */
  #atHand: readonly TailRow[] = [];
  /** Loose blocks that may become segments; looked for once. */
  #loose: BlockInfo[] | undefined;
  /** First segments of runs that are too large to be joined. */
  readonly #unjoinable = new Set<number>();
  readonly #joiner: SegmentRewriter;
  #sealing: Sealing | undefined;
  #sealedSeq: number;

  /** @param purgedSeq everything up to it is gone from the database. */
  constructor(sql: Sql, geometry: Geometry, purgedSeq: number) {
    this.#sql = sql;
    this.#geometry = geometry;
    this.#joiner = new SegmentRewriter(sql, geometry);
    this.#sealedSeq = Math.max(newestBlock(sql)?.lastSeq ?? 0, purgedSeq);
  }

  /** Events up to this seq are in blocks, or purged. */
  get sealedSeq(): number {
    return this.#sealedSeq;
  }

  /** How many steps there are to do. @param segments all, oldest first. */
  stepsLeft(headSeq: number, segments: readonly SegmentInfo[]): number {
    const blocks =
      this.#geometry.blockOf(headSeq + 1) - this.#geometry.blockOf(this.#sealedSeq + 1);
    const done = this.#sealing === undefined ? 0 : SEALING_STEPS - this.#sealing.maker.stepsLeft;
    const steps = blocks === 0 ? 0 : blocks * SEALING_STEPS - done;
    return steps + (this.#nextToJoin(segments) === undefined ? 0 : 1);
  }

  /** Does the next step. @returns a new segment, if there is one, in place of those that had its blocks before. */
  step(segments: readonly SegmentInfo[]): SegmentInfo | undefined {
    const parts = this.#nextToJoin(segments);
    if (parts !== undefined) {
      return this.#join(parts);
    }
    // Some may be in the blob store; they are read whole, as before.
    this.#loose ??= looseBlocks(this.#sql).filter(({ id }) => isAtHome(this.#sql, id));
    const loose = this.#loose.pop();
    return loose === undefined ? this.#seal(this.#endOfNextBlock) : this.#adopt(loose);
  }

  /** Does the next step of sealing what is in the tail of the next block, although it is not whole. */
  stepOfBeginning(headSeq: number): SegmentInfo | undefined {
    // What has come since the first step is not sealed yet.
    return this.#seal(this.#sealing?.lastSeq ?? Math.min(headSeq, this.#endOfNextBlock));
  }

  /** Rows were added to the tail, the first of them perhaps in place of the newest. */
  appended(rows: readonly TailRow[]): void {
    const before = this.#atHand.at(-1)?.firstSeq === rows[0]?.firstSeq ? -1 : this.#atHand.length;
    this.#keepAtHand([...this.#atHand.slice(0, before), ...rows]);
  }

  /** A purge took blocks away. */
  forget(purgedSeq: number): void {
    this.#loose = this.#loose?.filter(({ lastSeq }) => lastSeq > purgedSeq);
    this.#sealedSeq = Math.max(this.#sealedSeq, purgedSeq);
    if (this.#sealing !== undefined && this.#sealing.firstSeq <= purgedSeq) {
      this.#sealing = undefined;
    }
    this.#keepAtHand(this.#atHand);
  }

  /** Events that wait for the rest of their block are left to the database: a quiet log holds no lines in memory. */
  #keepAtHand(rows: readonly TailRow[]): void {
    const isBlock = (rows.at(-1)?.lastSeq ?? 0) >= this.#endOfNextBlock;
    this.#atHand = isBlock ? rows.filter(({ lastSeq }) => lastSeq > this.#sealedSeq) : [];
  }

  #nextToJoin(segments: readonly SegmentInfo[]): readonly SegmentInfo[] | undefined {
    const lastBlockId = this.#geometry.blockOf(this.#sealedSeq + 1) - 1;
    return nextToJoin(segments, lastBlockId, this.#geometry, (id) => this.#unjoinable.has(id));
  }

  #join(parts: readonly SegmentInfo[]): SegmentInfo | undefined {
    const [first] = parts;
    if (first !== undefined && canBeJoined(this.#sql, parts)) {
      return this.#joiner.step(parts, first);
    }
    this.#unjoinable.add(first?.id ?? 0);
    return undefined;
  }

  get #endOfNextBlock(): number {
    return this.#geometry.lastSeqOf(this.#geometry.blockOf(this.#sealedSeq + 1));
  }

  /** Does the next step of the block that ends at `lastSeq`; the first when that is not what the last call was for. */
  #seal(lastSeq: number): SegmentInfo | undefined {
    if (this.#sealing?.lastSeq !== lastSeq) {
      mergeIndexStep(this.#sql, MERGE_PAGES);
      this.#sealing = this.#take(lastSeq);
      return undefined;
    }
    const sealing = this.#sealing;
    // A block of which a step fails begins anew.
    this.#sealing = undefined;
    const made = sealing.maker.step();
    if (made === undefined) {
      this.#sealing = sealing;
      return undefined;
    }
    return this.#write(sealing, made);
  }

  #take(lastSeq: number): Sealing {
    const { lines: added, fingerprints } = this.#takeFromTail(lastSeq);
    const id = this.#geometry.blockOf(lastSeq);
    const beginning = this.#linesOfBeginning(id);
    return {
      firstSeq: this.#sealedSeq + 1 - beginning.length,
      lastSeq,
      fingerprints,
      maker: new BlockMaker(id, [...beginning, ...added]),
    };
  }

  #write({ lastSeq, fingerprints }: Sealing, { block, segment }: MadeBlock) {
    this.#sql.transaction(() => {
      this.#dropBeginning(block.info.id);
      writeBlock(this.#sql, block, segment?.info.id);
      if (segment !== undefined) {
        writeSegment(this.#sql, segment);
      }
      this.#sql.run(
        "INSERT INTO fingerprint_run VALUES (?, ?, ?)",
        this.#sealedSeq + 1,
        block.info.lastIngestedAt,
        fingerprints,
      );
      dropTailThrough(this.#sql, lastSeq);
    });
    this.#sealedSeq = lastSeq;
    this.#keepAtHand(this.#atHand);
    return segment?.info;
  }

  /** The lines of a block that was sealed when it was not whole. */
  #linesOfBeginning(id: number): string[] {
    // When what followed it was purged, so was all of it.
    return findBlock(this.#sql, id)?.lastSeq === this.#sealedSeq ? readLines(this.#sql, id) : [];
  }

  /** What is derived from them. */
  #dropBeginning(id: number): void {
    if (findBlock(this.#sql, id) === undefined) {
      return;
    }
    unindexBlocks(this.#sql, id, id);
    const segment = segmentOfBlock(this.#sql, id);
    if (segment !== undefined) {
      deleteSegment(this.#sql, segment);
    }
  }

  /** A block that an older version, or a purge that did not end, has left loose. */
  #adopt(block: BlockInfo): SegmentInfo | undefined {
    const events = parseLines(readLines(this.#sql, block.id));
    const segment = segmentOf(block, events);
    if (segment !== undefined) {
      this.#sql.transaction(() => {
        writeSegment(this.#sql, segment);
        assignBlock(this.#sql, block.id, segment.info.id);
      });
    }
    return segment?.info;
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
        break;
      }
    }
    return { lines, fingerprints };
  }

  *#rowsFrom(firstSeq: number): Iterable<TailRow> {
    const firstAtHand = this.#atHand[0]?.firstSeq;
    if (firstAtHand === undefined || firstSeq < firstAtHand) {
      yield* tailRows(this.#sql, firstSeq, firstAtHand);
    }
    yield* this.#atHand;
  }
}
