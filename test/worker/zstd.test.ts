import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { compress, decompress } from "../../src/log/zstd.ts";

/** Bytes that zstd cannot make smaller. */
function noise(bytes: number): Uint8Array {
  const noise = new Uint8Array(bytes);
  let state = 0x12345678;
  return noise.map(() => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  });
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

test.each([0, 1, 16_383, 16_384, 40_944, 40_960, 131_072, 200_000, 700_000, 1_900_000])(
  "%d bytes that cannot be compressed are stored and come back",
  (bytes) => {
    const plain = noise(bytes);
    const packed = compress(plain);
    expect(packed.byteLength).toBeLessThan(bytes * 1.01 + 64);
    expect(isEqual(decompress(packed), plain)).toBe(true);
  },
);

test("bytes that compress well are one frame, however many they are", () => {
  const plain = new Uint8Array(1_000_000).map((_, index) => index % 7);
  const packed = compress(plain);
  expect(packed.byteLength).toBeLessThan(10_000);
  expect(isEqual(decompress(packed), plain)).toBe(true);
});
