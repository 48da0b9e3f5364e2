/** The bounds of the blob stores. Each is the narrowest of the three adapters, so that any store can take another's place. */

const MIB = 1024 * 1024;

export const KEY_CHARACTERS_MAX = 512;
/** A file system takes 255; the disk adapter adds to the name. */
export const KEY_SEGMENT_CHARACTERS_MAX = 128;

/** An object that is written or read in one piece is in memory whole. Larger ones are uploaded in parts and streamed. */
export const WHOLE_BYTES_MAX = 32 * MIB;

/** S3 and R2 refuse smaller parts, except the last. */
export const PART_BYTES_MIN = 5 * MIB;
export const PART_BYTES_DEFAULT = 8 * MIB;
export const PART_BYTES_MAX = WHOLE_BYTES_MAX;
export const PARTS_MAX = 10_000;

export const DELETE_KEYS_MAX = 1_000;
export const LIST_PAGE_MAX = 1_000;

/** How long a store may take to answer, and later to send one more chunk. */
export const TIMEOUT_MS_DEFAULT = 15_000;
/** What is sent or read whole may take longer by its size at this rate. */
export const TRANSFER_BYTES_PER_MS_MIN = 512;
