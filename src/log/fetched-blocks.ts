/**
 * Blocks that are not in the database but in the blob store, as one read of the log sees them.
 *
 * The engine is synchronous and never waits for a store. A read takes what was fetched for it and notes what it lacks;
 * its answer counts only when it lacked nothing. `offload/offload-reader.ts` fetches what was lacking and reads again.
 */
export interface FetchedBlocks {
  /** The encoded block, or undefined when the read lacks it, which is noted. */
  find(blockId: number): Uint8Array | undefined;
  /** Something was lacking: whatever the read answers is void. */
  readonly isLacking: boolean;
  /** So much is lacking that reading on would only guess what else is needed. */
  readonly isFull: boolean;
  /** No more should be fetched for this read: it is to stop at a place from which it can go on. */
  readonly isSpent: boolean;
  /** The read does without what it lacked. */
  forgive(): void;
}

/** For a log of which everything is in its database, or whose store is out of reach. */
export const NOTHING_FETCHED: FetchedBlocks = {
  find(blockId) {
    throw new Error(`Block ${blockId} is not in the database, and nothing was fetched.`);
  },
  isLacking: false,
  isFull: false,
  isSpent: false,
  forgive() {},
};

/** For a read that does without what is not in the database. */
export const OUT_OF_REACH: FetchedBlocks = { ...NOTHING_FETCHED, find: () => undefined };
