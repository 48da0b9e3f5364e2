/**
 * Object storage behind one interface, for sealed log segments and for exports.
 *
 * It owns naming, reading, writing, listing and uploads in parts, over one of three places: an R2 binding (`r2/`), an
 * S3-compatible endpoint (`s3/`) or workerd's disk service (`disk/`). `open.ts` chooses.
 *
 * It does not retry, because only the caller knows how long it may wait. It does not tell wrong bytes from right ones
 * when their number is right: callers keep a SHA-256 of what they store and compare. It knows nothing of tenants.
 *
 * What holds for every store:
 *   - Nothing that a store does makes a method reject: a failure is a value, within a bounded time. Bugs throw.
 *   - A read gives exactly the bytes that were asked for, or fails. It never gives fewer.
 *   - A new object is invisible until it is whole; replacing one is atomic. Old and new are never mixed in one answer
 *     of `read`.
 *   - A write that failed with `blob_unavailable` may have happened. Every operation may be repeated.
 */
import type { BlobResult } from "./blob-failure.ts";
import type { BlobUpload, UploadTicket } from "./blob-upload.ts";

export interface BlobStore {
  readonly kind: "r2" | "s3" | "disk";

  /** Stores one object of at most `WHOLE_BYTES_MAX`, in place of any that was there. */
  put(key: string, bytes: Uint8Array): Promise<BlobResult<BlobInfo>>;

  /** The bytes of an object, or of a range that lies within it: at most `WHOLE_BYTES_MAX`. */
  read(key: string, range?: ByteRange): Promise<BlobResult<Uint8Array>>;

  /** The same as a stream, of any size. */
  stream(key: string, range?: ByteRange): Promise<BlobResult<BlobStream>>;

  info(key: string): Promise<BlobResult<BlobInfo>>;

  /**
   * Deletes at most `DELETE_KEYS_MAX` objects; one that is not there counts as deleted. After a failure some are gone
   * and some are not: call again with the same keys.
   */
  delete(keys: readonly string[]): Promise<BlobResult<void>>;

  /** One page of the objects below a prefix (`tenants/3f9a/`), in the order of their keys. */
  list(prefix: string, options?: ListOptions): Promise<BlobResult<BlobPage>>;

  /**
   * Begins an upload in parts. The object appears when it is completed.
   *
   * @param partBytes the size of every part but the last, `PART_BYTES_MIN` to `PART_BYTES_MAX`.
   */
  openUpload(key: string, partBytes?: number): Promise<BlobResult<BlobUpload>>;

  /** Goes on with an upload that this or another process began. Asks the store nothing. */
  resumeUpload(ticket: UploadTicket): BlobResult<BlobUpload>;
}

export interface BlobInfo {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
}

/** `length` bytes, at least one, from `offset` on. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface BlobStream {
  /** The bytes that `body` will give. */
  readonly size: number;
  /** Gives exactly `size` bytes or breaks with a `BlobStreamError`. Cancel it when the rest is not wanted. */
  readonly body: ReadableStream<Uint8Array>;
}

export interface ListOptions {
  /** The `cursor` of the page before. It belongs to this store and this prefix. */
  readonly cursor?: string;
  /** 1 to `LIST_PAGE_MAX`, which is the default. A page may hold fewer although more follow. */
  readonly limit?: number;
}

export interface BlobPage {
  readonly blobs: readonly BlobInfo[];
  /** Absent on the last page. */
  readonly cursor?: string;
}
