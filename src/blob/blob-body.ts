/** Bodies: how what a store sends becomes bytes or a stream, of exactly the size that was announced. */
import { ok } from "../kernel/result.ts";
import { type BlobFault, blobFault, type BlobResult, BlobStreamError } from "./blob-failure.ts";
import type { BlobStream } from "./blob-store.ts";
import { bounded, transferMs } from "./bounded.ts";
import { type ChunkReader, chunkReader } from "./chunk-reader.ts";

/** An object or a range of one, of which the store has sent the size and perhaps not one byte yet. Used once. */
export interface BlobBody {
  /** In bytes, as announced. */
  readonly size: number;
  whole(): Promise<BlobResult<Uint8Array>>;
  /** @throws BlobStreamError when the store is late, breaks off, or sends more or fewer bytes than it announced. */
  chunks(): AsyncGenerator<Uint8Array, void>;
  /** Tells the store to send nothing. */
  cancel(): void;
}

/** What `Response` and R2's objects have in common. */
export interface BodySource {
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface SentBodyOptions {
  /** The operation and its key, to begin a message with. */
  readonly what: string;
  readonly size: number;
  readonly source: BodySource;
  /** How long the store may take for each chunk. The time that the reader takes does not count. */
  readonly timeoutMs: number;
  readonly cancel: () => void;
}

/** A body that comes in one answer. */
export class SentBody implements BlobBody {
  readonly size: number;
  readonly #options: SentBodyOptions;

  constructor(options: SentBodyOptions) {
    this.size = options.size;
    this.#options = options;
  }

  /** Natively collected, which is several times faster than reading a stream. */
  async whole(): Promise<BlobResult<Uint8Array>> {
    const { what, source, timeoutMs } = this.#options;
    const read = await bounded(what, transferMs(timeoutMs, this.size), async () => {
      const bytes = new Uint8Array(await source.arrayBuffer());
      return bytes.length === this.size ? ok(bytes) : this.#wrongSize(bytes.length);
    });
    if (!read.ok) {
      this.cancel();
    }
    return read;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    const reader = chunkReader(this.#options.source.body);
    let received = 0;
    try {
      for (;;) {
        const chunk = await this.#next(reader);
        received += chunk?.length ?? 0;
        if (chunk === undefined ? received < this.size : received > this.size) {
          throw new BlobStreamError(this.#wrongSize(received).failure);
        }
        if (chunk === undefined) {
          return;
        }
        yield chunk;
      }
    } finally {
      reader.cancel();
    }
  }

  cancel(): void {
    this.#options.cancel();
  }

  async #next(reader: ChunkReader): Promise<Uint8Array | undefined> {
    const { what, timeoutMs } = this.#options;
    const next = await bounded(what, timeoutMs, async () => ok(await reader.next()));
    if (!next.ok) {
      throw new BlobStreamError(next.failure);
    }
    return next.value;
  }

  #wrongSize(received: number): BlobFault {
    const message = `${this.#options.what}: ${received} bytes came instead of ${this.size}.`;
    return blobFault("blob_corrupt", message);
  }
}

export function streamOf(blob: BlobBody): BlobStream {
  const chunks = blob.chunks();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) {
        controller.close();
      } else {
        controller.enqueue(next.value);
      }
    },
    async cancel() {
      // First, so that a chunk that is awaited does not hold up the end.
      blob.cancel();
      await chunks.return();
    },
  });
  return { size: blob.size, body };
}
