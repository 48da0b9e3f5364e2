/** Generators of events and queries for property tests. Few distinct values, so that filters and repeats meet. */
import fc from "fast-check";
import type { EventInput } from "./events.ts";

const word = fc.constantFrom(
  "a",
  "b",
  "ab",
  "契約書",
  "é",
  "e\u0301",
  "\u{1F600}",
  "x y",
  "__proto__",
  "1",
  "10",
);
const smallText = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 12 }) },
);

const metadataName = fc.constantFrom("request_id", "k", "1", "10", "9", "Z", "a-b", "");
const metadata = fc.dictionary(
  metadataName,
  fc.oneof(
    smallText,
    fc.boolean(),
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(0.1, -0.5, 1e21, 2 ** 53 - 1).filter((value) => Math.abs(value) < 2 ** 53),
  ),
  { maxKeys: 4 },
);

const party = fc.record(
  { id: word, type: fc.constantFrom("user", "team", "文書"), name: smallText, metadata },
  { requiredKeys: ["id", "type"] },
);

/** Days around which generated events happen; equal times are frequent. */
const occurredAt = fc
  .integer({ min: 0, max: 20 })
  .map((hours) => new Date(Date.UTC(2026, 10, 1) + hours * 3_600_000).toISOString());

export const anyEvent: fc.Arbitrary<EventInput> = fc.record(
  {
    action: fc.constantFrom("user.signed_in", "document.shared", "文書.共有", "x"),
    occurred_at: occurredAt,
    version: fc.integer({ min: 1, max: 3 }),
    actor: party,
    targets: fc.array(party, { maxLength: 4 }),
    context: fc.record(
      { location: smallText, user_agent: smallText },
      { requiredKeys: ["location"] },
    ),
    metadata,
  },
  { requiredKeys: ["action", "occurred_at", "actor", "targets", "context"] },
);

const values = (...all: string[]) => fc.subarray(all, { minLength: 1 });

const queryTerm = fc.constantFrom(
  "a",
  "ab*",
  "契約",
  "約",
  "書*",
  "x",
  "1",
  '"x y"',
  "document.shared",
  "文書",
  "action:user.signed_in",
  "action:document.*",
  "actor.id:a",
  "actor.name:契約書",
  "actor.type:user",
  "target.id:10",
  "target.type:team",
  "target.name:b*",
  "metadata.k:a",
  "metadata.request_id:1",
  "location:a",
  "version:>=2",
  "seq:<9",
  "occurred_at:>=2026-11-01T10:00:00Z",
);

const anyQueryText: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    queryTerm,
    queryTerm.map((term) => `-${term}`),
    fc.tuple(tie("query"), tie("query")).map(([a, b]) => `(${a}) (${b})`),
    fc.tuple(tie("query"), tie("query")).map(([a, b]) => `(${a} OR ${b})`),
    tie("query").map((query) => `NOT (${query})`),
  ),
})).query;

/** A filter in the engine's form: times in milliseconds. */
export const anyFilter = fc
  .record(
    {
      actions: values("user.signed_in", "document.shared", "文書.共有", "y"),
      actor_ids: values("a", "b", "契約書", "1"),
      actor_names: values("a", "契約書", "\u{1F600}"),
      actor_types: values("user", "team", "文書"),
      target_ids: values("a", "b", "ab", "10"),
      target_types: values("user", "team", "文書"),
      range_start: fc.integer({ min: 0, max: 20 }).map((hours) => Date.UTC(2026, 10, 1, hours)),
      range_end: fc.integer({ min: 0, max: 21 }).map((hours) => Date.UTC(2026, 10, 1, hours)),
      q: anyQueryText,
    },
    { requiredKeys: [] },
  )
  // Most parameters absent, or nothing would ever match.
  .chain((filter) =>
    fc
      .subarray(Object.keys(filter) as (keyof typeof filter)[], {
        maxLength: Math.min(2, Object.keys(filter).length),
      })
      .map((kept) => Object.fromEntries(kept.map((name) => [name, filter[name]]))),
  );
