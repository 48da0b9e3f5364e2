/** What the Worker in `worker.ts` and its caller agree on. */
import type { ByteRange, ListOptions } from "../../../src/blob/blob-store.ts";
import type { PartReceipt, UploadTicket } from "../../../src/blob/blob-upload.ts";

/** What any of the calls needs. */
export interface BlobCall {
  readonly key?: string;
  readonly range?: ByteRange;
  readonly keys?: readonly string[];
  readonly options?: ListOptions;
  readonly partBytes?: number;
  readonly ticket?: UploadTicket;
  readonly part?: number;
  readonly receipts?: readonly PartReceipt[];
}

/** The header that says how a read went, where the body is the bytes. */
export const RESULT_HEADER = "x-blob-result";
