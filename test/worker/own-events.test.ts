import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { ownEvent, REKISHI } from "../../src/contract/own-event.ts";
import { append, call, readAll } from "./client.ts";
import { directory, tenantLog } from "./objects.ts";

const ACTIONS = "&actions[]=rekishi.api_key_created&actions[]=rekishi.tested";

test("an event of rekishi's own that is delivered twice is stored once, also while others come", async () => {
  await append("org_twice");
  const event = ownEvent({ action: "rekishi.tested", targets: [] }, REKISHI, Date.now());
  const entry = { id: "0198-entry", event };
  const other = { id: "0198-other", event };
  const stub = tenantLog("org_twice");
  await Promise.all([stub.record([entry]), append("org_twice"), stub.record([entry, other])]);
  await stub.record([other]);
  expect(await readAll("org_twice", ACTIONS)).toHaveLength(2);
});

test("what a crash left undelivered is delivered by the Directory's alarm", async () => {
  await append("org_late");
  const event = ownEvent({ action: "rekishi.tested", targets: [] }, REKISHI, Date.now());
  await runInDurableObject(directory(), (_, { storage }) => {
    storage.sql.exec(
      "INSERT INTO outbox (id, organization_id, event, due_at, attempts) VALUES ('late', 'org_late', ?, 0, 0)",
      JSON.stringify(event),
    );
    storage.sql.exec("INSERT OR REPLACE INTO job VALUES ('outbox', 0, 0)");
    return storage.setAlarm(Date.now() + 60_000);
  });
  expect(await readAll("org_late", ACTIONS)).toEqual([]);
  expect(await runDurableObjectAlarm(directory())).toBe(true);
  expect(await readAll("org_late", ACTIONS)).toMatchObject([{ action: "rekishi.tested" }]);
});

test("a change is made when the log cannot take its event, which follows when it can", async () => {
  await append("org_unable");
  const rename = (from: string, to: string) =>
    runInDurableObject(tenantLog("org_unable"), (_, state) => {
      state.storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
    });
  await rename("own_event", "own_event_away");
  const input = { name: "backend", scopes: ["events:read"], organization_id: "org_unable" };
  expect((await call("POST", "/api_keys", input)).status).toBe(201);
  expect(await readAll("org_unable", ACTIONS)).toEqual([]);

  await rename("own_event_away", "own_event");
  await runInDurableObject(directory(), (_, { storage }) => {
    storage.sql.exec("UPDATE outbox SET due_at = 0");
    storage.sql.exec("UPDATE job SET due_at = 0");
  });
  await runDurableObjectAlarm(directory());
  expect(await readAll("org_unable", ACTIONS)).toMatchObject([
    { action: "rekishi.api_key_created", actor: { id: "root", type: "root_key" } },
  ]);
});
