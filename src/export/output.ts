/**
 * The file on its way into the blob store: gathers bytes, cuts them into parts of one size, sends the parts.
 *
 * Where parts are cut depends on the bytes alone, so a part that is made again after a crash is the same part. A file
 * that is less than one part is stored in one piece.
 */
import type { BlobResult } from "../blob/blob-failure.ts";
import { PART_BYTES_MIN } from "../blob/blob-limits.ts";
import type { BlobStore } from "../blob/blob-store.ts";
import type { BlobUpload, UploadTicket } from "../blob/blob-upload.ts";
import { ok } from "../kernel/result.ts";
import { sha256Hex } from "../kernel/sha256.ts";
import type { Sql } from "../sql/sql.ts";
import { addPart, readOutput, type StoredPart, writePending, writeUpload } from "./progress.ts";

/** The smallest that every store takes: it bounds what is in memory, and what a crash makes again. */
export const FILE_PART_BYTES = PART_BYTES_MIN;

export class Output {
  readonly #sql: Sql;
  readonly #store: BlobStore;
  readonly #key: string;
  readonly #partBytes: number;
  #upload: UploadTicket | undefined;
  #parts: StoredPart[];
  #pending: Uint8Array[];
  #pendingBytes: number;
  #isPendingStored = true;

  constructor(sql: Sql, store: BlobStore, key: string, partBytes: number = FILE_PART_BYTES) {
    const { upload, parts, pending } = readOutput(sql);
    this.#sql = sql;
    this.#store = store;
    this.#key = key;
    this.#partBytes = partBytes;
    this.#upload = upload;
    this.#parts = [...parts];
    this.#pending = [...pending];
    this.#pendingBytes = pending.reduce((sum, bytes) => sum + bytes.byteLength, 0);
  }

  get isPartFull(): boolean {
    return this.#pendingBytes >= this.#partBytes;
  }

  get partsSent(): number {
    return this.#parts.length;
  }

  /** The last part of a file in parts, when nothing more is written. */
  get hasLastPart(): boolean {
    return this.#parts.length > 0 && this.#pendingBytes > 0;
  }

  write(bytes: Uint8Array): void {
    if (bytes.byteLength > 0) {
      this.#pending.push(bytes);
      this.#pendingBytes += bytes.byteLength;
      this.#isPendingStored = false;
    }
  }

  /**
   * Sends one part. It counts when `checkpoint` has run; after a failure nothing has changed and the same call sends
   * the same part again.
   */
  async sendPart(): Promise<BlobResult<void>> {
    const upload = await this.#openUpload();
    if (!upload.ok) {
      return upload;
    }
    const bytes = this.#joinPending();
    const part = bytes.slice(0, this.#partBytes);
    const receipt = await upload.value.uploadPart(this.#parts.length + 1, part);
    if (!receipt.ok) {
      return receipt;
    }
    this.#parts.push({ ...receipt.value, sha256: sha256Hex(part) });
    this.#pending = bytes.byteLength > part.byteLength ? [bytes.slice(part.byteLength)] : [];
    this.#pendingBytes = bytes.byteLength - part.byteLength;
    this.#isPendingStored = false;
    return ok(undefined);
  }

  /** Writes down what has been sent and what waits. To be called within a transaction. */
  checkpoint(): void {
    const last = this.#parts.at(-1);
    if (last !== undefined) {
      addPart(this.#sql, last);
    }
    if (!this.#isPendingStored) {
      writePending(this.#sql, this.#joinPending());
      this.#isPendingStored = true;
    }
  }

  /**
   * Makes the file of the parts, or of what waits when that is all. May be called again after a failure, and after a
   * crash.
   */
  async complete(): Promise<BlobResult<void>> {
    const upload = this.#parts.length > 0 ? await this.#openUpload() : undefined;
    if (upload === undefined) {
      const stored = await this.#store.put(this.#key, this.#joinPending());
      return stored.ok ? ok(undefined) : stored;
    }
    const completed = upload.ok ? await upload.value.complete(this.#parts) : upload;
    return completed.ok ? ok(undefined) : completed;
  }

  /** The pieces in which the file was stored, each with the hash of what was sent. */
  get pieces(): readonly { readonly size: number; readonly sha256: string }[] {
    return this.#parts.length > 0
      ? this.#parts
      : [{ size: this.#pendingBytes, sha256: sha256Hex(this.#joinPending()) }];
  }

  async #openUpload(): Promise<BlobResult<BlobUpload>> {
    if (this.#upload !== undefined) {
      return this.#store.resumeUpload(this.#upload);
    }
    const opened = await this.#store.openUpload(this.#key, this.#partBytes);
    if (opened.ok) {
      this.#upload = opened.value.ticket;
      writeUpload(this.#sql, opened.value.ticket);
    }
    return opened;
  }

  #joinPending(): Uint8Array {
    const [only] = this.#pending;
    if (this.#pending.length === 1 && only !== undefined) {
      return only;
    }
    const bytes = new Uint8Array(this.#pendingBytes);
    let at = 0;
    for (const piece of this.#pending) {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
    this.#pending = [bytes];
    return bytes;
  }
}
