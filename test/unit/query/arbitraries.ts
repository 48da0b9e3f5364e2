/**
 * Events and queries for the property tests of the query language.
 *
 * Texts are glued together from pieces that are known to make trouble: letters that join what follows them, characters
 * that fold to others, numbers and UUIDs that can be cut, scripts without spaces. Queries are made from an event's own
 * values, cut anywhere, so that many of them match.
 */
import fc from "fast-check";
import type { EventFilter } from "../../../src/contract/event-query.ts";
import type { StoredEvent } from "../../../src/contract/event.ts";
import { openWords } from "../../../src/query/open-words.ts";
import { and, type Field, not, or, type Query } from "../../../src/query/query.ts";
import { words } from "../../../src/query/words.ts";

const UUID = "550e8400-e29b-41d4-a716-4466554400ae";

const PIECES = [
  ["a", "b", "ab", "Sh", "h", "H", "e", "E", "I", "i", "s", "S", "1", "10", "x1", "user", "AND"],
  [" ", ".", "-", "_", ":", "/", "*", '"', "\\", "(", ")", "=", "<", ">", ",", "\u00a0", "\u3000"],
  ["1.2", "10.0.0.7", "10.0.0.", "v1.2.3", "0.5", "1e21", "-5", "１０．０", "⒈"],
  [UUID, UUID.toUpperCase(), UUID.slice(0, 8), UUID.slice(0, 20), UUID.slice(0, 35), "12345678-"],
  ["\u0301", "\u0323", "\u0331", "\u0338", "\u0345", "\u20e3", "\u1161", "\u11a8", "\u{16d67}"],
  [
    "é",
    "e\u0301",
    "h\u0331",
    "ẖ",
    "ệ",
    "Å",
    "\u212b",
    "ﬁ",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "ſ",
    "\u212a",
    "ǰ",
    "ŉ",
  ],
  ["Σ", "σ", "ς", "ΟΔΟΣ", "ᾼ", "Привет", "ｈ", "Ａ", "½", "²", "①", "㍿", "ﷺ", "℃", "𝐝", "ﬃ"],
  [
    "契約書",
    "契",
    "約",
    "の",
    "か",
    "が",
    "か\u3099",
    "は\u309a",
    "ｶ",
    "ｶﾞ",
    "ﾞ",
    "サーバー",
    "人々",
    "〇",
  ],
  ["葛\u{e0100}", "𠮷", "𠮷野", "・", "。", "가", "각", "ᄀ", "ㄱ", "ㅏ", "ﾡ", "가나", "๏", "ำ"],
  ["\u{1f600}", "👩\u200d💻", "1\ufe0f\u20e3", "\u00ad", "\u200b", "\u200d", "\ufeff"],
  ["क\u093c", "हिन्दी", "ไทย"],
].flat();

export const nastyText = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...PIECES) },
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((pieces) => pieces.join("").toWellFormed());

/** Few distinct values, so that queries made from one event match others too. */
const plainText = fc.constantFrom(
  "user_01AB",
  "document.shared",
  "Tanaka Yuki",
  "契約書のレビュー",
  "10.0.0.7",
  "user",
  "Shared plan 7",
);
const text = fc.oneof({ weight: 2, arbitrary: nastyText }, plainText);

const metadata = fc.dictionary(
  fc.constantFrom("k", "request_id", "constructor", "__proto__", "1", ""),
  fc.oneof(text, fc.boolean(), fc.constantFrom(0, 1, 10, -5, 0.1, 1e21, 2.5)),
  { maxKeys: 3 },
);

const party = fc.record(
  { id: text, type: text, name: text, metadata },
  { requiredKeys: ["id", "type"] },
);

const time = fc.integer({ min: 0, max: 50 }).map((hours) => timeAt(hours));

function timeAt(hours: number): string {
  return new Date(Date.UTC(2026, 9, 31) + hours * 3_600_000).toISOString();
}

/** Parsed from JSON, as a stored line is, so that `__proto__` is a name like any other. */
export const storedEvent: fc.Arbitrary<StoredEvent> = fc
  .record({
    id: fc.constantFrom(
      "019a3b45-55e0-7abc-8def-0123456789ab",
      "019a3b45-55e0-7000-8000-000000000000",
    ),
    ingested_at: time,
    organization_id: fc.constant("org_1"),
    seq: fc.integer({ min: 1, max: 20 }),
    event: fc.record(
      {
        action: text,
        occurred_at: time,
        version: fc.integer({ min: 1, max: 3 }),
        actor: party,
        targets: fc.array(party, { maxLength: 3 }),
        context: fc.record({ location: text, user_agent: text }, { requiredKeys: ["location"] }),
        metadata,
      },
      { requiredKeys: ["action", "occurred_at", "actor", "targets", "context"] },
    ),
  })
  .map((stored) => JSON.parse(JSON.stringify(stored)) as StoredEvent);

/** Every field that an event has, with its values: the fields of the query language, read another way. */
export function valuesOf({ event, ...stored }: StoredEvent): Map<Field, unknown[]> {
  const values = new Map<Field, unknown[]>();
  const add = (field: string, value: unknown) => {
    if (value !== undefined) {
      values.set(field as Field, [...(values.get(field as Field) ?? []), value]);
    }
  };
  for (const name of ["id", "ingested_at", "seq"] as const) {
    add(name, stored[name]);
  }
  for (const name of ["action", "occurred_at", "version"] as const) {
    add(name, event[name]);
  }
  add("location", event.context.location);
  add("user_agent", event.context.user_agent);
  for (const [owner, party] of [
    ["actor.", event.actor],
    ...event.targets.map((target) => ["target.", target] as const),
    ["", { metadata: event.metadata }],
  ] as const) {
    for (const [name, value] of Object.entries(party)) {
      if (name !== "metadata") {
        add(owner + name, value);
      }
    }
    for (const [name, value] of Object.entries(party.metadata ?? {})) {
      add(`${owner}metadata.${name}`, value);
    }
  }
  return values;
}

const UNINDEXED: ReadonlySet<string> = new Set([
  "id",
  "occurred_at",
  "ingested_at",
  "seq",
  "version",
]);

/** The texts that free words are searched in. */
export function textsOf(stored: StoredEvent): string[] {
  return Array.from(valuesOf(stored))
    .filter(([field]) => !UNINDEXED.has(field))
    .flatMap(([, values]) => values.map(String));
}

/** A beginning of the text, at any UTF-16 code unit. */
function cut(text: string): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: text.length }).map((end) => text.slice(0, end));
}

const order = fc.constantFrom("<", "<=", ">", ">=", "is") as fc.Arbitrary<"<" | "is">;

const orderedTerm: fc.Arbitrary<Query> = fc.oneof(
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom("occurred_at" as const, "ingested_at" as const),
    op: order,
    value: fc.oneof(
      time,
      time.map((at) => at.slice(0, 10)),
      time.map((at) => `${at.slice(0, 16)}+09:00`),
    ),
  }),
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom("seq" as const, "version" as const),
    op: order,
    value: fc.integer({ min: 0, max: 20 }).map(String),
  }),
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom("metadata.k" as const, "target.metadata.1" as const),
    op: order,
    value: fc.constantFrom("0", "1", "-5", "0.1", "1e3", "10"),
  }),
);

function fieldTerm(stored: StoredEvent): fc.Arbitrary<Query> {
  return fc.constantFrom(...valuesOf(stored)).chain(([field, values]) =>
    fc.constantFrom(...values.map(String)).chain((value) =>
      fc.oneof(
        fc.constant<Query>({
          kind: "field",
          field,
          op: "is",
          value: field === "version" || field === "seq" ? String(Number(value)) : value,
        }),
        cut(value).map((start): Query => ({ kind: "field", field, op: "prefix", value: start })),
      ),
    ),
  );
}

function textTerm(stored: StoredEvent): fc.Arbitrary<Query> {
  return fc
    .constantFrom(...textsOf(stored))
    .chain((value) => fc.tuple(cut(value), fc.nat(3), fc.nat(4), fc.boolean()))
    .map(([start, first, count, isPrefix]): Query => {
      const all = isPrefix ? openWords(start) : words(start);
      const some = isPrefix ? all.slice(-1 - count) : all.slice(first, first + 1 + count);
      return some.length === 0
        ? { kind: "text", words: ["a"], isPrefix, isPhrase: false }
        : { kind: "text", words: some, isPrefix, isPhrase: some.length > 1 };
    });
}

/** A query whose terms come from this event, put together by every operator. */
export function queryAbout(stored: StoredEvent): fc.Arbitrary<Query> {
  const term = fc.oneof(
    { weight: 3, arbitrary: fieldTerm(stored) },
    { weight: 3, arbitrary: textTerm(stored) },
    { weight: 1, arbitrary: orderedTerm },
  );
  return fc.letrec<{ query: Query }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 3, arbitrary: term },
      {
        weight: 1,
        arbitrary: fc.array(tie("query"), { minLength: 1, maxLength: 3 }).map((of) => and(...of)),
      },
      {
        weight: 1,
        arbitrary: fc.array(tie("query"), { minLength: 1, maxLength: 3 }).map((of) => or(...of)),
      },
      { weight: 1, arbitrary: tie("query").map(not) },
    ),
  })).query;
}

const filterValues = (...all: string[]) => fc.subarray(all, { minLength: 1 });
const filterTime = fc.integer({ min: 0, max: 50 }).map((hours) => Date.parse(timeAt(hours)));

/** Filter parameters, as the API reads them. Two at most, or nothing would ever match. */
export const eventFilter: fc.Arbitrary<EventFilter> = fc
  .uniqueArray(
    fc.oneof(
      fc.tuple(fc.constant("actions"), filterValues("document.shared", "x")),
      fc.tuple(fc.constant("actor_ids"), filterValues("user_01AB", "user", "x")),
      fc.tuple(fc.constant("actor_names"), filterValues("Tanaka Yuki", "契約書のレビュー")),
      fc.tuple(fc.constant("actor_types"), filterValues("user", "10.0.0.7")),
      fc.tuple(fc.constant("target_ids"), filterValues("document.shared", "Shared plan 7", "user")),
      fc.tuple(fc.constant("target_types"), filterValues("user", "Tanaka Yuki")),
      fc.tuple(fc.constant("range_start"), filterTime),
      fc.tuple(fc.constant("range_end"), filterTime),
    ),
    { maxLength: 2, selector: ([name]) => name },
  )
  .map((parameters) => Object.fromEntries(parameters));

/** Two events and a query about the first: it often matches that, and seldom the other. */
export const eventsAndQuery = fc
  .tuple(storedEvent, storedEvent)
  .chain(([about, other]) => queryAbout(about).map((query) => ({ about, other, query })));
