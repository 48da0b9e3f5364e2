/** Codes bit by bit against lists of codes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { BitPlanes } from "../../../src/log/bit-planes.ts";
import { EventSet } from "../../../src/log/event-set.ts";

const COUNT_MAX = 150;

/** Codes of up to so many bits, and some of their items. */
const codesAndItems = fc.integer({ min: 0, max: 22 }).chain((bits) =>
  fc.record({
    codes: fc.array(fc.nat(2 ** bits - 1), { maxLength: COUNT_MAX }),
    items: fc.uniqueArray(fc.nat(COUNT_MAX)),
  }),
);

test("codes come back as they were, and those of some items that have a code are found", () => {
  fc.assert(
    fc.property(codesAndItems, ({ codes, items }) => {
      const { count, words } = BitPlanes.of(Uint32Array.from(codes));
      const planes = new BitPlanes(count, words);
      expect([...planes.codes()]).toEqual(codes);
      const among = new EventSet(codes.length);
      const asked = items.filter((item) => item < codes.length).sort((a, b) => a - b);
      asked.forEach((item) => among.add(item));
      for (const code of new Set(codes)) {
        const found = planes.itemsOf(code, among);
        expect([...found.numbers()]).toEqual(asked.filter((item) => codes[item] === code));
      }
    }),
    { numRuns: 300 },
  );
});

test("a column takes as many bits an item as its largest code, and none when all items are alike", () => {
  const wordsOf = (code: number) => BitPlanes.of(new Uint16Array(64).fill(code)).words.length;
  expect([0, 1, 2, 17, 65_535].map(wordsOf)).toEqual([0, 2, 4, 10, 32]);
});
