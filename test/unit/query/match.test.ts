import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredEvent } from "../../../src/contract/event.ts";
import { matches } from "../../../src/query/match.ts";
import { parseQuery } from "../../../src/query/parse.ts";
import { ALL, not, or, type Query, queryOfFilter } from "../../../src/query/query.ts";
import { type EventInput, makeEvent } from "../../support/events.ts";
import { meetsFilter } from "../../support/filter.ts";
import { eventFilter, eventsAndQuery, storedEvent, textsOf, valuesOf } from "./arbitraries.ts";

function stored(input: EventInput = {}): StoredEvent {
  return {
    event: makeEvent(input) as StoredEvent["event"],
    id: "019a3b45-55e0-7abc-8def-0123456789ab",
    ingested_at: "2026-11-22T09:30:01.000Z",
    organization_id: "org_1",
    seq: 42,
  };
}

function finds(source: string, input: EventInput = {}): boolean {
  const query = parseQuery(source);
  if (!query.ok) {
    throw new Error(`${source}: ${query.failure.code}`);
  }
  return matches(query.value, stored(input));
}

const NAMES: EventInput = {
  actor: { id: "user_01AB", type: "user", name: "Tanaka Yuki", metadata: { role: "Admin" } },
  targets: [
    { id: "doc_1", type: "document", name: "業務委託契約書（第2版）", metadata: { size: 10 } },
    { id: "folder_9", type: "folder", name: "Yearly plan", metadata: { size: 2.5 } },
  ],
  metadata: { request_id: "550e8400-e29b-41d4-a716-446655440000", ok: true, amount: 100 },
};

test.each([
  ["document"],
  ["DOCUMENT"],
  ["document.shared"],
  ["user_01ab"],
  ["tanaka"],
  ['"tanaka yuki"'],
  ["yuki tanaka"],
  ["tan*"],
  ['"tanaka y"*'],
  ["Admin"],
  ["true"],
  ["100"],
  ["203.0.113.7"],
  ["203.0.*"],
  ["mozilla/5.0"],
  ["550e8400-e29b-41d4-a716-446655440000"],
  ["550e8400-e29b*"],
  ["550e8400*"],
])("free words find whole words of any text, ignoring case: %s", (source) => {
  expect(finds(source, NAMES)).toBe(true);
});

test.each([
  ["docu"],
  ["tana"],
  ['"yuki tanaka"'],
  ['"yuki user"'],
  ["anaka*"],
  ["203.0"],
  ["request_id"],
  ["org_1"],
  ["550e8400"],
  ["203.1.*"],
])("parts of words, other orders, keys and words across two texts are not found: %s", (source) => {
  expect(finds(source, NAMES)).toBe(false);
});

test.each([
  "契約書",
  "契約",
  "書",
  "業務委託契約書",
  "委託契約",
  "第2版",
  "版",
  "ﾚﾋﾞｭｰ",
  "設定",
  "서울",
])("Japanese and Korean words of any length are found inside a sentence: %s", (source) => {
  const actor = { id: "u", type: "user", name: "レビュー担当が설정を設定、서울시" };
  expect(finds(source, { ...NAMES, actor })).toBe(true);
  expect(finds(`-${source}`, { ...NAMES, actor })).toBe(false);
});

test.each(["書契", "契約版", "契務"])(
  "Japanese characters in another order are not found: %s",
  (source) => {
    expect(finds(source, NAMES)).toBe(false);
  },
);

test("a Japanese phrase needs its parts next to each other, each anywhere in its run", () => {
  const name = { targets: [{ id: "d", type: "t", name: "新契約書 レビュー中 final" }] };
  expect(finds('"契約 レビュー"', name)).toBe(true);
  expect(finds('"契約 final"', name)).toBe(false);
});

test.each([
  ["action:document.shared", true],
  ["action:Document.shared", false],
  ["action:document", false],
  ["action:document.*", true],
  ["action:doc*", true],
  ["action:Doc*", false],
  ['actor.name:"Tanaka Yuki"', true],
  ['actor.name:"tanaka yuki"', false],
  ["actor.name:Tanaka", false],
  ["actor.id:user_01AB", true],
  ["actor.type:*", true],
  ["target.type:folder", true],
  ["target.type:folder target.type:document", true],
  ["-target.type:folder", false],
  ["target.type:user", false],
  ["location:203.0.113.*", true],
  ["metadata.amount:100", true],
  ["metadata.amount:10*", true],
  ["metadata.ok:true", true],
  ["metadata.ok:True", false],
  ["metadata.missing:*", false],
  ["-metadata.missing:*", true],
  ["metadata.constructor:*", false],
  ["actor.metadata.role:Admin", true],
  ["target.metadata.size:10", true],
  ["metadata.role:Admin", false],
  ["id:019a3b45-55e0-7abc-8def-0123456789ab", true],
  ["id:019a3b45-55e0-7a*", true],
  ["version:*", false],
  ["version:1", false],
])("conditions on fields are exact and heed case: %s is %s", (source, expected) => {
  expect(finds(source, NAMES)).toBe(expected);
});

test.each([
  ["seq:42", true],
  ["seq:042", true],
  ["seq:042 OR seq:7", true],
  ["occurred_at:2026-11-22 OR action:x", true],
  ["seq:>41 seq:<43", true],
  ["seq:>=42 seq:<=42", true],
  ["seq:>42", false],
  ["metadata.amount:>99.5", true],
  ["metadata.amount:<1e2", false],
  ["metadata.amount:<=1e2", true],
  ["target.metadata.size:<3", true],
  ["target.metadata.size:>10", false],
  ["metadata.request_id:>0", false],
  ["occurred_at:>=2026-11-22", true],
  ["occurred_at:<2026-11-22", false],
  ["occurred_at:<=2026-11-22", false],
  ["occurred_at:2026-11-22", true],
  ["occurred_at:2026-11-21", false],
  ["occurred_at:2026-11-22T09:30:00Z", true],
  ["occurred_at:2026-11-22T09:30", true],
  ["occurred_at:2026-11-22T18:30:00+09:00", true],
  ["occurred_at:2026-11-22T09:30:00.001Z", false],
  ["occurred_at:>2026-11-22T09:30:00Z", false],
  ["occurred_at:>2026-11-22T09:29:59.999Z", true],
  ["occurred_at:2026-11*", true],
  ["ingested_at:>2026-11-22T09:30:00.999Z", true],
])("times and numbers are compared as such: %s is %s", (source, expected) => {
  expect(finds(source, NAMES)).toBe(expected);
});

test("a comparison with what is no number or time matches nothing, and everything does match everything", () => {
  const wrong = { kind: "field", op: ">=", value: "x" } as const;
  expect(matches({ ...wrong, field: "seq" }, stored())).toBe(false);
  expect(matches({ ...wrong, field: "occurred_at" }, stored())).toBe(false);
  expect(matches({ ...wrong, field: "version", op: "is" }, stored())).toBe(false);
  expect(matches(ALL, stored())).toBe(true);
  expect(matches(not(ALL), stored())).toBe(false);
  expect(matches(or(), stored())).toBe(false);
});

test("words that make no phrase may be in different texts", () => {
  const query: Query = { kind: "text", words: ["yuki", "shar"], isPrefix: true, isPhrase: false };
  expect(matches(query, stored())).toBe(true);
  expect(matches({ ...query, isPhrase: true }, stored())).toBe(false);
});

test("the filter parameters as a query select what the filter selects", () => {
  fc.assert(
    fc.property(storedEvent, eventFilter, (event, filter) => {
      expect(matches(queryOfFilter(filter), event)).toBe(meetsFilter(filter, event.event));
    }),
    { numRuns: 1_000 },
  );
  expect(matches(queryOfFilter({ actions: [] }), stored())).toBe(false);
});

test("matching agrees with a plain reading of the rules", () => {
  const outcomes = { true: 0, false: 0 };
  fc.assert(
    fc.property(eventsAndQuery, ({ about, other, query }) => {
      for (const event of [about, other]) {
        const expected = selects(query, event);
        outcomes[`${expected}`]++;
        expect(matches(query, event)).toBe(expected);
      }
    }),
    { numRuns: 4_000 },
  );
  // Otherwise the queries would not test much.
  expect(Math.min(outcomes.true, outcomes.false)).toBeGreaterThan(1_000);
});

/** The rules again, written for brevity: values from a map of fields, words one character at a time. */
function selects(query: Query, event: StoredEvent): boolean {
  switch (query.kind) {
    case "all":
      return true;
    case "and":
      return !query.of.some((each) => !selects(each, event));
    case "or":
      return query.of.findIndex((each) => selects(each, event)) !== -1;
    case "not":
      return !selects(query.of, event);
    case "text":
      return textsOf(event).some((text) => hasWords(text, query));
    default:
      return (valuesOf(event).get(query.field) ?? []).some((value) => meets(value, query));
  }
}

function meets(
  value: unknown,
  { field, op, value: wanted }: Extract<Query, { kind: "field" }>,
): boolean {
  if (op === "prefix") {
    return String(value).indexOf(wanted) === 0;
  }
  if (field.endsWith("ed_at")) {
    const [day] = String(value).split("T");
    const at = new Date(wanted.length === 16 ? `${wanted}Z` : wanted);
    const difference = new Date(String(value)).getTime() - at.getTime();
    return op === "is" && wanted.length === 10 ? day === wanted : compares(difference, op);
  }
  if (op === "is") {
    return String(value) === wanted;
  }
  return typeof value === "number" && compares(value - Number(wanted), op);
}

function compares(difference: number, op: string): boolean {
  const sign = Math.sign(difference);
  return { "<": [-1], "<=": [-1, 0], ">": [1], ">=": [0, 1], is: [0] }[op]?.includes(sign) ?? false;
}

function hasWords(text: string, query: Extract<Query, { kind: "text" }>): boolean {
  const last = query.words.at(-1) ?? "";
  const inText = naiveWords(text);
  const ways = [query.words];
  if (query.isPrefix && /[.-]/.test(last) && naiveWords(last).join() !== last) {
    ways.push([...query.words.slice(0, -1), ...naiveWords(last)]);
  }
  return ways.some((way) =>
    inText.some((_, start) =>
      way.every((word, index) => {
        const found = inText[start + index];
        const isOpen =
          query.isPrefix &&
          index === way.length - 1 &&
          !(way !== query.words && /[.-]$/.test(last));
        return found !== undefined && isWord(word, found, isOpen);
      }),
    ),
  );
}

function isWord(word: string, found: string, isOpen: boolean): boolean {
  return naiveKind(word) === "cjk"
    ? found.split(word).length > 1
    : found === word || (isOpen && found.slice(0, word.length) === word);
}

function naiveKind(text: string): "cjk" | "spaced" | "mark" | "none" {
  const [first = ""] = text;
  if (!/[\p{L}\p{N}]/u.test(first)) {
    return /\p{M}/u.test(first) ? "mark" : "none";
  }
  const scripts = ["Han", "Hiragana", "Katakana", "Hangul"];
  return scripts.some((script) => new RegExp(`\\p{Script_Extensions=${script}}`, "u").test(first))
    ? "cjk"
    : "spaced";
}

function naiveWords(text: string): string[] {
  const lower = Array.from(text.normalize("NFKC"), (character) => character.toLowerCase()).join("");
  let rest = lower
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/ς/g, "σ")
    .normalize("NFKC");
  const found: string[] = [];
  while (rest !== "") {
    const uuid = rest.slice(0, 36);
    const isUuid =
      uuid.length === 36 &&
      uuid
        .split("-")
        .map((part) => part.length)
        .join() === "8,4,4,4,12";
    let word =
      isUuid && /^[0-9a-f-]+$/.test(uuid) ? uuid : (/^[0-9]+(\.[0-9]+)+/.exec(rest)?.[0] ?? "");
    if (word === "") {
      const kind = naiveKind(rest);
      for (const character of kind === "cjk" || kind === "spaced" ? rest : "") {
        if (![kind, "mark"].includes(naiveKind(character))) {
          break;
        }
        word += character;
      }
    }
    if (word !== "") {
      found.push(word);
    }
    rest = rest.slice(word.length || Array.from(rest)[0]?.length);
  }
  return found;
}
