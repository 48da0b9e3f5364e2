import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import { ownEvent, REKISHI } from "../../../src/contract/own-event.ts";
import { Outbox, OUTBOX_MIGRATIONS } from "../../../src/objects/directory/outbox.ts";
import { ErasedError } from "../../../src/objects/tenant/no-database.ts";
import type { OwnEntry } from "../../../src/objects/tenant/tenant-rpc.ts";
import { migrate } from "../../../src/sql/migrate.ts";

const NOW = Date.UTC(2026, 10, 22);

/** An outbox whose tenants write down what they are given, unless they are down. */
function makeOutbox() {
  const state = {
    now: NOW,
    down: new Set<string>(),
    erased: new Set<string>(),
    calls: 0,
    stored: new Map<string, string[]>(),
  };
  const sql = new NodeSql(":memory:");
  migrate(sql, "outbox", OUTBOX_MIGRATIONS);
  const tenant = (id: string) => ({
    record: (entries: readonly OwnEntry[]) => {
      state.calls++;
      if (state.down.has(id)) {
        return Promise.reject(new Error("reset"));
      }
      if (state.erased.has(id)) {
        return Promise.reject(new ErasedError("The log was erased."));
      }
      const actions = entries.map(({ event }) => event.action);
      state.stored.set(id, [...(state.stored.get(id) ?? []), ...actions]);
      return Promise.resolve();
    },
  });
  const outbox = new Outbox(sql, () => state.now, tenant);
  const add = (id: string, action: string) =>
    outbox.add(id, ownEvent({ action: `rekishi.${action}`, targets: [] }, REKISHI, state.now));
  return { outbox, state, add };
}

test("events are delivered in their order, to their own organization, and then forgotten", async () => {
  const { outbox, state, add } = makeOutbox();
  add("org_a", "one");
  add("org_b", "other");
  add("org_a", "two");
  await outbox.deliver("org_a");
  expect(state.stored).toEqual(new Map([["org_a", ["rekishi.one", "rekishi.two"]]]));
  await outbox.deliver("org_a");
  expect(state.calls).toBe(1);
  expect(outbox.nextDueAt()).toBeGreaterThan(NOW);
});

test("a log that does not answer is tried later and later, and keeps no other waiting", async () => {
  const { outbox, state, add } = makeOutbox();
  state.down.add("org_down");
  add("org_down", "one");
  state.now += 5_000;
  const delays: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const dueAt = (await outbox.deliverDue()) ?? 0;
    delays.push(dueAt - state.now);
    state.now = dueAt;
  }
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000]);
  add("org_up", "two");
  state.now += 5_000;
  await outbox.deliverDue();
  expect(state.stored.get("org_up")).toEqual(["rekishi.two"]);
  expect(outbox.nextDueAt()).toBeGreaterThan(state.now);

  state.down.clear();
  state.now += 60_000;
  expect(await outbox.deliverDue()).toBeUndefined();
  expect(state.stored.get("org_down")).toEqual(["rekishi.one"]);
});

test("what no log is left for is forgotten", async () => {
  const { outbox, state, add } = makeOutbox();
  state.erased.add("org_gone");
  add("org_gone", "one");
  await outbox.deliver("org_gone");
  expect(outbox.nextDueAt()).toBeUndefined();
});

test("many organizations are delivered to in bounded steps, each once", async () => {
  const { outbox, state, add } = makeOutbox();
  for (let n = 0; n < 50; n++) {
    add(`org_${n}`, "one");
  }
  state.now += 5_000;
  let steps = 1;
  while ((await outbox.deliverDue()) !== undefined) {
    steps++;
  }
  expect([steps, state.calls, state.stored.size]).toEqual([3, 50, 50]);
});
