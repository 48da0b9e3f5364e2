import type { StoredEvent } from "../contract/event.ts";
/**
 * Sealing: the oldest 256 events of the tail become a block, and its columns a segment, a bounded step at a time.
 *
 * Each step is one transaction that moves events from the tail into a block, so after a crash at any point the log is
 * the same log. A block ends at a multiple of 256, so what is left in the tail is less than a block. When that has
 * become old it is sealed too, as the beginning of a block, which is written again when the block is whole or more of it
 * has become old. Segments that have become many are joined, in steps of their own (join.ts).
 */
import type { Sql } from "../sql/sql.ts";
import {
  assignBlock,
  type BlockInfo,
  encodedBlockOf,
  findBlock,
  isAtHome,
  looseBlocks,
  newestBlock,
  parseLines,
  readLines,
  writeBlock,
} from "./blocks.ts";
import { ColumnsBuilder } from "./columns.ts";
import type { Geometry } from "./geometry.ts";
import { FINGERPRINT_BYTES } from "./idempotency.ts";
import { canBeJoined, nextToJoin } from "./join.ts";
import { SegmentRewriter } from "./segment-rewrite.ts";
import {
  deleteSegment,
  type EncodedSegment,
  encodeSegment,
  type SegmentInfo,
  segmentOfBlock,
  writeSegment,
} from "./segments.ts";
import { dropTailThrough, type TailRow, tailRows } from "./tail.ts";
import { indexBlock, unindexBlocks } from "./term-index.ts";

/** A block whose columns would not fit in rows stays loose: it is read whole. */
const DICTIONARY_CHARACTERS_MAX = 400_000;

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
    return blocks + (this.#nextToJoin(segments) === undefined ? 0 : 1);
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
    return loose === undefined ? this.#sealBlock() : this.#adopt(loose);
  }

  /** Seals what is in the tail of the next block, although it is not whole. */
  sealBeginning(headSeq: number): SegmentInfo | undefined {
    return this.#sealThrough(Math.min(headSeq, this.#endOfNextBlock));
  }

  /** Rows were added to the tail. */
  appended(rows: readonly TailRow[]): void {
    this.#keepAtHand([...this.#atHand, ...rows]);
  }

  /** A purge took blocks away. */
  forget(purgedSeq: number): void {
    this.#loose = this.#loose?.filter(({ lastSeq }) => lastSeq > purgedSeq);
    this.#sealedSeq = Math.max(this.#sealedSeq, purgedSeq);
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

  #sealBlock(): SegmentInfo | undefined {
    return this.#sealThrough(this.#endOfNextBlock);
  }

  get #endOfNextBlock(): number {
    return this.#geometry.lastSeqOf(this.#geometry.blockOf(this.#sealedSeq + 1));
  }

  #sealThrough(lastSeq: number): SegmentInfo | undefined {
    const segment = this.#sql.transaction(() => this.#moveToBlock(lastSeq));
    this.#sealedSeq = lastSeq;
    this.#keepAtHand(this.#atHand);
    return segment;
  }

  #moveToBlock(lastSeq: number): SegmentInfo | undefined {
    const { lines: added, fingerprints } = this.#takeFromTail(lastSeq);
    const id = this.#geometry.blockOf(lastSeq);
    const lines = [...this.#takeBeginning(id), ...added];
    const events = parseLines(lines);
    const isIndexed = indexBlock(this.#sql, id, events);
    const block = encodedBlockOf(id, lines, events, isIndexed);
    const segment = segmentOf(block.info, events);
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
    return segment?.info;
  }

  /** The lines of a block that was sealed when it was not whole, less what is derived from them. */
  #takeBeginning(id: number): string[] {
    const beginning = findBlock(this.#sql, id);
    if (beginning === undefined) {
      return [];
    }
    unindexBlocks(this.#sql, id, id);
    const segment = segmentOfBlock(this.#sql, id);
    if (segment !== undefined) {
      deleteSegment(this.#sql, segment);
    }
    // When what followed it was purged, so was all of it.
    return beginning.lastSeq === this.#sealedSeq ? readLines(this.#sql, id) : [];
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

/** The segment of a single block. Undefined when its columns would not fit in rows. */
function segmentOf(block: BlockInfo, events: readonly StoredEvent[]): EncodedSegment | undefined {
  const builder = new ColumnsBuilder();
  events.forEach(({ event }) => builder.add(event));
  if (builder.dictionaryCharacters > DICTIONARY_CHARACTERS_MAX) {
    return undefined;
  }
  return encodeSegment({ ...block, lastBlockId: block.id }, builder.columns());
}
