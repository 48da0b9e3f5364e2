import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredEvent } from "../../../src/contract/event.ts";
import { eventTerms, type IndexExpression, requiredTerms } from "../../../src/query/index-terms.ts";
import { matches } from "../../../src/query/match.ts";
import { parseQuery } from "../../../src/query/parse.ts";
import type { FieldTerm } from "../../../src/query/query.ts";
import { indexTerms } from "../../../src/query/words.ts";
import { makeEvent } from "../../support/events.ts";
import { eventsAndQuery, nastyText, storedEvent, valuesOf } from "./arbitraries.ts";

const UUID = "550e8400-e29b-41d4-a716-4466554400ae";

/** What an index has for an event. */
function termsOf(stored: StoredEvent): readonly string[] {
  const terms = new Set<string>();
  eventTerms([stored], (term) => terms.add(term));
  return [...terms];
}

function satisfies(terms: readonly string[], expression: IndexExpression): boolean {
  switch (expression.kind) {
    case "any":
      return true;
    case "and":
      return expression.of.every((each) => satisfies(terms, each));
    case "or":
      return expression.of.some((each) => satisfies(terms, each));
    default:
      return terms.some((term) =>
        expression.isPrefix ? term.startsWith(expression.term) : term === expression.term,
      );
  }
}

function required(source: string): IndexExpression {
  const query = parseQuery(source);
  if (!query.ok) {
    throw new Error(query.failure.code);
  }
  return requiredTerms(query.value);
}

/** An expression as text: `ab*` is a prefix. */
function shown(expression: IndexExpression): string {
  switch (expression.kind) {
    case "any":
      return "any";
    case "term":
      return `${expression.term}${expression.isPrefix ? "*" : ""}`;
    default:
      return `(${[expression.kind, ...expression.of.map(shown)].join(" ")})`;
  }
}

const named = (name: string): StoredEvent => ({
  event: makeEvent({ targets: [{ id: "d", type: "t", name }] }) as StoredEvent["event"],
  id: "019a3b45-55e0-7abc-8def-0123456789ab",
  ingested_at: "2026-11-22T09:30:01.000Z",
  organization_id: "org_1",
  seq: 1,
});

function start(value: string): FieldTerm {
  return { kind: "field", field: "target.name", op: "prefix", value };
}

test("no event that a query matches is missed by the terms it requires", () => {
  let matched = 0;
  fc.assert(
    fc.property(eventsAndQuery, ({ about, other, query }) => {
      for (const event of [about, other]) {
        if (matches(query, event)) {
          matched++;
          const expression = requiredTerms(query);
          expect(satisfies(termsOf(event), expression), shown(expression)).toBe(true);
        }
      }
    }),
    { numRuns: 5_000 },
  );
  expect(matched).toBeGreaterThan(2_000);
});

test("no value is missed by its own beginning, wherever that is cut", () => {
  fc.assert(
    fc.property(nastyText, (value) => {
      const terms = termsOf(named(value));
      for (let end = 0; end <= value.length; end++) {
        const expression = requiredTerms(start(value.slice(0, end)));
        expect(satisfies(terms, expression), `${end} ${shown(expression)}`).toBe(true);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("no value is missed by itself, in whatever field it is", () => {
  fc.assert(
    fc.property(storedEvent, (stored) => {
      const terms = termsOf(stored);
      for (const [field, values] of valuesOf(stored)) {
        for (const value of values) {
          const query: FieldTerm = { kind: "field", field, op: "is", value: String(value) };
          expect(satisfies(terms, requiredTerms(query))).toBe(true);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

test("a letter is found whatever joins it: every letter before every mark, sound mark, vowel and final", () => {
  const joining = [
    "\u0301",
    "\u0323\u0301",
    "\u0331",
    "\u0345",
    "\u3099",
    "\u309a",
    "ﾞ",
    "\u1161",
    "ㅏ",
    "\u11a8",
  ];
  const missed: string[] = [];
  for (let code = 0; code < 0x20000; code++) {
    const letter = String.fromCodePoint(code);
    if (!/[\p{L}\p{N}]/u.test(letter)) {
      continue;
    }
    const expression = requiredTerms(start(letter));
    for (const mark of [...joining, "\u200d\u0301", "\u{16d67}"]) {
      if (!satisfies([...indexTerms(letter + mark)], expression)) {
        missed.push(`${code.toString(16)} ${mark}`);
      }
    }
  }
  expect(missed).toEqual([]);
});

test.each([
  ["actor.id:user_01AB", "(and user 01ab)"],
  ["action:document.sh*", "(and document sh*)"],
  ["action:document.*", "document"],
  ["location:10.0.0.*", "(or 10.0.0.* 10.0.0)"],
  ["location:10.0.0*", "10.0.0*"],
  ["actor.id:550e8400-e29b*", "(or 550e8400-e29b* (and 550e8400 e29b*))"],
  [`actor.id:${UUID}`, UUID],
  [`actor.id:${UUID}*`, `(or ${UUID.slice(0, 35)}* (and 550e8400 e29b 41d4 a716 4466554400a*))`],
  ["actor.name:José*", "(or josé* jose*)"],
  ['actor.name:"José "*', "josé"],
  ["actor.name:契約書*", "(and 契約 約書)"],
  ["actor.name:契約か*", "契約"],
  ["actor.name:契*", "契*"],
  ["actor.name:か*", "any"],
  ["actor.name:*", "any"],
  ["actor.name:😀", "any"],
  ["契約書", "(and 契約 約書)"],
  ["契", "契*"],
  ['"shared doc"*', "(and shared doc*)"],
  ["10.0.*", "(or 10.0.* 10.0)"],
  ["a -b", "a"],
  ["a OR -b", "any"],
  ["a (b OR c)", "(and a (or b c))"],
  ["occurred_at:>=2026-11-01 seq:1 version:2 metadata.k:>1", "any"],
  ["", "any"],
])("%s requires %s", (source, expected) => {
  expect(shown(required(source))).toBe(expected);
});

test("a UUID that a mark makes other words is not missed by its beginning", () => {
  const terms = termsOf(named(`${UUID}\u0301`));
  expect(terms).toContain("4466554400aé");
  expect(satisfies(terms, requiredTerms(start(UUID)))).toBe(true);
});

test("a long value requires a bounded number of terms", () => {
  const long = Array.from({ length: 250 }, (_, index) => index).join(" ");
  expect(shown(requiredTerms({ ...start(long), op: "is" })).split(" ")).toHaveLength(33);
  expect(shown(required("あいうえおかきくけこ".repeat(20))).split(" ")).toHaveLength(11);
});

test("an event has the terms of its texts, and not of its times, numbers in the log and metadata names", () => {
  const stored = named("契約書 v2");
  expect(termsOf(stored).toSorted()).toEqual(
    "document shared user 1 tanaka yuki d t 契約 約書 書 v2 203.0.113.7 mozilla 5.0 r"
      .split(" ")
      .toSorted(),
  );
});
