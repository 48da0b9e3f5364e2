/** How a log is cut: where blocks and segments begin and end. Fixed for the life of a log. */

/** A block is a tile of the Merkle tree to come, so its size is 256 and it begins at a multiple of that. */
const BLOCK_EVENTS = 256;
/** 4,096 events: the columns of a segment are read at once, and fit in a row. */
const SEGMENT_BLOCKS = 16;

export class Geometry {
  readonly blockEvents: number;
  readonly segmentBlocks: number;

  /** Other sizes are for tests that need many blocks of few events. */
  constructor(blockEvents = BLOCK_EVENTS, segmentBlocks = SEGMENT_BLOCKS) {
    this.blockEvents = blockEvents;
    this.segmentBlocks = segmentBlocks;
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

  /** The first block of the segment that a block belongs to. */
  segmentStart(blockId: number): number {
    return blockId - ((blockId - 1) % this.segmentBlocks);
  }

  isSegmentEnd(blockId: number): boolean {
    return blockId % this.segmentBlocks === 0;
  }
}
