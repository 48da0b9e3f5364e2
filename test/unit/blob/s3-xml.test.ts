import fc from "fast-check";
import { expect, test } from "vitest";
import { elements, elementText, escaped, isDocument } from "../../../src/blob/s3/s3-xml.ts";

test("any text survives being written and read", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
      expect(elementText(`<R><ETag>${escaped(text)}</ETag></R>`, "ETag")).toBe(text);
    }),
  );
});

test("references to characters are decoded, unknown ones are left as they are", () => {
  const xml = "<K>&amp;&lt;&gt;&quot;&apos;&#38;&#x1F600;&nbsp;&#x110000;&amp;lt;</K>";
  expect(elementText(xml, "K")).toBe("&<>\"'&\u{1F600}&nbsp;&#x110000;&lt;");
});

test("elements are found by their whole name", () => {
  const xml = "<R><KeyCount>2</KeyCount><Key>a</Key><Key>b</Key><Key>";
  expect(elements(xml, "Key")).toEqual(["a", "b"]);
  expect(elementText(xml, "Name")).toBeUndefined();
});

test.each([
  ["<Error>", true],
  ['<?xml version="1.0"?>\n<!-- a --><Error xmlns="x"><Code>', true],
  [`<?xml version="1.0"?>${" ".repeat(5_000)}<Error>`, true],
  ["<Errors>", false],
  ["<R><Error></Error></R>", false],
  ["Error", false],
  ["<!doctype html><html><Error>", false],
  ["", false],
])("the outermost element names the document (%#)", (text, expected) => {
  expect(isDocument(text, "Error")).toBe(expected);
});

test("a text made to cost much costs little", () => {
  const nasty = "<Key>".repeat(100_000) + "&#x".repeat(100_000) + "<".repeat(100_000);
  const started = performance.now();
  elements(nasty, "Key");
  elementText(`<Key>${nasty}</Key>`, "Key");
  isDocument(nasty, "Error");
  expect(performance.now() - started).toBeLessThan(500);
});
