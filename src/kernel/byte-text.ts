/**
 * Byte text: UTF-8 in a string, each character of it one byte.
 *
 * What is cut apart and put together again, but not read, is spared two conversions so, takes half the memory where it
 * is not plain ASCII, and has its size in bytes as its length. ASCII characters are themselves, so it can be split and
 * searched by them.
 */
import { Buffer } from "node:buffer";

export function byteText(text: string): string {
  return Buffer.from(text).toString("latin1");
}

export function byteTextOf(bytes: Uint8Array): string {
  return viewOf(bytes).toString("latin1");
}

export function textOf(byteText: string): string {
  return bytesOf(byteText).toString("utf8");
}

export function bytesOf(byteText: string): Buffer {
  return Buffer.from(byteText, "latin1");
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
