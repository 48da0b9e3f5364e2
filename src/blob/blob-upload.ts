/**
 * Uploads in parts: their data, and the rules that every store keeps so that any of them can hold the object.
 *
 * A ticket and its receipts are plain JSON. Whoever stores them after each part can go on after a crash, from another
 * process, without sending a part again.
 */
import { ok } from "../kernel/result.ts";
import { type BlobFault, blobFault, type BlobResult } from "./blob-failure.ts";
import { PART_BYTES_MAX, PART_BYTES_MIN, PARTS_MAX } from "./blob-limits.ts";
import type { BlobInfo } from "./blob-store.ts";

export interface UploadTicket {
  readonly key: string;
  /** The store's name of the upload. */
  readonly uploadId: string;
  /** Our own, written onto the object, by which a completed upload is recognised as this one. */
  readonly mark: string;
  /** The size of every part but the last. */
  readonly partBytes: number;
}

export interface PartReceipt {
  /** 1 to `PARTS_MAX`. */
  readonly part: number;
  readonly size: number;
  /** By which the store knows the part again. */
  readonly tag: string;
}

export interface BlobUpload {
  readonly ticket: UploadTicket;

  /** Sends a part; a part that is sent again replaces the one before. Parts may be sent in any order. */
  uploadPart(part: number, bytes: Uint8Array): Promise<BlobResult<PartReceipt>>;

  /**
   * Makes the object of all parts, 1 to n without a gap. Completing again what is complete succeeds, so it is safe to
   * call after a crash that left the outcome unknown.
   */
  complete(receipts: readonly PartReceipt[]): Promise<BlobResult<BlobInfo>>;

  /** Gives up: the parts are removed, an object that was there before stays. Aborting again succeeds. */
  abort(): Promise<BlobResult<void>>;
}

/** The parts of an object in their order, and its size in bytes. */
export interface PartList {
  readonly receipts: readonly PartReceipt[];
  readonly size: number;
}

export function partBytesFault(partBytes: number): BlobFault | undefined {
  return Number.isInteger(partBytes) && partBytes >= PART_BYTES_MIN && partBytes <= PART_BYTES_MAX
    ? undefined
    : blobFault(
        "blob_request_invalid",
        `Parts of ${partBytes} bytes are refused: ${PART_BYTES_MIN} to ${PART_BYTES_MAX}.`,
      );
}

export function partFault(
  { key, partBytes }: UploadTicket,
  part: number,
  bytes: Uint8Array,
): BlobFault | undefined {
  if (!Number.isInteger(part) || part < 1 || part > PARTS_MAX) {
    return blobFault("blob_request_invalid", `${key}: part ${part} is not 1 to ${PARTS_MAX}.`);
  }
  if (bytes.length === 0 || bytes.length > partBytes) {
    return blobFault(
      "blob_request_invalid",
      `${key}: part ${part} has ${bytes.length} bytes, not 1 to ${partBytes}.`,
    );
  }
  return undefined;
}

/** Refuses what would make an object with a hole, or one that some store does not take. */
export function arrangeParts(
  { key, partBytes }: UploadTicket,
  receipts: readonly PartReceipt[],
): BlobResult<PartList> {
  const inOrder = receipts.toSorted((a, b) => a.part - b.part);
  const last = inOrder.length;
  const wrong = inOrder.find(
    ({ part, size }, index) =>
      part !== index + 1 || size > partBytes || (part < last && size !== partBytes),
  );
  if (last === 0 || last > PARTS_MAX) {
    return blobFault("blob_request_invalid", `${key}: ${last} parts are not 1 to ${PARTS_MAX}.`);
  }
  if (wrong !== undefined) {
    return blobFault(
      "blob_request_invalid",
      `${key}: part ${wrong.part} of ${wrong.size} bytes does not fit into ${last} parts of ${partBytes}.`,
    );
  }
  return ok({ receipts: inOrder, size: inOrder.reduce((sum, { size }) => sum + size, 0) });
}
