/** How a log is cut: where blocks and segments begin and end. Fixed for the life of a log. */

/** A block is a tile of the Merkle tree to come, so its size is 256 and it begins at a multiple of that. */
const BLOCK_EVENTS = 256;
/** Segments are of 1, 16 and 256 blocks: up to 65,536 events, whose columns are read at once and fit in a row each. */
const FAN_OUT = 16;

export class Geometry {
  readonly blockEvents: number;
  /** How many blocks are in the segments that are made by joining smaller ones. */
  readonly joinedBlocks: readonly [smaller: number, larger: number];
  /** So many blocks of a segment are read in less time than its columns. */
  readonly fewBlocks: number;

  /** Other sizes are for tests that need many blocks of few events. */
  constructor(blockEvents = BLOCK_EVENTS, fanOut = FAN_OUT) {
    this.blockEvents = blockEvents;
    this.joinedBlocks = [fanOut, fanOut * fanOut];
    this.fewBlocks = Math.ceil(fanOut / 4);
  }

  /** The block that holds, or will hold, an event. Blocks are counted from 1, as events are. */
  blockOf(seq: number): number {
    return Math.floor((seq - 1) / this.blockEvents) + 1;
  }

  firstSeqOf(blockId: number): number {
    return (blockId - 1) * this.blockEvents + 1;
  }

  lastSeqOf(blockId: number): number {
    return blockId * this.blockEvents;
  }
}
