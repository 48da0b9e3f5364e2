/** Events that break the contract: what is answered names the field. */
import { describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { refusalOf } from "./refusal.ts";
import { useServer } from "./server.ts";

const server = useServer();

const EVENTS = "/audit_logs/events";
const METADATA_51 = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n]));
const PARTY = { id: "user_1", type: "user" };
const PARTIES_51 = Array.from({ length: 51 }, () => PARTY);

/** A fault: what replaces parts of a valid event, and the field that is to be named. */
type Fault = readonly [title: string, patch: Readonly<Record<string, unknown>>, field: string];

const FAULTS: readonly Fault[] = [
  ["no action", { action: undefined }, "event.action"],
  ["an action that is a number", { action: 7 }, "event.action"],
  ["an action that is null", { action: null }, "event.action"],
  ["an empty action", { action: "" }, "event.action"],
  ["an action of 256 characters", { action: "a".repeat(256) }, "event.action"],
  ["a reserved action", { action: "rekishi.retention_purged" }, "event.action"],
  ["no time", { occurred_at: undefined }, "event.occurred_at"],
  ["a time that is a number", { occurred_at: 1_795_000_000 }, "event.occurred_at"],
  ["a time in words", { occurred_at: "yesterday" }, "event.occurred_at"],
  ["a date without a time", { occurred_at: "2026-11-22" }, "event.occurred_at"],
  ["a time without an offset", { occurred_at: "2026-11-22T09:30:00" }, "event.occurred_at"],
  ["a day that is none", { occurred_at: "2026-02-30T09:30:00Z" }, "event.occurred_at"],
  ["an hour that is none", { occurred_at: "2026-11-22T25:00:00Z" }, "event.occurred_at"],
  ["an offset that is none", { occurred_at: "2026-11-22T09:30:00+99:99" }, "event.occurred_at"],
  ["a time with a space", { occurred_at: "2026-11-22 09:30:00Z" }, "event.occurred_at"],
  ["version 0", { version: 0 }, "event.version"],
  ["version -1", { version: -1 }, "event.version"],
  ["version 1.5", { version: 1.5 }, "event.version"],
  ["a version that is a text", { version: "1" }, "event.version"],
  ["a version that is null", { version: null }, "event.version"],
  ["no actor", { actor: undefined }, "event.actor"],
  ["an actor that is null", { actor: null }, "event.actor"],
  ["an actor that is a text", { actor: "user_1" }, "event.actor"],
  ["an actor that is a list", { actor: [PARTY] }, "event.actor"],
  ["an actor without an id", { actor: { type: "user" } }, "event.actor.id"],
  ["an actor with a number as id", { actor: { ...PARTY, id: 1 } }, "event.actor.id"],
  ["an actor with an empty id", { actor: { ...PARTY, id: "" } }, "event.actor.id"],
  ["an actor without a type", { actor: { id: "1" } }, "event.actor.type"],
  ["an actor with an empty type", { actor: { ...PARTY, type: "" } }, "event.actor.type"],
  ["an actor with a number as name", { actor: { ...PARTY, name: 1 } }, "event.actor.name"],
  ["an actor with a null name", { actor: { ...PARTY, name: null } }, "event.actor.name"],
  [
    "an actor with a list as metadata",
    { actor: { ...PARTY, metadata: [] } },
    "event.actor.metadata",
  ],
  [
    "an actor with a nested value",
    { actor: { ...PARTY, metadata: { a: {} } } },
    "event.actor.metadata.a",
  ],
  [
    "a name that breaks lines and turns them around, which the message quotes on one line",
    { metadata: { "\n\u0007\u202e": {} } },
    "event.metadata.\n\u0007\u202e",
  ],
  ["no targets", { targets: undefined }, "event.targets"],
  ["targets that are null", { targets: null }, "event.targets"],
  ["targets that are an object", { targets: PARTY }, "event.targets"],
  ["51 targets", { targets: PARTIES_51 }, "event.targets"],
  ["a target that is a text", { targets: ["document_1"] }, "event.targets[0]"],
  ["a target without an id", { targets: [PARTY, { type: "t" }] }, "event.targets[1].id"],
  ["a target with a number as type", { targets: [{ id: "1", type: 1 }] }, "event.targets[0].type"],
  [
    "a target with a nested value",
    { targets: [{ ...PARTY, metadata: { a: [] } }] },
    "event.targets[0].metadata.a",
  ],
  ["no context", { context: undefined }, "event.context"],
  ["a context that is null", { context: null }, "event.context"],
  ["a context without a location", { context: {} }, "event.context.location"],
  ["a location that is a number", { context: { location: 1 } }, "event.context.location"],
  [
    "a user agent that is a number",
    { context: { location: "x", user_agent: 1 } },
    "event.context.user_agent",
  ],
  ["metadata that is a list", { metadata: [] }, "event.metadata"],
  ["metadata that is a text", { metadata: "a" }, "event.metadata"],
  ["metadata that is null", { metadata: null }, "event.metadata"],
  ["51 metadata values", { metadata: METADATA_51 }, "event.metadata"],
  ["a metadata name with a dot", { metadata: { "a.b": 1 } }, "event.metadata.a.b"],
  ["a metadata name with a space", { metadata: { "a b": 1 } }, "event.metadata.a b"],
  ["a metadata name in Japanese", { metadata: { 歴史: 1 } }, "event.metadata.歴史"],
  [
    "a metadata name of 41 characters",
    { metadata: { [`k${"x".repeat(40)}`]: 1 } },
    `event.metadata.k${"x".repeat(40)}`,
  ],
  ["a metadata value that is null", { metadata: { a: null } }, "event.metadata.a"],
  ["a metadata value that is an object", { metadata: { a: {} } }, "event.metadata.a"],
  ["a metadata value that is a list", { metadata: { a: [1] } }, "event.metadata.a"],
  ["a metadata text of 501 characters", { metadata: { a: "x".repeat(501) } }, "event.metadata.a"],
];

describe("is 400 invalid_audit_log_event: an event with", () => {
  test.each(FAULTS)("%s", async (_, patch, field) => {
    const body = { organization_id: "org_1", event: { ...makeEvent(), ...patch } };
    expect(await refusalOf(server.client(), { path: EVENTS, body })).toEqual({
      status: 400,
      code: "invalid_audit_log_event",
      fields: [field],
    });
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "event"],
    ["a list", []],
  ])("%s in its place", async (_, event) => {
    const body = { organization_id: "org_1", event };
    expect(await refusalOf(server.client(), { path: EVENTS, body })).toEqual({
      status: 400,
      code: "invalid_audit_log_event",
      fields: ["event"],
    });
  });

  test("several faults, each of which is named", async () => {
    const event = {
      ...makeEvent(),
      action: 1,
      actor: {},
      targets: [{ id: "1" }],
      metadata: { a: null },
    };
    const { fields } = await refusalOf(server.client(), {
      path: EVENTS,
      body: { organization_id: "org_1", event },
    });
    expect(fields).toEqual([
      "event.action",
      "event.actor.id",
      "event.actor.type",
      "event.targets[0].type",
      "event.metadata.a",
    ]);
  });
});

test("an event of more than 64 KiB is 413, although its body is not too large", async () => {
  const event = makeEvent({ actor: { id: "歴".repeat(22_000), type: "user" } });
  const body = { organization_id: "org_1", event };
  expect(await refusalOf(server.client(), { path: EVENTS, body })).toMatchObject({
    status: 413,
    code: "payload_too_large",
  });
});

describe("organization ids", () => {
  test.each<[string, unknown]>([
    ["missing", undefined],
    ["null", null],
    ["empty", ""],
    ["a number", 1],
    ["a list", ["org_1"]],
    ["too long", "o".repeat(129)],
    ["with a slash", "org/1"],
    ["with a space", "org 1"],
    ["with a line break", "org_1\n"],
    ["with a null character", "org\u00001"],
    ["in Japanese", "歴史"],
  ])("one that is %s is 400 and named", async (_, organizationId) => {
    const body = { organization_id: organizationId, event: makeEvent() };
    expect(await refusalOf(server.client(), { path: EVENTS, body })).toEqual({
      status: 400,
      code: "invalid_request",
      fields: ["organization_id"],
    });
  });
});

describe("what is at a limit is accepted:", () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["an action of 255 characters", { action: "a".repeat(255) }],
    ["an action that begins like a reserved one", { action: "rekishi" }],
    ["no targets", { targets: [] }],
    ["50 targets", { targets: PARTIES_51.slice(1) }],
    ["50 metadata values", { metadata: Object.fromEntries(Object.entries(METADATA_51).slice(1)) }],
    ["a metadata name of 40 characters", { metadata: { ["k".repeat(40)]: 1 } }],
    ["an empty metadata name", { metadata: { "": 1 } }],
    ["a metadata text of 500 characters", { metadata: { a: "歴".repeat(500) } }],
    [
      "a time with an offset and nanoseconds",
      { occurred_at: "2026-11-22T18:30:00.123456789+09:00" },
    ],
    ["an empty location", { context: { location: "" } }],
    ["unknown fields", { unknown: { deeply: [null, { nested: true }] } }],
    ["names that mean something to JavaScript", { metadata: { constructor: 1, toString: 2 } }],
    ["the largest whole number", { metadata: { a: 9_007_199_254_740_991 } }],
  ])("%s", async (_, patch) => {
    const client = server.client();
    const { id } = await client.store("org_limits", { ...makeEvent(), ...patch });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });
});
