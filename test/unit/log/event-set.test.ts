/** Sets of events against sets of numbers. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { EventSet } from "../../../src/log/event-set.ts";

const SIZE_MAX = 200;

/** Two sets of some of as many events, and a range of them. */
const twoSets = fc.integer({ min: 0, max: SIZE_MAX }).chain((size) => {
  const numbers = fc.uniqueArray(fc.nat(Math.max(0, size - 1)), { maxLength: size });
  const bound = fc.integer({ min: -5, max: SIZE_MAX + 5 });
  return fc.record({ size: fc.constant(size), a: numbers, b: numbers, from: bound, to: bound });
});

function setOf(size: number, numbers: readonly number[]): EventSet {
  const set = new EventSet(size);
  numbers.forEach((number) => set.add(number));
  return set;
}

function inOrder(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((x, y) => x - y);
}

test("sets of events are joined, compared and listed as sets of their numbers are", () => {
  fc.assert(
    fc.property(twoSets, ({ size, a, b, from, to }) => {
      const [some, others] = [setOf(size, a), setOf(size, b)];
      const inRange = Array.from({ length: size }, (_, n) => n).filter((n) => n >= from && n < to);
      expect([...some.numbers()]).toEqual(inOrder(a));
      expect([...some.and(others).numbers()]).toEqual(inOrder(a.filter((n) => b.includes(n))));
      expect([...some.or(others).numbers()]).toEqual(inOrder([...a, ...b]));
      expect([...some.without(others).numbers()]).toEqual(inOrder(a.filter((n) => !b.includes(n))));
      expect([...setOf(size, a).addRange(from, to).numbers()]).toEqual(inOrder([...a, ...inRange]));
      const odd = some.narrowed(() => 0xaaaa_aaaa);
      expect([...odd.numbers()]).toEqual(inOrder(a.filter((n) => n % 2 === 1)));
      expect(some.hasSome(from, to)).toBe(a.some((n) => inRange.includes(n)));
      expect(some.count(from, to)).toBe(inOrder(a).filter((n) => inRange.includes(n)).length);
      expect(some.count()).toBe(inOrder(a).length);
      expect(some.isEmpty).toBe(a.length === 0);
      expect([...EventSet.all(size).numbers()]).toEqual(Array.from({ length: size }, (_, n) => n));
      for (let event = 0; event < size; event++) {
        expect(some.has(event)).toBe(a.includes(event));
      }
    }),
    { numRuns: 300 },
  );
});

test("an event is added when its bit says so, and stays otherwise", () => {
  const set = setOf(40, [3]);
  set.addIf(3, 0);
  set.addIf(35, 0);
  set.addIf(36, 1);
  expect([...set.numbers()]).toEqual([3, 36]);
});
