/** Generators of metadata, of schemas for it, and of patterns. Few names and values, so that rules meet what they rule. */
import fc from "fast-check";
import type { MetadataSchema } from "../../../src/contract/action-schema.ts";
import type { Metadata } from "../../../src/contract/event.ts";

const name = fc.constantFrom("a", "b", "pages", "__proto__", "constructor", "");
const text = fc.constantFrom(
  "",
  "a",
  "ab",
  "b1",
  "契約",
  "\u{1F600}",
  "2026-11-22",
  "x".repeat(500),
);
const number = fc.constantFrom(0, 1, 2, -1, 0.5, 1e21, 3);
export const scalar = fc.oneof(text, number, fc.boolean());

/** `Object.fromEntries`, unlike assignment, makes an own property of `__proto__`. */
export const metadata: fc.Arbitrary<Metadata> = fc
  .array(fc.tuple(name, scalar), { maxLength: 5 })
  .map((entries) => Object.fromEntries(entries));

const type = fc.constantFrom("object", "string", "number", "integer", "boolean");
const count = fc.integer({ min: 0, max: 3 });
const names = fc.uniqueArray(name, { maxLength: 3 });

function byName<T>(value: fc.Arbitrary<T>, key: fc.Arbitrary<string> = name) {
  return fc
    .array(fc.tuple(key, value), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries));
}

/** An object with `then` itself would be taken for a promise. */
const keywordOf = (key: string) => key.replace("thenSchema", "then");

const rules = fc.letrec<{ schema: MetadataSchema | boolean; object: MetadataSchema }>((tie) => ({
  object: fc
    .record({
      type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
      enum: fc.array(scalar, { minLength: 1, maxLength: 3 }),
      const: scalar,
      properties: byName(tie("schema")),
      patternProperties: byName(tie("schema"), fc.constantFrom("^a", "^p.*s$", "[^]")),
      additionalProperties: tie("schema"),
      propertyNames: tie("schema"),
      required: names,
      dependentRequired: byName(names),
      dependentSchemas: byName(tie("schema")),
      minProperties: count,
      maxProperties: count,
      allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      not: tie("schema"),
      if: tie("schema"),
      thenSchema: tie("schema"),
      else: tie("schema"),
      minimum: number,
      exclusiveMaximum: number,
      multipleOf: fc.constantFrom(0.5, 1, 2),
      minLength: count,
      maxLength: count,
      pattern: fc.constantFrom("^a", "^[a-z]+$", "\\d"),
      format: fc.constantFrom("date", "email", "uuid"),
      title: fc.constant("for people"),
    })
    // Most rules are absent, or nothing would ever fit.
    .chain((schema) =>
      fc
        .subarray(Object.keys(schema) as (keyof typeof schema)[], { maxLength: 3 })
        .map((kept) => Object.fromEntries(kept.map((key) => [keywordOf(key), schema[key]]))),
    ),
  schema: fc.oneof({ depthSize: "small", maxDepth: 2 }, fc.boolean(), tie("object")),
}));

/** Schemas as they may be kept. */
export const metadataSchema = rules.object;

/** Patterns of everything that makes a matcher go back. */
export const pattern: fc.Arbitrary<string> = fc
  .letrec<{ atom: string; regex: string }>((tie) => ({
    atom: fc.oneof(
      { depthSize: "small", maxDepth: 2 },
      fc.constantFrom("a", "b", ".", "[ab]", "\\w", "[^b]", "\\."),
      tie("regex").map((regex) => `(?:${regex})`),
      tie("regex").map((regex) => `(${regex})`),
      tie("regex").map((regex) => `(?=${regex})`),
    ),
    regex: fc
      .array(
        fc.tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?")),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.map(([atom, quantifier]) => atom + quantifier).join(""))
      .chain((sequence) =>
        fc.oneof(fc.constant(sequence), fc.constant(`^${sequence}$`), fc.constant(`${sequence}|b`)),
      ),
  }))
  .regex.filter((source) => {
    try {
      return new RegExp(source, "u") instanceof RegExp;
    } catch {
      return false;
    }
  });
