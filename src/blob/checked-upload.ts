/** A `BlobUpload` over any driver. */
import { ok } from "../kernel/result.ts";
import type { BlobDriver } from "./blob-driver.ts";
import type { BlobFault, BlobResult } from "./blob-failure.ts";
import type { BlobInfo } from "./blob-store.ts";
import {
  arrangeParts,
  type BlobUpload,
  partFault,
  type PartReceipt,
  type UploadTicket,
} from "./blob-upload.ts";

export class CheckedUpload implements BlobUpload {
  readonly ticket: UploadTicket;
  readonly #driver: BlobDriver;

  constructor(driver: BlobDriver, ticket: UploadTicket) {
    this.#driver = driver;
    this.ticket = ticket;
  }

  async uploadPart(part: number, bytes: Uint8Array): Promise<BlobResult<PartReceipt>> {
    const sent =
      partFault(this.ticket, part, bytes) ??
      (await this.#driver.uploadPart(this.ticket, part, bytes));
    return sent.ok ? ok({ part, size: bytes.length, tag: sent.value }) : sent;
  }

  async complete(receipts: readonly PartReceipt[]): Promise<BlobResult<BlobInfo>> {
    const parts = arrangeParts(this.ticket, receipts);
    if (!parts.ok) {
      return parts;
    }
    const completed = await this.#driver.completeUpload(this.ticket, parts.value);
    const { size } = parts.value;
    const isForgotten = !completed.ok && completed.failure.code === "blob_upload_not_found";
    const done = isForgotten ? await this.#findCompleted(completed, size) : completed;
    return done.ok ? ok({ key: this.ticket.key, size }) : done;
  }

  abort(): Promise<BlobResult<void>> {
    return this.#driver.abortUpload(this.ticket);
  }

  /**
   * A store forgets an upload when it completes it; the object then bears the upload's mark. As long as that cannot be
   * seen, the upload is not given up for lost.
   */
  async #findCompleted(forgotten: BlobFault, size: number): Promise<BlobResult<void>> {
    const found = await this.#driver.inspect(this.ticket.key);
    if (!found.ok) {
      return found.failure.code === "blob_not_found" ? forgotten : found;
    }
    const { mark, size: foundSize } = found.value;
    return mark === this.ticket.mark && foundSize === size ? ok(undefined) : forgotten;
  }
}
