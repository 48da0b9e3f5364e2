import fc from "fast-check";
import { expect, test } from "vitest";
import { FIELDS } from "../../../src/query/fields.ts";
import {
  parseQuery,
  QUERY_DEPTH_MAX,
  QUERY_LENGTH_MAX,
  QUERY_TERMS_MAX,
} from "../../../src/query/parse.ts";
import { problemText } from "../../../src/query/query-error.ts";
import { ENGLISH } from "../../../src/query/query-errors-en.ts";
import { queryText } from "../../../src/query/query-text.ts";
import {
  ALL,
  and,
  type Field,
  type FieldTerm,
  not,
  or,
  type Query,
  queryOfFilter,
} from "../../../src/query/query.ts";
import { FAULTY_QUERIES } from "../../support/faulty-queries.ts";
import { eventFilter, eventsAndQuery, nastyText } from "./arbitraries.ts";

function parsed(text: string): Query {
  const query = parseQuery(text);
  if (!query.ok) {
    throw new Error(`${text}: ${query.failure.code}`);
  }
  return query.value;
}

function text(...words: string[]): Query {
  return { kind: "text", words, isPrefix: false, isPhrase: words.length > 1 };
}

function open(...words: string[]): Query {
  return { kind: "text", words, isPrefix: true, isPhrase: words.length > 1 };
}

function field(name: Field, op: FieldTerm["op"], value: string): Query {
  return { kind: "field", field: name, op, value };
}

test("the contract's example reads as it says", () => {
  const example = `action:user.signed_in actor.id:u_1 -actor.type:system target.type:document location:10.0.0.* metadata.request_id:abc occurred_at:>=2026-11-01 "exact phrase" word`;
  expect(parsed(example)).toEqual(
    and(
      field("action", "is", "user.signed_in"),
      field("actor.id", "is", "u_1"),
      not(field("actor.type", "is", "system")),
      field("target.type", "is", "document"),
      field("location", "prefix", "10.0.0."),
      field("metadata.request_id", "is", "abc"),
      field("occurred_at", ">=", "2026-11-01"),
      text("exact", "phrase"),
      text("word"),
    ),
  );
  expect(queryText(parsed(example))).toBe(example);
});

const [a, b, c] = [text("a"), text("b"), text("c")];

test.each<[string, Query]>([
  ["", ALL],
  [" \u3000\n", ALL],
  ["a b", and(a, b)],
  ["a\u3000b", and(a, b)],
  ["a AND b", and(a, b)],
  ["a OR b c", or(a, and(b, c))],
  ["a b OR c", or(and(a, b), c)],
  ["(a OR b) c", and(or(a, b), c)],
  ["(a OR b)c", and(or(a, b), c)],
  ["a(b)", and(a, b)],
  ["NOT a b", and(not(a), b)],
  ["-a OR b", or(not(a), b)],
  ["a AND NOT b", and(a, not(b))],
  ["NOT(a OR b)", not(or(a, b))],
  ["-(a b)", not(and(a, b))],
  ["--a", not(not(a))],
  ["((a)) (b c)", and(a, b, c)],
  ["a or not b", and(a, text("or"), text("not"), b)],
  ["ORa", text("ora")],
])("%j is read by precedence: NOT before AND before OR", (source, expected) => {
  expect(parsed(source)).toEqual(expected);
});

test.each<[string, Query]>([
  ["Document.shared", text("document", "shared")],
  ["user_01AB", text("user", "01ab")],
  ["well-known", text("well", "known")],
  ["-well-known", not(text("well", "known"))],
  ["doc*", open("doc")],
  ["document.sh*", open("document", "sh")],
  ["document.*", text("document")],
  ["10.0.*", open("10.0.")],
  ["550e8400-e29b*", open("550e8400-e29b")],
  ['"exact phrase"', text("exact", "phrase")],
  ['"exact phr"*', open("exact", "phr")],
  ['"AND"', text("and")],
  ["a=b", text("a", "b")],
  ["user=5", text("user", "5")],
  ['"actor.id=5"', text("actor", "id", "5")],
  ['"a*"', a],
  [String.raw`"a \"b\" \\c"`, text("a", "b", "c")],
  ["契約書", text("契約書")],
])("%j is words", (source, expected) => {
  expect(parsed(source)).toEqual(expected);
});

test.each<[string, Query]>([
  ["action:Document.Shared", field("action", "is", "Document.Shared")],
  ["action:document.sh*", field("action", "prefix", "document.sh")],
  ["user_agent:*", field("user_agent", "prefix", "")],
  ['actor.name:""', field("actor.name", "is", "")],
  ['actor.name:"Tanaka Yuki"', field("actor.name", "is", "Tanaka Yuki")],
  ['actor.name:"Tana"*', field("actor.name", "prefix", "Tana")],
  ['actor.name:"a*"', field("actor.name", "is", "a*")],
  [String.raw`actor.name:"\"x\" \\ y"`, field("actor.name", "is", String.raw`"x" \ y`)],
  [String.raw`actor.name:DOMAIN\x`, field("actor.name", "is", String.raw`DOMAIN\x`)],
  ["user_agent:a:b", field("user_agent", "is", "a:b")],
  ["action:AND", field("action", "is", "AND")],
  ['action:">x"', field("action", "is", ">x")],
  ["metadata.k:-5", field("metadata.k", "is", "-5")],
  ["metadata.k:>-5.5e3", field("metadata.k", ">", "-5.5e3")],
  ["metadata.:x", field("metadata.", "is", "x")],
  ["target.metadata.a-B_1:x", field("target.metadata.a-B_1", "is", "x")],
  ["seq:<=10", field("seq", "<=", "10")],
  ['occurred_at:<"2026-11-01T09:00+09:00"', field("occurred_at", "<", "2026-11-01T09:00+09:00")],
  ["-version:2", not(field("version", "is", "2"))],
])("%j is a condition on a field", (source, expected) => {
  expect(parsed(source)).toEqual(expected);
});

/** The characters that an error points at stand between ⟦ and ⟧. */
test.each([
  ["⟦acton⟧:x", "Unknown field 'acton'. Did you mean 'action'?"],
  ["a ⟦Action⟧:x", "'action'?"],
  ["⟦actor⟧:x", "'actor.id', 'actor.name', 'actor.type' or 'actor.metadata.<name>'?"],
  ["⟦target⟧:x", "'target.id'"],
  ["⟦type⟧:x", "'actor.type' or 'target.type'?"],
  ["⟦metdata.k⟧:x", "'metadata.<name>'?"],
  ["⟦https⟧://example.com", "'action', 'actor.id'"],
  ["⟦:⟧x", "name of a field is missing"],
  ["⟦metadata.a.b⟧:x", "metadata name"],
  ["⟦action:⟧", "needs a value"],
  ["⟦action:⟧ x", "needs a value"],
  ["⟦action:>5⟧", "no order"],
  ["⟦seq:>5*⟧", "without '*'"],
  ["seq:⟦abc⟧", "a whole number"],
  ["version:>=⟦1.5⟧", "a whole number"],
  ["metadata.k:>⟦abc⟧", "a number"],
  ["metadata.k:>⟦1e999⟧", "a number"],
  ["occurred_at:⟦yesterday⟧", "2026-11-01"],
  ["occurred_at:>⟦2026-02-30⟧", "2026-11-01"],
  ["occurred_at:>⟦2026-11-01T25:00⟧", "2026-11-01"],
  ["a ⟦actor.id=⟧user_1", "Did you mean 'actor.id:user_1'?"],
  ["⟦action==⟧document.*", "Did you mean 'action:document.*'?"],
  ["⟦actor.type!=⟧system", "Did you mean '-actor.type:system'?"],
  ["⟦metadata.k=⟧x", "Did you mean 'metadata.k:x'?"],
  [`⟦action=⟧${"x".repeat(500)}`, `'action:${"x".repeat(64)}…'?`],
  ["⟦seq>=⟧5", "Did you mean 'seq:>=5'?"],
  ["⟦occurred_at>=⟧2026-11-22T09:30:00Z", "Did you mean 'occurred_at:>=2026-11-22T09:30:00Z'?"],
  ["⟦*⟧", "no letter and no digit"],
  ["a ⟦...⟧", "no letter and no digit"],
  ['⟦""⟧', "no letter and no digit"],
  ["⟦😀⟧", "no letter and no digit"],
  ["a⟦*⟧b", "at the end only"],
  ["action:⟦*⟧.shared", "at the end only"],
  ['a ⟦"⟧b', "not closed"],
  ['action:⟦"⟧b', "not closed"],
  [String.raw`"a⟦\⟧b"`, String.raw`\\`],
  ['"a"⟦b⟧', "space"],
  ['a⟦"⟧b"', "space"],
  ["a ⟦-⟧", "right before"],
  ["a ⟦-⟧ b", "right before"],
  ["(⟦-⟧)", "right before"],
  ["⟦(⟧a", "not closed"],
  ["a ⟦(⟧", "not closed"],
  ["a⟦)⟧", "closes nothing"],
  ["⟦)⟧a", "missing before ')'"],
  ["a ⟦( )⟧", "nothing in these parentheses"],
  ["⟦OR⟧ a", "missing before 'OR'"],
  ["a OR ⟦AND⟧ b", "missing before 'AND'"],
  ["a ⟦AND⟧", "missing after 'AND'"],
  ["(a ⟦OR⟧)", "missing after 'OR'"],
  ["a ⟦NOT⟧", "missing after 'NOT'"],
])("%s is refused, and the error points there", (marked, message) => {
  const at = marked.indexOf("⟦");
  const length = marked.indexOf("⟧") - at - 1;
  const query = parseQuery(marked.replace(/[⟦⟧]/gu, ""));
  expect(query).toMatchObject({ ok: false, failure: { at, length } });
  expect(query.ok ? "" : problemText(ENGLISH, query.failure)).toContain(message);
});

test.each(Object.entries(FAULTY_QUERIES))(
  "what is wrong has a code that stays, for whoever says it in another language: %s",
  (code, source) => {
    expect(parseQuery(source)).toMatchObject({ ok: false, failure: { code } });
  },
);

test("a query at a limit is read, and one beyond it is refused where it goes beyond", () => {
  const long = "a".repeat(QUERY_LENGTH_MAX);
  expect(parseQuery(long).ok).toBe(true);
  expect(parseQuery(`${long}bc`)).toMatchObject({ failure: { at: QUERY_LENGTH_MAX, length: 2 } });

  const deep = "(-".repeat(QUERY_DEPTH_MAX / 2);
  const close = ")".repeat(QUERY_DEPTH_MAX / 2);
  expect(parseQuery(`${deep}a${close}`).ok).toBe(true);
  expect(parseQuery(`${deep}(a)${close}`)).toMatchObject({ failure: { at: QUERY_DEPTH_MAX } });

  const many = "a ".repeat(QUERY_TERMS_MAX);
  expect(parseQuery(many).ok).toBe(true);
  expect(parseQuery(`${many}a`)).toMatchObject({ failure: { at: many.length, length: 1 } });
  expect(parseQuery(`"${many}a"`)).toMatchObject({ failure: { at: 0 } });
});

test("hostile texts end at a limit or as one flat query, not deep in the stack", () => {
  for (const piece of [
    "(",
    "-",
    "NOT ",
    "-(",
    "a:",
    '"',
    "a.",
    "1.",
    "*",
    "a OR ",
    "\\",
    "ﷺ",
    "🏴",
  ]) {
    const source = piece.repeat(QUERY_LENGTH_MAX).slice(0, QUERY_LENGTH_MAX);
    const query = parseQuery(source);
    expect(query.ok || query.failure.at < QUERY_LENGTH_MAX, piece).toBe(true);
  }
});

/** Texts in which the syntax stands everywhere. */
const syntax = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "(",
        ")",
        '"',
        "\\",
        "*",
        "-",
        ":",
        ">=",
        "<",
        " ",
        " ",
        "AND ",
        "OR ",
        "NOT ",
        "a",
        "b.c",
      ),
      fc.constantFrom(
        "action:",
        "seq:",
        "occurred_at:",
        "metadata.k:",
        "foo:",
        "1",
        "2026-11-01",
        "契約",
      ),
      nastyText,
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(""));

test("every error points inside the text, and every query that is read is read again from its canonical text", () => {
  fc.assert(
    fc.property(syntax, (source) => {
      const query = parseQuery(source);
      if (query.ok) {
        expect(parseQuery(queryText(query.value))).toEqual(query);
        return;
      }
      const { at, length } = query.failure;
      const message = problemText(ENGLISH, query.failure);
      expect(message.isWellFormed() && message.length > 10 && message.length < 500).toBe(true);
      expect(at >= 0 && length > 0 && at + length <= source.length, `${at}+${length}`).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test("every query reads as itself from its canonical text", () => {
  fc.assert(
    fc.property(eventsAndQuery, ({ query }) => {
      const source = queryText(query);
      fc.pre(source.length <= QUERY_LENGTH_MAX);
      expect(parsed(source)).toEqual(query);
    }),
    { numRuns: 2_000 },
  );
});

test("the filter parameters as a query read as themselves", () => {
  fc.assert(
    fc.property(eventFilter, (filter) => {
      const query = queryOfFilter(filter);
      expect(parsed(queryText(query))).toEqual(query);
    }),
  );
});

test("everything and nothing have a text inside a larger query too", () => {
  expect(queryText(or())).toBe("seq:<1");
  expect(queryText(not(ALL))).toBe("-seq:>=1");
  expect(queryText(not(or()))).toBe("-(seq:<1)");
});

test("every field on offer is known to the parser, and has a description", () => {
  for (const { name, kind, description } of FIELDS) {
    const value = kind === "time" ? "2026-11-01" : "1";
    expect(parsed(`${name}${name.endsWith(".") ? "k" : ""}:${value}`).kind).toBe("field");
    expect(description).toMatch(/^[A-Z].{10,}/);
  }
});
