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
import { addSliced, slicedSha256 } from "./sliced-hash.ts";

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
    if ((await slicedSha256(bytes.value, this.#ports.pause)) !== sha256) {
      const message = `verify ${this.#key}: the store gives other bytes than it was given.`;
      return blobFault("blob_corrupt", message);
    }
    await addSliced(this.#file, bytes.value, this.#ports.pause);
    this.#piece++;
    this.#size += size;
    return ok(undefined);
  }
}
