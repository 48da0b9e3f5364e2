import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../../src/kernel/canonical-json.ts";
import { type Json, parseStrictJson } from "../../../src/kernel/strict-json.ts";
import { isStrictJson } from "./json-reference.ts";

const strictJson = fc
  .jsonValue({ stringUnit: "binary", maxDepth: 5 })
  .filter((value) => isStrict(value as Json)) as fc.Arbitrary<Json>;

function isStrict(value: Json): boolean {
  if (typeof value === "number") {
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  }
  if (typeof value === "string") {
    return value.isWellFormed();
  }
  if (Array.isArray(value)) {
    return value.every(isStrict);
  }
  return (
    value === null ||
    typeof value !== "object" ||
    Object.entries(value).every(([name, member]) => name.isWellFormed() && isStrict(member))
  );
}

test("canonical JSON is what the reference implementation of RFC 8785 writes", () => {
  fc.assert(
    fc.property(strictJson, (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value));
    }),
  );
});

test("names are ordered by UTF-16 code unit, also those that look like integers", () => {
  const value = JSON.parse('{"9":1,"10":2,"\u20ac":3,"\\r":4,"\ud83d\ude00":5,"\ufb33":6}') as Json;
  expect(canonicalJson(value)).toBe('{"\\r":4,"10":2,"9":1,"€":3,"😀":5,"\ufb33":6}');
});

test("every strict value is read back as it was, however its text is spaced", () => {
  fc.assert(
    fc.property(strictJson, fc.constantFrom(0, 1, 4, "\t"), (value, indent) => {
      const read = parseStrictJson(JSON.stringify(value, null, indent));
      expect(read).toEqual({ ok: true, value: JSON.parse(JSON.stringify(value)) });
    }),
  );
});

test("a name that stands twice in one object is refused, wherever it is and however it is spelled", () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"x":{"b":[],"b":[]}}]',
    '{"":1,"":2}',
    '{"a\\\\":1 , "a\\\\" : 2}',
    '{"__proto__":1,"__proto__":2}',
  ]) {
    expect(parseStrictJson(text), text).toMatchObject({
      ok: false,
      failure: { code: "invalid_request" },
    });
  }
});

test("the same name in two objects, and colons and quotes inside strings, are no duplicates", () => {
  for (const text of [
    '[{"a":1},{"a":1}]',
    '{"a":{"a":1}}',
    '{"a":"\\"b\\":1,\\"b\\":"}',
    '{"a":"x","b":"\\\\"}',
  ]) {
    expect(parseStrictJson(text), text).toMatchObject({ ok: true });
  }
});

test("a doubled name is found in any object", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: "binary" }), strictJson, { minKeys: 1 }),
      (object) => {
        const [name = "", value] = Object.entries(object).find(([key]) => key.isWellFormed()) ?? [];
        fc.pre(value !== undefined && isStrict(object));
        const doubled = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:0}`;
        expect(parseStrictJson(doubled).ok).toBe(false);
      },
    ),
  );
});

test.each([
  ["half a surrogate pair", '{"a":["\\ud800"]}', "a[0]"],
  ["half a surrogate pair in a name", '{"x":{"\\udc00":1}}', "x"],
  ["an integer beyond 2^53 - 1", '{"n":9007199254740993}', "n"],
  ["a number that overflows", '{"n":1e400}', "n"],
])("%s is refused, and the answer says where", (_, text, field) => {
  expect(parseStrictJson(text)).toMatchObject({
    ok: false,
    failure: { code: "invalid_request", errors: [{ field }] },
  });
});

test("nesting is bounded, so a small body cannot exhaust the stack", () => {
  expect(parseStrictJson(`${"[".repeat(32)}${"]".repeat(32)}`).ok).toBe(true);
  expect(parseStrictJson(`${"[".repeat(33)}${"]".repeat(33)}`).ok).toBe(false);
  expect(parseStrictJson(`${"[".repeat(5_000)}${"]".repeat(5_000)}`).ok).toBe(false);
});

/** Texts of JSON, spelled in every way, and with a fault here and there. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string; text: string }>((tie) => {
  const space = fc.constantFrom("", "", "", " ", "\n\t");
  const escape = fc.constantFrom(
    "\\u0061",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\udE00",
    "\\n",
    "\\x",
    "\\u00g0",
    "\\\\",
    '\\"',
    "\u0001",
  );
  const stringOf = (escapes: fc.Arbitrary<string>) =>
    fc
      .array(
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom("a", "b", "é", "\u{1F600}", ":", ",", "{") },
          { weight: 1, arbitrary: escapes },
        ),
        { maxLength: 3 },
      )
      .map((parts) => `"${parts.join("")}"`);
  const string = stringOf(escape);
  // V8 13.6, of Node 24, takes an escaped name for an earlier one that is spelled as the escape begins. That of workerd
  // does not: test/worker/json.test.ts.
  const name = stringOf(escape.filter((text) => text !== "\\\\"));
  const number = fc.constantFrom(
    "0",
    "-0",
    "1.5",
    "1e3",
    "9007199254740991",
    "9007199254740992",
    "1e400",
    "01",
    "+1",
    ".5",
    "1.",
    "-",
  );
  const word = fc.constantFrom("true", "false", "null", "nul", "NaN", "undefined", "'a'");
  const member = fc
    .tuple(space, name, space, tie("value"), space)
    .map(([a, named, b, value, c]) => `${a}${named}${b}:${value}${c}`);
  const listed = (item: fc.Arbitrary<string>) =>
    fc.array(item, { maxLength: 3 }).map((items) => items.join(","));
  return {
    value: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      { weight: 3, arbitrary: string },
      { weight: 3, arbitrary: number },
      { weight: 1, arbitrary: word },
      { weight: 4, arbitrary: listed(member).map((members) => `{${members}}`) },
      { weight: 3, arbitrary: listed(tie("value")).map((items) => `[${items}]`) },
    ),
    text: fc
      .tuple(space, tie("value"), fc.constantFrom("", "", "", " ", ",", "}", "\u00a0"))
      .map((parts) => parts.join("")),
  };
}).text;

test("a text is accepted exactly when it holds to RFC 8259 and I-JSON, by a reader that knows the grammar alone", () => {
  fc.assert(
    fc.property(jsonText, fc.integer({ min: 0, max: 34 }), (text, levels) => {
      const nested = levels > 28 ? `${"[".repeat(levels)}${text}${"]".repeat(levels)}` : text;
      expect(parseStrictJson(nested).ok, nested).toBe(isStrictJson(nested, 32));
    }),
    { numRuns: 3_000 },
  );
});

test("what is wrong with a very long text is told without its place, which would take long to find", () => {
  const nested = parseStrictJson("[".repeat(600_000));
  expect(nested.ok ? "" : nested.failure.message).toBe("The body is not valid JSON.");
});
