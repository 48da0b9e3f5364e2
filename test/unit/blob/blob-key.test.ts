import fc from "fast-check";
import { expect, test } from "vitest";
import { isFolder, isKey, prefixFault } from "../../../src/blob/blob-key.ts";

const piece = fc.constantFrom("a", "1", "-", "_", ".", "..", "/", "~", "%2e", "A", " ", "é", "\n");
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

test("a key is the same in a URL, so it names one object everywhere", () => {
  fc.assert(
    fc.property(text, (key) => {
      if (isKey(key)) {
        expect(new URL(`http://disk/${key}`).href).toBe(`http://disk/${key}`);
        expect(encodeURI(key)).toBe(key);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("no key is a folder of another key", () => {
  fc.assert(
    fc.property(text, (key) => {
      if (isKey(key)) {
        expect(isKey(`${key}/a.seg`)).toBe(false);
        expect(isFolder(key)).toBe(false);
        expect(prefixFault(`${key}/`)).toBeDefined();
      }
    }),
    { numRuns: 5_000 },
  );
});

test.each(["tenants/3f9a/segments/000000001.seg", "e.csv", "a/b-c_d/x.csv.gz", "0/-.-"])(
  "%j is a key",
  (key) => {
    expect(isKey(key)).toBe(true);
  },
);
