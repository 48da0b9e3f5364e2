/**
 * A blob store in memory that takes parts of any size, and can be made to fail: every so many calls it answers what the
 * test says instead of doing what it was asked, or does it and says that it did not.
 */
import { blobFault, type BlobResult } from "../../src/blob/blob-failure.ts";
import type { BlobInfo, BlobStore, BlobStream, ByteRange } from "../../src/blob/blob-store.ts";
import type { BlobUpload, PartReceipt, UploadTicket } from "../../src/blob/blob-upload.ts";
import { ok } from "../../src/kernel/result.ts";

export type Trouble = "refuses" | "does it and does not say so" | "cuts off what it is given";

export class MemoryStore implements BlobStore {
  readonly kind = "s3";
  readonly blobs = new Map<string, Uint8Array>();
  readonly uploads = new Map<string, Map<number, Uint8Array>>();
  readonly #completed = new Map<string, string>();
  readonly #trouble: (call: number) => Trouble | undefined;
  calls = 0;

  /** @param trouble says what is wrong with a call, by its number from 1. */
  constructor(trouble: (call: number) => Trouble | undefined = () => undefined) {
    this.#trouble = trouble;
  }

  put(key: string, bytes: Uint8Array): Promise<BlobResult<BlobInfo>> {
    return this.#call((trouble) => {
      this.blobs.set(key, cut(bytes, trouble));
      return ok({ key, size: bytes.length });
    });
  }

  read(key: string, range?: ByteRange): Promise<BlobResult<Uint8Array>> {
    return this.#call(() => {
      const blob = this.blobs.get(key);
      if (blob === undefined) {
        return blobFault("blob_not_found", `read ${key}`);
      }
      const { offset, length } = range ?? { offset: 0, length: blob.length };
      return offset + length > blob.length
        ? blobFault("blob_range_unsatisfiable", `read ${key}`)
        : ok(blob.slice(offset, offset + length));
    });
  }

  async stream(): Promise<BlobResult<BlobStream>> {
    throw new Error("Not needed.");
  }

  async info(): Promise<BlobResult<BlobInfo>> {
    throw new Error("Not needed.");
  }

  delete(keys: readonly string[]): Promise<BlobResult<void>> {
    return this.#call(() => {
      keys.forEach((key) => this.blobs.delete(key));
      return ok(undefined);
    });
  }

  async list(): Promise<BlobResult<{ blobs: readonly BlobInfo[] }>> {
    throw new Error("Not needed.");
  }

  openUpload(key: string, partBytes = 1): Promise<BlobResult<BlobUpload>> {
    return this.#call(() => {
      const uploadId = `upload-${this.calls}`;
      this.uploads.set(uploadId, new Map());
      return this.resumeUpload({ key, uploadId, mark: uploadId, partBytes });
    });
  }

  resumeUpload(ticket: UploadTicket): BlobResult<BlobUpload> {
    return ok({
      ticket,
      uploadPart: (part, bytes) => this.#uploadPart(ticket, part, bytes),
      complete: (receipts) => this.#complete(ticket, receipts),
      abort: () =>
        this.#call(() => {
          this.uploads.delete(ticket.uploadId);
          return ok(undefined);
        }),
    });
  }

  #uploadPart({ uploadId, partBytes }: UploadTicket, part: number, bytes: Uint8Array) {
    return this.#call((trouble): BlobResult<PartReceipt> => {
      if (bytes.length === 0 || bytes.length > partBytes) {
        return blobFault("blob_request_invalid", `part ${part} of ${bytes.length} bytes`);
      }
      const parts = this.uploads.get(uploadId);
      parts?.set(part, cut(bytes, trouble));
      return parts === undefined
        ? blobFault("blob_upload_not_found", uploadId)
        : ok({ part, size: bytes.length, tag: "" });
    });
  }

  #complete({ key, uploadId, partBytes }: UploadTicket, receipts: readonly PartReceipt[]) {
    return this.#call((): BlobResult<BlobInfo> => {
      const parts = this.uploads.get(uploadId);
      if (parts === undefined) {
        return this.#completed.get(key) === uploadId
          ? ok({ key, size: this.blobs.get(key)?.length ?? 0 })
          : blobFault("blob_upload_not_found", uploadId);
      }
      if (receipts.slice(0, -1).some(({ size }) => size !== partBytes)) {
        return blobFault("blob_request_invalid", "Only the last part may be smaller.");
      }
      const all = Buffer.concat(receipts.map(({ part }) => parts.get(part) ?? new Uint8Array()));
      this.blobs.set(key, new Uint8Array(all));
      this.uploads.delete(uploadId);
      this.#completed.set(key, uploadId);
      return ok({ key, size: all.length });
    });
  }

  async #call<T>(work: (trouble: Trouble | undefined) => BlobResult<T>): Promise<BlobResult<T>> {
    const trouble = this.#trouble(++this.calls);
    if (trouble === "refuses") {
      return blobFault("blob_unavailable", "no answer");
    }
    const answer = work(trouble);
    return trouble === "does it and does not say so"
      ? blobFault("blob_unavailable", "no answer in time")
      : answer;
  }
}

function cut(bytes: Uint8Array, trouble: Trouble | undefined): Uint8Array {
  return trouble === "cuts off what it is given" ? bytes.slice(0, -1) : bytes.slice();
}
