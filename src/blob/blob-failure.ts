/** What can go wrong with a blob store. Failures are plain data: they are returned, never thrown. */
import type { Result } from "../kernel/result.ts";

export type BlobFailureCode =
  /** There is no object at this key. */
  | "blob_not_found"
  /** The upload was aborted, has expired or never was. */
  | "blob_upload_not_found"
  /** The call itself is wrong: its key, its range, its parts. Nothing was changed. */
  | "blob_request_invalid"
  /** The object ends before the range does. */
  | "blob_range_unsatisfiable"
  /** No answer, a late one, or one that says "not now". A write may have happened nevertheless. */
  | "blob_unavailable"
  /** The answer contradicts itself or what was stored: cut short, too long, out of order. */
  | "blob_corrupt"
  /** The store refuses the credentials, lacks the bucket or is no store at all: a person must mend the settings. */
  | "blob_misconfigured";

export interface BlobFailure {
  readonly code: BlobFailureCode;
  /** A sentence for the operator. It names the key and what the store said, never a credential. */
  readonly message: string;
  /** The same call may succeed later. The caller decides how often, and how long it waits. */
  readonly retryable: boolean;
}

export type BlobResult<T> = Result<T, BlobFailure>;

/** A result that is a failure, whatever would have been its value. */
export interface BlobFault {
  readonly ok: false;
  readonly failure: BlobFailure;
}

const RETRYABLE: ReadonlySet<BlobFailureCode> = new Set(["blob_unavailable", "blob_corrupt"]);

export function blobFault(code: BlobFailureCode, message: string): BlobFault {
  return { ok: false, failure: { code, message, retryable: RETRYABLE.has(code) } };
}

/** What breaks a stream: streams have no other way to fail than to throw. */
export class BlobStreamError extends Error {
  readonly failure: BlobFailure;

  constructor(failure: BlobFailure) {
    super(failure.message);
    this.name = "BlobStreamError";
    this.failure = failure;
  }
}

/** What an error of the platform says, with the reason that `fetch` hides in its cause. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
