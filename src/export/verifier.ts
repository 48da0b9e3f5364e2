/**
 * Reads a finished file back from the blob store, compares every part with what was sent, and hashes the whole.
 *
 * So a file is `ready` only when the store has given all of it back once. A hash cannot be carried from one process to
 * the next, so a process that takes over reads from the beginning; sending and reading take turns, never one file twice.
 */
import { createHash } from "node:crypto";
import { blobFault, type BlobResult } from "../blob/blob-failure.ts";
import type { BlobStore } from "../blob/blob-store.ts";
import type { Clock } from "../kernel/clock.ts";
import { ok } from "../kernel/result.ts";

export interface FilePiece {
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

interface VerifierPorts {
  readonly store: BlobStore;
  readonly clock: Clock;
  readonly pause: () => Promise<void>;
}

/** Bytes that are hashed without a pause: a millisecond or two. */
const SLICE_BYTES = 1024 * 1024;

export class Verifier {
  readonly #ports: VerifierPorts;
  readonly #key: string;
  readonly #pieces: readonly FilePiece[];
  readonly #file = createHash("sha256");
  /** Once everything has been read. */
  #sha256: string | undefined;
  #piece = 0;
  #size = 0;

  constructor(ports: VerifierPorts, key: string, pieces: readonly FilePiece[]) {
    this.#ports = ports;
    this.#key = key;
    this.#pieces = pieces;
  }

  /** Changes with every piece that was read back. */
  get mark(): string {
    return String(this.#piece);
  }

  /**
   * Works for about so long. After a failure the same call goes on.
   *
   * @returns size and hash of the whole file, or undefined when there is more to read.
   */
  async work(milliseconds: number): Promise<BlobResult<FilePiece | undefined>> {
    const until = this.#ports.clock() + milliseconds;
    for (const piece of this.#pieces.slice(this.#piece)) {
      const read = await this.#readPiece(piece);
      if (!read.ok) {
        return read;
      }
      if (this.#ports.clock() >= until) {
        break;
      }
    }
    if (this.#piece < this.#pieces.length) {
      return ok(undefined);
    }
    this.#sha256 ??= this.#file.digest("hex");
    return ok({ size: this.#size, sha256: this.#sha256 });
  }

  async #readPiece({ size, sha256 }: FilePiece): Promise<BlobResult<void>> {
    const range = size === 0 ? undefined : { offset: this.#size, length: size };
    const bytes = await this.#ports.store.read(this.#key, range);
    if (!bytes.ok) {
      return bytes;
    }
    const hash = createHash("sha256");
    const slices = slicesOf(bytes.value);
    for (const slice of slices) {
      hash.update(slice);
      await this.#ports.pause();
    }
    if (hash.digest("hex") !== sha256) {
      const message = `verify ${this.#key}: the store gives other bytes than it was given.`;
      return blobFault("blob_corrupt", message);
    }
    for (const slice of slices) {
      this.#file.update(slice);
      await this.#ports.pause();
    }
    this.#piece++;
    this.#size += size;
    return ok(undefined);
  }
}

function slicesOf(bytes: Uint8Array): Uint8Array[] {
  const slices: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    slices.push(bytes.subarray(at, at + SLICE_BYTES));
  }
  return slices;
}
