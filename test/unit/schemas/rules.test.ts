import fc from "fast-check";
import { expect, test } from "vitest";
import { patternCost } from "../../../src/schemas/pattern-cost.ts";
import { readActionSchemaRules } from "../../../src/schemas/rules.ts";
import { metadataSchema, pattern } from "./arbitraries.ts";

function fieldsOf(metadata: unknown): string[] {
  const rules = readActionSchemaRules({ targets: [], metadata });
  return rules.ok ? [] : (rules.failure.errors ?? []).map(({ field }) => field);
}

const nested = (levels: number): object => (levels === 0 ? {} : { not: nested(levels - 1) });

test("every schema of known rules is accepted, and given back as it was", () => {
  fc.assert(
    fc.property(metadataSchema, (metadata) => {
      const text = JSON.stringify({ targets: [], metadata });
      const rules = readActionSchemaRules(JSON.parse(text));
      expect(rules.ok && JSON.stringify(rules.value)).toBe(text);
    }),
  );
});

test.each<[string, unknown, string]>([
  ["a misspelt rule", { requierd: ["a"] }, "metadata.requierd"],
  ["a reference", { $ref: "https://example.com/schema.json" }, "metadata.$ref"],
  ["a reference to itself", { $ref: "#" }, "metadata.$ref"],
  ["a dynamic reference", { $dynamicRef: "#a" }, "metadata.$dynamicRef"],
  ["a name for references", { $id: "https://example.com" }, "metadata.$id"],
  ["a list as a type", { properties: { a: { type: "array" } } }, "metadata.properties.a.type"],
  ["a type that is none", { type: 5 }, "metadata.type"],
  ["names that are no list", { required: 5 }, "metadata.required"],
  ["a name twice", { required: ["a", "a"] }, "metadata.required"],
  ["properties as a list", { properties: [] }, "metadata.properties"],
  ["a schema that is a text", { properties: { a: "string" } }, "metadata.properties.a"],
  ["alternatives without any", { anyOf: [] }, "metadata.anyOf"],
  ["a length below 0", { properties: { a: { minLength: -1 } } }, "metadata.properties.a.minLength"],
  ["a multiple of 0", { properties: { a: { multipleOf: 0 } } }, "metadata.properties.a.multipleOf"],
  [
    "an unknown format",
    { properties: { a: { format: "colour" } } },
    "metadata.properties.a.format",
  ],
  [
    "a pattern that is none",
    { properties: { a: { pattern: "(" } } },
    "metadata.properties.a.pattern",
  ],
  [
    "a pattern for names that is none",
    { patternProperties: { "(": true } },
    "metadata.patternProperties",
  ],
  [
    "a pattern too large to compile",
    { properties: { a: { pattern: "(?:a{1000}){1000}" } } },
    "metadata.properties.a.pattern",
  ],
  ["an enormous annotation", { description: "x".repeat(2_000) }, "metadata.description"],
  [
    "251 schemas",
    { properties: Object.fromEntries(Array.from({ length: 251 }, (_, n) => [`n${n}`, true])) },
    "metadata.properties.n249",
  ],
])("%s is refused, and the error names it", (_, metadata, field) => {
  expect(fieldsOf(metadata)).toContain(field);
});

test("nesting is bounded", () => {
  expect(fieldsOf(nested(7))).toEqual([]);
  expect(fieldsOf(nested(8))).toEqual([`metadata${".not".repeat(8)}`]);
});

test("a type of target that is given twice is refused", () => {
  const rules = readActionSchemaRules({ targets: [{ type: "a" }, { type: "b" }, { type: "a" }] });
  expect(rules).toMatchObject({
    failure: { code: "unprocessable_entity", errors: [{ field: "targets[2].type" }] },
  });
});

test.each([
  "(a+)+$",
  "(a|a)*$",
  "(a|ab)*c",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "a*a*a*b",
  "(?:a?){50}a{50}",
])("the pattern %s, which can take for ever, is refused", (pattern) => {
  expect(fieldsOf({ properties: { a: { pattern } } })).toEqual(["metadata.properties.a.pattern"]);
});

test.each([
  "^[A-Z]{3}-\\d+$",
  "^\\S+@\\S+$",
  "^[a-z]{1,63}\\.[a-z]{1,63}\\.[a-z]{2,10}$",
  "^(?:draft|final)$",
  "\\d+",
  "^\\p{L}{1,40}$",
])("the ordinary pattern %s is accepted", (pattern) => {
  expect(fieldsOf({ properties: { a: { pattern } } })).toEqual([]);
});

test("a pattern that is accepted is fast on every text", () => {
  const texts = ["a".repeat(500), `${"ab".repeat(249)}!`, `${"a".repeat(499)}!`, "b".repeat(500)];
  fc.assert(
    fc.property(pattern, (source) => {
      fc.pre(patternCost(source) <= 300_000);
      const regex = new RegExp(source, "u");
      const startedAt = performance.now();
      texts.forEach((text) => regex.test(text));
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }),
    { numRuns: 2_000 },
  );
});
