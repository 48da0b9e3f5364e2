/** Columns of texts against lists of them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { BitPlanes } from "../../../src/log/bit-planes.ts";
import { CodedColumn, type ColumnSource } from "../../../src/log/coded-column.ts";
import { EventSet } from "../../../src/log/event-set.ts";
import { shortHashes } from "../../../src/log/hash-text.ts";

/** Texts with the same short hash, one of which begins with the other. */
function twins(): [string, string] {
  const [hash] = shortHashes([JSON.stringify("user")]);
  for (let n = 0; ; n++) {
    const text = `user ${n}`;
    if (shortHashes([JSON.stringify(text)])[0] === hash) {
      return ["user", text];
    }
  }
}

const [USER, TWIN] = twins();
const text = fc.constantFrom(USER, TWIN, "user\n2", 'a "name"', "", "e", "f", "g", "h");
const texts = fc.array(text, { minLength: 1, maxLength: 100 });

/** The ways in which the codes of a column are stored. */
function columnsOf(values: readonly string[]): CodedColumn[] {
  const distinct = [...new Set(values)];
  const lines = distinct.map((value) => JSON.stringify(value));
  const dictionary = () => lines.join("\n");
  const codes = Uint16Array.from(values, (value) => distinct.indexOf(value));
  const planes = BitPlanes.of(codes);
  const sources: ColumnSource[] = [
    { dictionary, codes: () => codes },
    { dictionary, codes: () => planes },
    { dictionary, codes: () => planes, hashes: () => shortHashes(lines) },
  ];
  return sources.map((source) => new CodedColumn(source));
}

test("the items with a value, or with some values, are those that have them, however codes are stored", () => {
  fc.assert(
    fc.property(texts, fc.array(text), fc.infiniteStream(fc.boolean()), (values, wanted, coins) => {
      const among = new EventSet(values.length);
      values.forEach((_, item) => among.addIf(item, coins.next().value === true ? 1 : 0));
      const itemsThat = (test: (value: string) => boolean) =>
        [...among.numbers()].filter((item) => test(values[item] ?? ""));
      for (const column of columnsOf(values)) {
        for (const value of wanted) {
          const items = column.itemsWith(value, among);
          expect([...items.numbers()]).toEqual(itemsThat((other) => other === value));
        }
        const marks = Uint8Array.from(column.values, (value) => (wanted.includes(value) ? 1 : 0));
        const some = column.itemsOf(marks, among);
        expect([...some.numbers()]).toEqual(itemsThat((value) => wanted.includes(value)));
        expect(Array.from(column.codes, (code) => column.values[code])).toEqual(values);
      }
    }),
  );
});

test("a dictionary is not read when hashes tell that none of the items has the value", () => {
  let reads = 0;
  const column = new CodedColumn({
    dictionary: () => {
      reads++;
      return '"a"\n"b"';
    },
    codes: () => BitPlanes.of(Uint16Array.of(0, 1, 0)),
    hashes: () => shortHashes(['"a"', '"b"']),
  });
  const second = new EventSet(3);
  second.add(1);
  expect(column.itemsWith("a", second).isEmpty).toBe(true);
  expect(column.itemsWith("c", EventSet.all(3)).isEmpty).toBe(true);
  expect(reads).toBe(0);
  expect([...column.itemsWith("b", second).numbers()]).toEqual([1]);
  expect(reads).toBe(1);
});
