/** SHA-256 of large bytes in slices, between which others have their turn. */
import { createHash, type Hash } from "node:crypto";

/** Bytes that are hashed without a pause: a millisecond or two. */
const SLICE_BYTES = 1024 * 1024;

export async function addSliced(
  hash: Hash,
  bytes: Uint8Array,
  pause: () => Promise<void>,
): Promise<void> {
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
    await pause();
  }
}

/** @returns the hash in hex. */
export async function slicedSha256(bytes: Uint8Array, pause: () => Promise<void>): Promise<string> {
  const hash = createHash("sha256");
  await addSliced(hash, bytes, pause);
  return hash.digest("hex");
}
