import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../../src/contract/event.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { encodeBlock } from "../../../src/log/block-codec.ts";
import { blockEvents } from "../../../src/log/block-events.ts";
import { decodeBlock, openBlock } from "../../../src/log/block-lines.ts";
import { buildLine, parseLine } from "../../../src/log/line.ts";
import { anyEvent } from "../../support/arbitraries.ts";
import { type EventInput, makeEvent } from "../../support/events.ts";

/** Lines as a log would store them, ingested at uneven times. */
function linesOf(events: readonly EventInput[], firstSeq = 257): string[] {
  return events.map((event, index) => {
    const text = readEvent(event as unknown as Json, "event");
    const facts = {
      organizationId: 'org_"1"',
      seq: firstSeq + index,
      ingestedAt: 1_790_000_000_000 + Math.floor(index / 3) * 7,
      random: (index * 2_654_435_761) >>> 0,
    };
    return buildLine(text.ok ? text.value : "", facts).text;
  });
}

const encode = (lines: readonly string[]) => encodeBlock(lines, lines.map(parseLine));

test("a block gives back every line byte for byte", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 40 }), (events) => {
      const lines = linesOf(events);
      expect(decodeBlock(encode(lines))).toEqual(lines);
    }),
  );
});

test("the events of a block, read at once, are those of its lines, down to the order of their names", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 40 }), (events) => {
      const parsed = linesOf(events).map(parseLine);
      const read = blockEvents(encode(linesOf(events)));
      expect(read).toEqual(parsed);
      expect(JSON.stringify(read)).toBe(JSON.stringify(parsed));
    }),
  );
});

test("lines can be read one by one in any order", () => {
  const lines = linesOf(Array.from({ length: 50 }, (_, n) => makeEvent({ metadata: { n } })));
  fc.assert(
    fc.property(fc.array(fc.nat(49), { maxLength: 20 }), (order) => {
      const block = openBlock(encode(lines));
      expect(block.count).toBe(50);
      expect(order.map((index) => block.at(index))).toEqual(order.map((index) => lines[index]));
    }),
    { numRuns: 30 },
  );
});

test("values that look like the codec's own marks come back as they were", () => {
  const marks = ["\u0001", "\u001e", "\n", "\u00011\u0001", "null", '"', "\\", ""];
  const lines = linesOf(
    marks.map((mark) => makeEvent({ action: `a${mark}`, metadata: { mark, number: 1 } })),
  );
  expect(decodeBlock(encode(lines))).toEqual(lines);
  expect(blockEvents(encode(lines))).toEqual(lines.map(parseLine));
});

test("a name that means something to JavaScript is a name like any other", () => {
  const metadata = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
  const lines = linesOf([makeEvent({ metadata }), makeEvent()]);
  expect(blockEvents(encode(lines)).map((event) => JSON.stringify(event))).toEqual(
    lines.map((line) => JSON.stringify(parseLine(line))),
  );
});

test("events that are alike take a fraction of their text", () => {
  const lines = linesOf(Array.from({ length: 256 }, (_, n) => makeEvent({ metadata: { n } })));
  expect(encode(lines).byteLength).toBeLessThan(lines.join("\n").length / 20);
});
