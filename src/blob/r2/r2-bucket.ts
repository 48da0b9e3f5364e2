/** The part of an R2 binding that is used here, and what its errors mean. `R2Bucket` of the platform satisfies it. */
import { type BlobFailureCode, type BlobFault, blobFault, errorText } from "../blob-failure.ts";
import type { ByteRange } from "../blob-store.ts";

export interface Bucket {
  put(key: string, bytes: Uint8Array): Promise<BucketObject | null>;
  get(key: string, options?: { readonly range?: ByteRange }): Promise<BucketObjectBody | null>;
  head(key: string): Promise<BucketObject | null>;
  delete(keys: string[]): Promise<void>;
  list(options: BucketListOptions): Promise<BucketList>;
  createMultipartUpload(
    key: string,
    options: { readonly customMetadata: Record<string, string> },
  ): Promise<BucketUpload>;
  resumeMultipartUpload(key: string, uploadId: string): BucketUpload;
}

export interface BucketObject {
  readonly key: string;
  /** Of the whole object, in bytes, also where a range was asked for. */
  readonly size: number;
  readonly customMetadata?: Record<string, string>;
}

export interface BucketObjectBody extends BucketObject {
  readonly body: ReadableStream<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface BucketListOptions {
  readonly prefix: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface BucketList {
  readonly objects: readonly BucketObject[];
  readonly truncated: boolean;
  readonly cursor?: string;
}

export interface BucketUpload {
  readonly uploadId: string;
  uploadPart(part: number, bytes: Uint8Array): Promise<BucketPart>;
  complete(parts: BucketPart[]): Promise<BucketObject>;
  abort(): Promise<void>;
}

export interface BucketPart {
  readonly partNumber: number;
  readonly etag: string;
}

/** https://developers.cloudflare.com/r2/api/error-codes. Any other is a fault of the moment. */
const MEANINGS: Readonly<Record<string, BlobFailureCode>> = {
  10002: "blob_misconfigured", // Unauthorized
  10003: "blob_misconfigured", // AccessDenied
  10006: "blob_misconfigured", // NoSuchBucket
  10042: "blob_misconfigured", // NotEntitled
  10007: "blob_not_found",
  10011: "blob_request_invalid", // EntityTooSmall
  10012: "blob_request_invalid", // MetadataTooLarge
  10020: "blob_request_invalid", // InvalidObjectName
  10025: "blob_request_invalid", // InvalidPart
  10029: "blob_request_invalid", // InvalidArgument
  10048: "blob_request_invalid", // parts of different sizes
  100100: "blob_request_invalid", // EntityTooLarge
  10024: "blob_upload_not_found",
  10039: "blob_range_unsatisfiable",
};

/** The binding throws an error whose message ends with R2's code: `get: … (10039)`. */
export function r2Fault(what: string, error: unknown): BlobFault {
  const text = errorText(error);
  const code = /\((\d{5,6})\)$/.exec(text)?.[1] ?? "";
  return blobFault(MEANINGS[code] ?? "blob_unavailable", `${what}: ${text}.`);
}
