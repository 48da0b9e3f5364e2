/** What an answer means that is no success. */
import { boundedText } from "../../kernel/bounded-text.ts";
import { type BlobFailureCode, type BlobFault, blobFault } from "../blob-failure.ts";
import { elementText, isDocument } from "./s3-xml.ts";

/** Codes that say more than their status. */
const MEANINGS: Readonly<Record<string, BlobFailureCode>> = {
  NoSuchKey: "blob_not_found",
  NoSuchUpload: "blob_upload_not_found",
  NoSuchBucket: "blob_misconfigured",
  InvalidRange: "blob_range_unsatisfiable",
  ExpiredToken: "blob_misconfigured",
  InvalidAccessKeyId: "blob_misconfigured",
  InvalidBucketName: "blob_misconfigured",
  AuthorizationHeaderMalformed: "blob_misconfigured",
  NotImplemented: "blob_misconfigured",
  RequestTimeout: "blob_unavailable",
  SlowDown: "blob_unavailable",
  IncompleteBody: "blob_unavailable",
  BadDigest: "blob_unavailable",
  XAmzContentSHA256Mismatch: "blob_unavailable",
};

const ERROR_BYTES_MAX = 64 * 1024;

export async function s3Fault(what: string, response: Response): Promise<BlobFault> {
  const text = (await boundedText(response, ERROR_BYTES_MAX)) ?? "";
  return s3FaultOf(what, response.status, text);
}

/** @param text the body, which some operations send with the status 200. */
export function s3FaultOf(what: string, status: number, text: string): BlobFault {
  const isS3 = isDocument(text, "Error");
  const code = isS3 ? elementText(text, "Code") : undefined;
  const meaning = MEANINGS[code ?? ""] ?? meaningOf(status, isS3);
  const detail = code === undefined ? "" : ` ${code}: ${elementText(text, "Message") ?? ""}`;
  return blobFault(meaning, `${what}: the endpoint answered ${status}${detail.trimEnd()}.`);
}

/**
 * A 404 of something that is not S3 must not pass for an object that is missing: the caller might conclude that it was
 * never stored.
 */
function meaningOf(status: number, isS3: boolean): BlobFailureCode {
  const isMomentary = status >= 500 || [408, 409, 425, 429].includes(status);
  if (isMomentary || (isS3 && status === 200)) {
    return "blob_unavailable";
  }
  if (status === 416) {
    return "blob_range_unsatisfiable";
  }
  const isRefusal = status < 400 || [401, 403, 404, 405].includes(status);
  return isRefusal || !isS3 ? "blob_misconfigured" : "blob_request_invalid";
}
