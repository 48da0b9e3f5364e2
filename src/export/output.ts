/**
 * The file on its way into the blob store: gathers bytes, cuts them into parts of one size, sends the parts.
 *
 * Where parts are cut depends on the bytes alone, so a part that is made again after a crash is the same part. A file
 * that is less than one part is stored in one piece.
 */
import { Buffer } from "node:buffer";
import type { BlobResult } from "../blob/blob-failure.ts";
import { PART_BYTES_MIN } from "../blob/blob-limits.ts";
import type { BlobStore } from "../blob/blob-store.ts";
import type { BlobUpload, UploadTicket } from "../blob/blob-upload.ts";
import { ok } from "../kernel/result.ts";
import type { Sql } from "../sql/sql.ts";
import { addPart, readOutput, type StoredPart, writePending, writeUpload } from "./progress.ts";
import { slicedSha256 } from "./sliced-hash.ts";
import type { FilePiece } from "./verifier.ts";

/** The smallest that every store takes: it bounds what is in memory, and what a crash makes again. */
export const FILE_PART_BYTES = PART_BYTES_MIN;

export interface OutputPorts {
  readonly sql: Sql;
  readonly store: BlobStore;
  readonly pause: () => Promise<void>;
}

export class Output {
  readonly #ports: OutputPorts;
  readonly #key: string;
  readonly #partBytes: number;
  #upload: UploadTicket | undefined;
  readonly #parts: StoredPart[];
  /** The one piece of a file that is less than a part, when it is stored. */
  #whole: FilePiece | undefined;
  readonly #pending: PendingBytes;
  #isPendingStored = true;

  constructor(ports: OutputPorts, key: string, partBytes: number = FILE_PART_BYTES) {
    const { upload, parts, pending } = readOutput(ports.sql);
    this.#ports = ports;
    this.#key = key;
    this.#partBytes = partBytes;
    this.#upload = upload;
    this.#parts = [...parts];
    this.#pending = new PendingBytes(partBytes, pending);
  }

  get isPartFull(): boolean {
    return this.#pending.size >= this.#partBytes;
  }

  get partsSent(): number {
    return this.#parts.length;
  }

  /** The last part of a file in parts, when nothing more is written. */
  get hasLastPart(): boolean {
    return this.#parts.length > 0 && this.#pending.size > 0;
  }

  /** @param text byte text. */
  write(text: string): void {
    this.#pending.add(text);
    this.#isPendingStored &&= text === "";
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
    const part = this.#pending.copy(this.#partBytes);
    const sha256 = await slicedSha256(part, this.#ports.pause);
    const receipt = await upload.value.uploadPart(this.#parts.length + 1, part);
    if (!receipt.ok) {
      return receipt;
    }
    this.#parts.push({ ...receipt.value, sha256 });
    this.#pending.drop(part.byteLength);
    this.#isPendingStored = false;
    return ok(undefined);
  }

  /** Writes down what has been sent and what waits. To be called within a transaction. */
  checkpoint(): void {
    const last = this.#parts.at(-1);
    if (last !== undefined) {
      addPart(this.#ports.sql, last);
    }
    if (!this.#isPendingStored) {
      writePending(this.#ports.sql, this.#pending.copy());
      this.#isPendingStored = true;
    }
  }

  /**
   * Makes the file of the parts, or of what waits when that is all. May be called again after a failure, and after a
   * crash.
   */
  async complete(): Promise<BlobResult<void>> {
    return this.#parts.length > 0 ? this.#joinParts() : this.#putWhole();
  }

  /** The pieces in which the file was stored, each with the hash of what was sent. */
  get pieces(): readonly FilePiece[] {
    return this.#whole === undefined ? this.#parts : [this.#whole];
  }

  async #joinParts(): Promise<BlobResult<void>> {
    const upload = await this.#openUpload();
    const completed = upload.ok ? await upload.value.complete(this.#parts) : upload;
    return completed.ok ? ok(undefined) : completed;
  }

  async #putWhole(): Promise<BlobResult<void>> {
    const { store, pause } = this.#ports;
    const bytes = this.#pending.copy();
    const stored = await store.put(this.#key, bytes);
    if (!stored.ok) {
      return stored;
    }
    this.#whole = { size: bytes.byteLength, sha256: await slicedSha256(bytes, pause) };
    return ok(undefined);
  }

  async #openUpload(): Promise<BlobResult<BlobUpload>> {
    const { sql, store } = this.#ports;
    if (this.#upload !== undefined) {
      return store.resumeUpload(this.#upload);
    }
    const opened = await store.openUpload(this.#key, this.#partBytes);
    if (opened.ok) {
      this.#upload = opened.value.ticket;
      writeUpload(sql, opened.value.ticket);
    }
    return opened;
  }
}

/** Room for the batch of rows with which a part gets full. */
const MORE_BYTES = 256 * 1024;

/** Bytes that wait, behind one another. */
class PendingBytes {
  #buffer: Buffer;
  #size = 0;

  constructor(partBytes: number, pieces: readonly Uint8Array[]) {
    this.#buffer = Buffer.alloc(partBytes + MORE_BYTES);
    for (const piece of pieces) {
      this.#makeRoom(piece.byteLength);
      this.#buffer.set(piece, this.#size);
      this.#size += piece.byteLength;
    }
  }

  get size(): number {
    return this.#size;
  }

  /** @param text byte text. */
  add(text: string): void {
    this.#makeRoom(text.length);
    this.#size += this.#buffer.write(text, this.#size, "latin1");
  }

  /** The first so many bytes, in memory of their own: a store may hold on to what it was given. */
  copy(bytes: number = this.#size): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, Math.min(bytes, this.#size)));
  }

  drop(bytes: number): void {
    this.#buffer.copyWithin(0, bytes, this.#size);
    this.#size -= bytes;
  }

  #makeRoom(bytes: number): void {
    const size = this.#size + bytes;
    if (size > this.#buffer.byteLength) {
      const larger = Buffer.alloc(size + MORE_BYTES);
      larger.set(this.#buffer.subarray(0, this.#size));
      this.#buffer = larger;
    }
  }
}
