/**
 * Idempotency: the same event, sent again within 24 hours, is stored once and gets the first answer.
 *
 * As WorkOS does it, the key is the pair (client key, event): the same client key with another event is another
 * event, and without a client key the event is its own key. The pair is hashed with SHA-256, because with a weaker
 * hash somebody who can choose a part of an event could make a later event vanish as a "replay".
 */
import { Buffer } from "node:buffer";
import { sha256 } from "../kernel/sha256.ts";

/** The first half of a SHA-256: enough that no two of a tenant's events in a window meet by accident. */
export const FINGERPRINT_BYTES = 16;

/** @param event canonical text. */
export function fingerprintOf(event: string, clientKey: string | undefined): Uint8Array {
  const hash =
    clientKey === undefined
      ? sha256(`content\n${event}`)
      : sha256(`key ${clientKey.length}\n${clientKey}${event}`);
  return hash.subarray(0, FINGERPRINT_BYTES);
}

/** The fingerprints of a packed run as texts of one character a byte, to look them up by. */
export function keysOf(fingerprints: Uint8Array): string[] {
  const { buffer, byteOffset, byteLength } = fingerprints;
  // One conversion for all is many times faster than one for each.
  const bytes = Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
  return Array.from({ length: byteLength / FINGERPRINT_BYTES }, (_, index) =>
    bytes.slice(index * FINGERPRINT_BYTES, (index + 1) * FINGERPRINT_BYTES),
  );
}
