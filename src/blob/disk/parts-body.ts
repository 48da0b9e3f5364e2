/** A body that lies in several files. Each is opened when the one before has been read. */
import { ok } from "../../kernel/result.ts";
import type { BlobBody } from "../blob-body.ts";
import { blobFault, type BlobResult, BlobStreamError } from "../blob-failure.ts";
import type { DiskFiles } from "./disk-files.ts";
import type { Piece } from "./disk-layout.ts";

export class PartsBody implements BlobBody {
  readonly size: number;
  readonly #what: string;
  readonly #files: DiskFiles;
  readonly #pieces: readonly Piece[];

  constructor(what: string, files: DiskFiles, pieces: readonly Piece[]) {
    this.#what = what;
    this.#files = files;
    this.#pieces = pieces;
    this.size = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  async whole(): Promise<BlobResult<Uint8Array>> {
    const bytes = new Uint8Array(this.size);
    let end = 0;
    for (const piece of this.#pieces) {
      const opened = await this.#open(piece);
      const read = opened.ok ? await opened.value.whole() : opened;
      if (!read.ok) {
        return read;
      }
      bytes.set(read.value, end);
      end += piece.length;
    }
    return ok(bytes);
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    for (const piece of this.#pieces) {
      const opened = await this.#open(piece);
      if (!opened.ok) {
        throw new BlobStreamError(opened.failure);
      }
      yield* opened.value.chunks();
    }
  }

  /** Nothing is open between two pieces. */
  cancel(): void {}

  async #open({ path, offset, length }: Piece): Promise<BlobResult<BlobBody>> {
    const opened = await this.#files.open(this.#what, path, { offset, length });
    const isDamaged = !opened.ok && opened.failure.code !== "blob_unavailable";
    return isDamaged
      ? blobFault("blob_corrupt", `${this.#what}: the file ${path} is missing or too short.`)
      : opened;
  }
}
