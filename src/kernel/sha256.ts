/**
 * SHA-256, synchronous: a hash is often needed between two statements of one transaction, where nothing may be awaited.
 * `hash` of `node:crypto` is there in workerd and in Node alike; unlike `createHash` it makes no stream.
 */
import { hash } from "node:crypto";

export function sha256(text: string): Uint8Array {
  return hash("sha256", text, "buffer");
}

export function sha256Hex(text: string | Uint8Array): string {
  return hash("sha256", text, "hex");
}
