/**
 * What an adapter does. `CheckedStore` is its one caller: the keys, ranges, sizes and parts that arrive here are valid,
 * and every method answers within a bounded time.
 */
import type { BlobBody } from "./blob-body.ts";
import type { BlobResult } from "./blob-failure.ts";
import type { BlobInfo, BlobStore, ByteRange } from "./blob-store.ts";
import type { PartList, UploadTicket } from "./blob-upload.ts";

export interface BlobDriver {
  readonly kind: BlobStore["kind"];

  put(key: string, bytes: Uint8Array): Promise<BlobResult<void>>;
  /** The object or the range, which must lie within it. */
  open(key: string, range: ByteRange | undefined): Promise<BlobResult<BlobBody>>;
  inspect(key: string): Promise<BlobResult<Inspection>>;
  delete(keys: readonly string[]): Promise<BlobResult<void>>;
  /** What the store says, checked by the caller. */
  list(request: PageRequest): Promise<BlobResult<FoundPage>>;

  /** @returns the store's name of the upload. */
  createUpload(key: string, mark: string): Promise<BlobResult<string>>;
  /** @returns the tag of the part. */
  uploadPart(ticket: UploadTicket, part: number, bytes: Uint8Array): Promise<BlobResult<string>>;
  completeUpload(ticket: UploadTicket, parts: PartList): Promise<BlobResult<void>>;
  abortUpload(ticket: UploadTicket): Promise<BlobResult<void>>;
}

export interface Inspection {
  readonly size: number;
  /** Of the upload that made the object; undefined for one that was put. */
  readonly mark: string | undefined;
}

export interface PageRequest {
  readonly prefix: string;
  readonly limit: number;
  readonly cursor: string | undefined;
}

export interface FoundPage {
  /** May hold objects that are not ours. */
  readonly blobs: readonly BlobInfo[];
  readonly cursor: string | undefined;
}
