/**
 * A block on its way from lines to rows, in steps of about two milliseconds, so that an append never waits for more.
 *
 * All of it is made in memory, where a step leaves only what the next ones need. Who takes it writes it at once: until
 * then nothing has changed.
 */
import type { StoredEvent } from "../contract/event.ts";
import { layOutLines, packBlock } from "./block-codec.ts";
import { type BlockInfo, type EncodedBlock, extentOf, parseLines } from "./blocks.ts";
import { ColumnsBuilder } from "./columns.ts";
import { type EncodedSegment, encodeSegment } from "./segments.ts";
import { documentOf } from "./term-index.ts";

/** A block whose columns would not fit in rows stays loose: it is read whole. */
const DICTIONARY_CHARACTERS_MAX = 400_000;

/** A block, and the segment that it is alone, unless its columns are too large. */
export interface MadeBlock {
  readonly block: EncodedBlock;
  readonly segment: EncodedSegment | undefined;
}

/** How many steps a block takes. */
export const BLOCK_STEPS = 3;

export class BlockMaker {
  readonly #id: number;
  #lines: readonly string[];
  #events: readonly StoredEvent[] = [];
  #document: string | undefined;
  #info: BlockInfo | undefined;
  #segment: EncodedSegment | undefined;
  #plain: Uint8Array | undefined;
  stepsLeft = BLOCK_STEPS;

  /** @param lines consecutive stored lines. */
  constructor(id: number, lines: readonly string[]) {
    this.#id = id;
    this.#lines = lines;
  }

  /** Does the next step. @returns the block, when it was the last. */
  step(): MadeBlock | undefined {
    this.stepsLeft--;
    if (this.#info === undefined) {
      this.#info = this.#read();
      return undefined;
    }
    if (this.#plain === undefined) {
      this.#plain = this.#layOut(this.#info);
      return undefined;
    }
    const block = { info: this.#info, document: this.#document, bytes: packBlock(this.#plain) };
    return { block, segment: this.#segment };
  }

  /** Parses the lines and finds their words. */
  #read(): BlockInfo {
    this.#events = parseLines(this.#lines);
    this.#document = documentOf(this.#events);
    return { id: this.#id, ...extentOf(this.#events), isIndexed: this.#document !== undefined };
  }

  /** By columns: those of the segment, and those of the block before it is compressed. */
  #layOut(info: BlockInfo): Uint8Array {
    this.#segment = segmentOf(info, this.#events);
    const plain = layOutLines(this.#lines, this.#events);
    this.#lines = [];
    this.#events = [];
    return plain;
  }
}

/** All steps at once. */
export function makeBlock(id: number, lines: readonly string[]): MadeBlock {
  const maker = new BlockMaker(id, lines);
  let made: MadeBlock | undefined;
  do {
    made = maker.step();
  } while (made === undefined);
  return made;
}

/** The segment of a single block. Undefined when its columns would not fit in rows. */
export function segmentOf(
  block: BlockInfo,
  events: readonly StoredEvent[],
): EncodedSegment | undefined {
  const builder = new ColumnsBuilder();
  events.forEach(({ event }) => builder.add(event));
  return builder.dictionaryCharacters > DICTIONARY_CHARACTERS_MAX
    ? undefined
    : encodeSegment({ ...block, lastBlockId: block.id }, builder.columns());
}
