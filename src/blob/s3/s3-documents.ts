/** The documents of S3 that are read and written here. */
import { ok } from "../../kernel/result.ts";
import type { FoundPage } from "../blob-driver.ts";
import { blobFault, type BlobResult } from "../blob-failure.ts";
import type { PartReceipt } from "../blob-upload.ts";
import { elements, elementText, escaped } from "./s3-xml.ts";

/** A page of `ListObjectsV2`. */
export function pageOfXml(what: string, xml: string): BlobResult<FoundPage> {
  const blobs = elements(xml, "Contents").map((entry) => ({
    key: elementText(entry, "Key") ?? "",
    size: Number(elementText(entry, "Size") ?? Number.NaN),
  }));
  const truncated = elementText(xml, "IsTruncated");
  const isWhole = xml.trimEnd().endsWith("</ListBucketResult>");
  if (
    !isWhole ||
    truncated === undefined ||
    !blobs.every(({ size }) => Number.isSafeInteger(size))
  ) {
    return blobFault("blob_corrupt", `${what}: the listing is cut short or has no sizes.`);
  }
  // An absent token is as wrong as an empty one: the caller refuses both.
  const cursor =
    truncated === "true" ? (elementText(xml, "NextContinuationToken") ?? "") : undefined;
  return ok({ blobs, cursor });
}

/** The body of `CompleteMultipartUpload`. */
export function completionXml(receipts: readonly PartReceipt[]): string {
  const parts = receipts.map(
    ({ part, tag }) => `<Part><PartNumber>${part}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
}
