import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../../src/contract/event.ts";
import { readRetention } from "../../../src/contract/retention.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { anyEvent } from "../../support/arbitraries.ts";
import { makeEvent } from "../../support/events.ts";

const read = (event: unknown) => readEvent(event as Json, "event");

test("every valid event is accepted, and reading its canonical text again gives the same text", () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const text = read(event);
      expect(text.ok && read(JSON.parse(text.value))).toEqual(text);
    }),
  );
});

test("fields that the contract does not know are dropped", () => {
  const known = read(makeEvent());
  const extra = { ...makeEvent(), color: "red", actor: { ...makeEvent().actor, color: 1 } };
  expect(read(extra)).toEqual(known);
});

test("the same moment in another time zone is the same event", () => {
  const utc = read(makeEvent({ occurred_at: "2026-11-22T00:30:00.000Z" }));
  expect(read(makeEvent({ occurred_at: "2026-11-22T09:30:00+09:00" }))).toEqual(utc);
});

test.each([
  ["not an object", [], "event"],
  ["no action", { ...makeEvent(), action: undefined }, "event.action"],
  ["a reserved action", makeEvent({ action: "rekishi.x" }), "event.action"],
  [
    "a time without an offset",
    makeEvent({ occurred_at: "2026-11-22T09:30:00" }),
    "event.occurred_at",
  ],
  [
    "a day that does not exist",
    makeEvent({ occurred_at: "2026-02-30T09:30:00Z" }),
    "event.occurred_at",
  ],
  ["version 0", makeEvent({ version: 0 }), "event.version"],
  ["an actor without id", makeEvent({ actor: { type: "user" } as never }), "event.actor.id"],
  [
    "a target without type",
    makeEvent({ targets: [{ id: "a", type: "b" }, { id: "c" } as never] }),
    "event.targets[1].type",
  ],
  [
    "51 targets",
    makeEvent({ targets: Array.from({ length: 51 }, () => ({ id: "a", type: "b" })) }),
    "event.targets",
  ],
  ["no context", { ...makeEvent(), context: undefined }, "event.context"],
  ["a nested metadata value", makeEvent({ metadata: { k: {} as never } }), "event.metadata.k"],
  ["a dotted metadata name", makeEvent({ metadata: { "a.b": 1 } }), "event.metadata.a.b"],
  [
    "a metadata text of 501 characters",
    makeEvent({ metadata: { k: "x".repeat(501) } }),
    "event.metadata.k",
  ],
  [
    "51 metadata names",
    makeEvent({ metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i])) }),
    "event.metadata",
  ],
])("%s is refused, and the error names the field", (_, event, field) => {
  expect(read(event)).toMatchObject({
    ok: false,
    failure: {
      code: "invalid_audit_log_event",
      errors: [{ field, message: expect.stringContaining(field) }],
    },
  });
});

test.each([
  [
    { ...makeEvent(), occurred_at: undefined, occurredAt: "x" },
    "is required (you sent 'occurredAt')",
  ],
  [{ ...makeEvent(), context: { Location: "x" } }, "is required (you sent 'Location')"],
  [{ ...makeEvent(), occurred_at: undefined }, "'event.occurred_at' is required."],
  [{ ...makeEvent(), occurred_at: 1_764_063_000 }, "ISO 8601 time with an offset, such as"],
  [makeEvent({ occurred_at: "2026-02-30T09:30:00Z" }), "there is no 2026-02-30"],
  [makeEvent({ occurred_at: "2026-11-22T25:30:00Z" }), "a time of day or an offset that does not"],
  [makeEvent({ occurred_at: "2026-11-22T09:30:00 09:00" }), "write + as %2B"],
  [makeEvent({ occurred_at: "2026-11-22T09:30:00" }), "ISO 8601 time with an offset, such as"],
])("the error of an event says what to do: %j", (event, message) => {
  expect(read(event)).toMatchObject({
    failure: { message: expect.stringContaining(message) },
  });
});

test("an event over 64 KiB is refused by its size in UTF-8, not in characters", () => {
  const targets = (name: string) => [{ id: "a", type: "b", name }];
  const base = read(makeEvent({ targets: targets("") }));
  const room = 64 * 1024 - (base.ok ? new TextEncoder().encode(base.value).length : 0);
  expect(read(makeEvent({ targets: targets("あ".repeat(Math.floor(room / 3))) })).ok).toBe(true);
  expect(
    read(makeEvent({ targets: targets("あ".repeat(Math.floor(room / 3) + 1)) })),
  ).toMatchObject({
    failure: { code: "payload_too_large" },
  });
});

test.each([
  [{ retention_period_in_days: 30 }, 30],
  [{ retention_period_in_days: 3650 }, 3650],
  [{ retention_period: "1_MONTH" }, 30],
  [{ retention_period: "11_MONTHS" }, 330],
  [{ retention_period: "1_YEAR" }, 365],
  [{ retention_period: "10_YEARS" }, 3650],
])("retention %j is %d days", (body, days) => {
  expect(readRetention(body)).toEqual({ ok: true, value: days });
});

test("a retention is given in one way: none is 422 and both are 400, and both names are told", () => {
  const both = /retention_period_in_days.*'retention_period'/;
  expect(readRetention({})).toMatchObject({
    failure: { code: "unprocessable_entity", message: expect.stringMatching(both) },
  });
  const body = { retention_period_in_days: 30, retention_period: "1_YEAR" };
  expect(readRetention(body)).toMatchObject({
    failure: { code: "invalid_request", message: expect.stringMatching(both) },
  });
});

test.each([
  {},
  { retention_period_in_days: 29 },
  { retention_period_in_days: 3651 },
  { retention_period: "12_MONTHS" },
])("retention %j is refused with 422", (body) => {
  expect(readRetention(body)).toMatchObject({ failure: { code: "unprocessable_entity" } });
});
