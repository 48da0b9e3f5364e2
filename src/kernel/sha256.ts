/**
 * SHA-256, synchronous: a hash is often needed between two statements of one transaction, where nothing may be awaited.
 * `node:crypto` is there in workerd and in Node alike.
 */
import { createHash } from "node:crypto";

export function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
}

export function sha256Hex(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest("hex");
}
