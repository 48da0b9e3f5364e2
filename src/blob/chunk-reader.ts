/** Reads a stream in chunks that are worth their cost: workerd's disk service gives 4 KiB each unless asked for more. */

export interface ChunkReader {
  /** Undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  cancel(): void;
}

const CHUNK_BYTES = 256 * 1024;

/** @param body null where there is nothing to read, as in the answer for an empty object. */
export function chunkReader(body: ReadableStream<Uint8Array> | null): ChunkReader {
  if (body === null) {
    return { next: async () => undefined, cancel: () => {} };
  }
  const filling = fillingReader(body);
  if (filling !== undefined) {
    return {
      next: async () => valueOf(await filling.read(new Uint8Array(CHUNK_BYTES))),
      cancel: () => void filling.cancel().catch(ignore),
    };
  }
  const reader = body.getReader();
  return {
    next: async () => valueOf(await reader.read()),
    cancel: () => void reader.cancel().catch(ignore),
  };
}

/** Not every stream can fill a buffer of its reader. */
function fillingReader(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

function valueOf(read: { done: boolean; value?: Uint8Array | undefined }): Uint8Array | undefined {
  return read.done ? undefined : read.value;
}

/** A stream that has broken rejects its cancellation too. */
function ignore(): void {}
