/** Ranges, in what is asked over HTTP and in what is answered. */
import { ok } from "../kernel/result.ts";
import { type BlobFault, blobFault, type BlobResult } from "./blob-failure.ts";
import type { ByteRange } from "./blob-store.ts";

const CONTENT_RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/;

export function rangeFault(key: string, range: ByteRange | undefined): BlobFault | undefined {
  const { offset, length } = range ?? { offset: 0, length: 1 };
  const isRange =
    Number.isSafeInteger(offset) &&
    offset >= 0 &&
    Number.isSafeInteger(length) &&
    length >= 1 &&
    Number.isSafeInteger(offset + length);
  return isRange
    ? undefined
    : blobFault("blob_request_invalid", `${key}: ${length} bytes from ${offset} are no range.`);
}

/** The failure of a range that reaches past the end of its object. */
export function pastTheEnd(what: string, { offset, length }: ByteRange, size: number): BlobFault {
  return blobFault(
    "blob_range_unsatisfiable",
    `${what}: ${length} bytes from ${offset} reach past the end of ${size}.`,
  );
}

export function rangeHeaders(range: ByteRange | undefined): Record<string, string> {
  return range === undefined
    ? {}
    : { range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
}

/** The bytes that a good answer will give, unless it gives something else than what was asked for. */
export function answeredSize(
  what: string,
  response: Response,
  range: ByteRange | undefined,
): BlobResult<number> {
  const sent = sentRange(response);
  if (sent === undefined || (range === undefined && response.status !== 200)) {
    return unexpected(what, response);
  }
  const { offset, length } = range ?? { offset: 0, length: sent.size };
  if (offset + length > sent.size) {
    return pastTheEnd(what, { offset, length }, sent.size);
  }
  if (sent.first === offset && sent.length === length) {
    return ok(length);
  }
  const message = `${what}: ${sent.length} bytes from ${sent.first} came instead of the range.`;
  return blobFault(response.status === 200 ? "blob_misconfigured" : "blob_corrupt", message);
}

/** The size of the object, from an answer that gives it or a range of it. */
export function wholeSize(what: string, response: Response): BlobResult<number> {
  const sent = sentRange(response);
  return sent === undefined ? unexpected(what, response) : ok(sent.size);
}

interface SentRange {
  readonly first: number;
  readonly length: number;
  /** Of the whole object. */
  readonly size: number;
}

/** Some answer 200 to a range that happens to be the whole object. */
function sentRange({ status, headers }: Response): SentRange | undefined {
  const announced = headers.get("content-length") ?? "";
  if (status === 200 && /^\d{1,15}$/.test(announced)) {
    return { first: 0, length: Number(announced), size: Number(announced) };
  }
  const parts = CONTENT_RANGE.exec(headers.get("content-range") ?? "");
  if (status !== 206 || parts === null) {
    return undefined;
  }
  const [first, last, size] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return { first, length: last - first + 1, size };
}

function unexpected(what: string, { status }: Response): BlobFault {
  return blobFault(
    "blob_misconfigured",
    `${what}: the answer has the status ${status} and does not say which bytes it holds.`,
  );
}
