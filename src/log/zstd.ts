/**
 * zstd, for what the log stores: a frame, or a chain of frames.
 *
 * The zstd of workerd fails where a frame ends with more output than fits in its first buffer, about 40 KB
 * (cloudflare/workerd#6769), so what compresses badly is compressed in pieces. A chain is the byte 1 and then, for each
 * piece, its size in 32 bits and its frame.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };
/** Most of what is stored fits in one output of this size; the default is many of 16 KB, to be joined. */
const OUTPUT_BYTES = 131_072;
/** zlib takes no smaller one. */
const OUTPUT_BYTES_MIN = 64;
const CHAIN = 1;
const SIZE_BYTES = 4;
/** Pieces that are surely small enough. */
const PIECE_BYTES_MIN = 32_768;

export function compress(bytes: Uint8Array): Uint8Array {
  const frames = framesOf(bytes);
  const [only] = frames;
  return frames.length === 1 && only !== undefined ? only : chain(frames);
}

/** @param sizeBytes what comes out, as far as it is known: it is then got in one piece. */
export function decompress(packed: Uint8Array, sizeBytes = OUTPUT_BYTES): Uint8Array {
  // An output that is just full is followed by an empty one.
  const chunkSize = Math.max(OUTPUT_BYTES_MIN, sizeBytes + 1);
  return packed[0] === CHAIN
    ? concatenate(links(packed))
    : zstdDecompressSync(packed, { chunkSize });
}

function framesOf(bytes: Uint8Array): Uint8Array[] {
  try {
    return [zstdCompressSync(bytes, LEVEL)];
  } catch (error) {
    if (bytes.byteLength <= PIECE_BYTES_MIN) {
      throw error;
    }
    const middle = Math.ceil(bytes.byteLength / 2);
    return [...framesOf(bytes.subarray(0, middle)), ...framesOf(bytes.subarray(middle))];
  }
}

function chain(frames: readonly Uint8Array[]): Uint8Array {
  return concatenate([
    Uint8Array.of(CHAIN),
    ...frames.flatMap((frame) => {
      const size = new Uint8Array(SIZE_BYTES);
      new DataView(size.buffer).setUint32(0, frame.byteLength, true);
      return [size, frame];
    }),
  ]);
}

function links(packed: Uint8Array): Uint8Array[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const pieces: Uint8Array[] = [];
  for (let at = 1; at < packed.byteLength;) {
    const start = at + SIZE_BYTES;
    const end = start + view.getUint32(at, true);
    pieces.push(decompress(packed.subarray(start, end)));
    at = end;
  }
  return pieces;
}

/** The parts behind one another. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
