import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonFault, jsonFaultAt } from "../../../src/kernel/json-fault.ts";
import { parseStrictJson } from "../../../src/kernel/strict-json.ts";

/** The character that cannot be there stands between ⟦ and ⟧. */
test.each([
  "⟦h⟧ello",
  '{"a":1,⟦}⟧',
  '{"a":⟦}⟧',
  '{"a"⟦,⟧1}',
  "{⟦a⟧:1}",
  "{⟦'⟧a':1}",
  '{"a":1 ⟦/⟧* x */}',
  '{"a":⟦N⟧aN}',
  '{"a":0⟦1⟧}',
  '{"a":1⟦.⟧}',
  "[1,⟦]⟧",
  "[1⟦}⟧",
  '{"a":1⟦]⟧',
  "[1 ⟦2⟧]",
  '{"a":1}⟦{⟧}',
  "[]⟦]⟧",
  String.raw`["a\⟦x⟧"]`,
  String.raw`["a\⟦u⟧00g0"]`,
  '["a⟦\n⟧b"]',
  "⟦\u00a0⟧[]",
])("%j: the fault is there", (marked) => {
  expect(jsonFaultAt(marked.replaceAll(/[⟦⟧]/gu, ""))).toBe(marked.indexOf("⟦"));
});

test.each([
  ['{"a":1,}', "there should not be '}' at character 8"],
  ['{\n  "é😀": 1,\n  "é😀" 2\n}', "there should not be '2' at line 3, character 8"],
  ["{'a':1}", `there should not be "'" at character 2`],
  ['{"a":', "it ends too early, at character 6"],
  ['{\n"a', "it ends too early, at line 2, character 3"],
  ["[😀]", "there should not be '😀' at character 2"],
])("%j: the sentence has the place, and no more of the text than a character", (text, sentence) => {
  expect(jsonFault(text)).toBe(sentence);
});

test("a text without anything says that it is empty", () => {
  for (const text of ["", " \n\t"]) {
    expect(parseStrictJson(text)).toMatchObject({
      failure: { message: expect.stringMatching(/^The body is empty\./) },
    });
  }
});

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value, null, 1));
/** Numbers and words are one piece: a fault within one is at its beginning. */
const PIECE = /^[-+.\w]*$/;

test("a character that JSON never has is found where it was put", () => {
  fc.assert(
    fc.property(json, fc.nat(), (text, random) => {
      const at = random % (text.length + 1);
      const fault = jsonFaultAt(`${text.slice(0, at)}\u0001${text.slice(at)}`);
      expect(fault).toBeLessThanOrEqual(at);
      expect(text.slice(fault, at)).toMatch(PIECE);
    }),
  );
});

test("a text that is cut off ends too early, wherever that is", () => {
  fc.assert(
    fc.property(json, fc.nat(), (text, random) => {
      const whole = `[${text}]`;
      const cut = whole.slice(0, random % whole.length);
      expect(cut.slice(jsonFaultAt(cut))).toMatch(/^(?:\\?u?)?[-+.\w]*$/);
    }),
  );
});
