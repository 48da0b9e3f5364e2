import { beforeEach, expect, test } from "vitest";
import type { NewEvent } from "../../../src/contract/append.ts";
import type { AuditEvent } from "../../../src/contract/event.ts";
import type { DirectoryRpc } from "../../../src/objects/directory/directory-rpc.ts";
import { SchemaRegistry } from "../../../src/router/schema-registry.ts";
import { type EventInput, makeEvent } from "../../support/events.ts";

/** A Directory at the end of an RPC: every version of an action demands one more name. It counts calls and can be down. */
const state = {
  versions: new Map<string, number>(),
  description: "",
  indexCalls: 0,
  schemaCalls: 0,
  isDown: false,
};

const directory = {
  async schemaIndex(revision: number) {
    state.indexCalls++;
    if (state.isDown) {
      throw new Error("down");
    }
    const newest = [...state.versions].reduce((sum, [, version]) => sum + version, 0);
    return newest === revision ? null : { revision: newest, newest: [...state.versions] };
  },
  async namedSchemas(names: readonly (readonly [string, number])[]) {
    state.schemaCalls++;
    return names.map(([, version]) => ({
      object: "audit_log_schema",
      version,
      targets: [],
      metadata: {
        description: state.description,
        required: Array.from({ length: version }, (_, n) => `n${n}`),
      },
      created_at: "2026-11-22T09:30:00.000Z",
    }));
  },
} as unknown as DirectoryRpc;

let now = 0;
let registry = new SchemaRegistry(() => now);

beforeEach(() => {
  now = 0;
  registry = new SchemaRegistry(() => now);
  Object.assign(state, {
    versions: new Map(),
    description: "",
    indexCalls: 0,
    schemaCalls: 0,
    isDown: false,
  });
});

function fieldsOf(input: EventInput, isStrict = false): Promise<string[] | undefined> {
  const events = [{ event: makeEvent(input) as AuditEvent, text: "" } as NewEvent];
  return registry
    .refusalOf({ directory: () => directory, events, pathOf: () => "event", isStrict })
    .then((refusal) => refusal?.errors?.map(({ field }) => field));
}

test("an action without a schema costs the Directory one call in 30 seconds", async () => {
  for (now = 0; now < 30_000; now += 1_000) {
    expect(await fieldsOf({ action: "open" })).toBeUndefined();
  }
  expect(state).toMatchObject({ indexCalls: 1, schemaCalls: 0 });
  await fieldsOf({ action: "open" });
  expect(state.indexCalls).toBe(2);
});

test("a version is read once, however often and how long it is used", async () => {
  state.versions.set("a", 1);
  for (now = 0; now < 300_000; now += 10_000) {
    expect(await fieldsOf({ action: "a" })).toEqual(["event.metadata.n0"]);
  }
  expect(state.schemaCalls).toBe(1);
});

test("a schema that was added elsewhere binds after 30 seconds", async () => {
  expect(await fieldsOf({ action: "a" })).toBeUndefined();
  state.versions.set("a", 1);
  now = 29_999;
  expect(await fieldsOf({ action: "a" })).toBeUndefined();
  now = 30_000;
  expect(await fieldsOf({ action: "a" })).toEqual(["event.metadata.n0"]);
});

test("a version that was added elsewhere can be named after a second", async () => {
  state.versions.set("a", 1);
  await fieldsOf({ action: "a" });
  state.versions.set("a", 2);
  now = 1_000;
  expect(await fieldsOf({ action: "a", version: 2 })).toEqual([
    "event.metadata.n0",
    "event.metadata.n1",
  ]);
});

test("events that name a version that nobody made cost the Directory one call a second", async () => {
  state.versions.set("a", 1);
  for (now = 0; now < 10_000; now += 100) {
    expect(await fieldsOf({ action: "a", version: 9 })).toEqual(["event.version"]);
  }
  expect(state.indexCalls).toBeLessThanOrEqual(11);
});

test("a schema that was added here binds at once", async () => {
  expect(await fieldsOf({ action: "a" }, true)).toEqual(["event.action"]);
  state.versions.set("a", 1);
  registry.changed();
  expect(await fieldsOf({ action: "a", metadata: { n0: 1 } }, true)).toBeUndefined();
});

test("while the Directory is down, what was known in the last five minutes goes on binding", async () => {
  state.versions.set("a", 1);
  await fieldsOf({ action: "a" });
  state.isDown = true;
  now = 5 * 60_000;
  expect(await fieldsOf({ action: "a" })).toEqual(["event.metadata.n0"]);
  now++;
  await expect(fieldsOf({ action: "a" })).rejects.toThrow("down");
});

test("the Directory is asked for many schemas in parts", async () => {
  const events = Array.from({ length: 120 }, (_, n) => {
    state.versions.set(`a${n}`, 1);
    return { event: makeEvent({ action: `a${n}`, metadata: { n0: 1 } }) as AuditEvent } as NewEvent;
  });
  const pathOf = (index: number) => `events[${index}]`;
  const question = { directory: () => directory, events, pathOf, isStrict: true };
  expect(await registry.refusalOf(question)).toBeUndefined();
  expect(state.schemaCalls).toBe(3);
});

test("a version is read once, also after many requests have asked for it at once", async () => {
  state.versions.set("a", 1);
  state.description = "x".repeat(60_000);
  await Promise.all(Array.from({ length: 200 }, () => fieldsOf({ action: "a" })));
  state.schemaCalls = 0;
  for (let n = 0; n < 10; n++) {
    await fieldsOf({ action: "a" });
  }
  expect(state.schemaCalls).toBe(0);
});
