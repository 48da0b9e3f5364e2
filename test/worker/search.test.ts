import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { append as appendMany } from "./bulk.ts";
import { append, call, readAll } from "./client.ts";
import { tenantLog } from "./objects.ts";

const rows = (organizationId: string, table: string) =>
  runInDurableObject(
    tenantLog(organizationId),
    (_, state) =>
      state.storage.sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).one()
        .count,
  );

async function untilSealed(organizationId: string, blocks: number): Promise<void> {
  while ((await rows(organizationId, "block")) < blocks) {
    await scheduler.wait(10);
  }
}

test("events are sealed as they come, and read back alike before and after, also by a new instance", async () => {
  await appendMany("org_sealed", 200);
  const before = await readAll("org_sealed", "&order=asc");
  await appendMany("org_sealed", 500);
  await untilSealed("org_sealed", 2);
  await evictDurableObject(tenantLog("org_sealed"));
  const after = await readAll("org_sealed", "&order=asc");
  expect(after.slice(0, 200)).toEqual(before);
  expect(after.map(({ seq }) => seq)).toEqual(Array.from({ length: 700 }, (_, n) => n + 1));
  const sample = after[300];
  const one = await call("GET", `/audit_logs/events/${sample?.id}?organization_id=org_sealed`);
  expect(one.body).toEqual(sample);
});

test("events full of what cannot be compressed are sealed too", async () => {
  const hex = () =>
    Array.from({ length: 6 }, () => crypto.randomUUID().replaceAll("-", "")).join("");
  const events = Array.from({ length: 300 }, () => makeEvent({ metadata: { a: hex(), b: hex() } }));
  const body = { organization_id: "org_noise", events };
  expect((await call("POST", "/audit_logs/events/batch", body)).status).toBe(200);
  await untilSealed("org_noise", 1);
  const stored = await readAll("org_noise", "&order=asc");
  expect(stored.map(({ metadata }) => metadata)).toEqual(events.map(({ metadata }) => metadata));
});

test("a replay of a sealed event gets its first answer", async () => {
  const first = await append("org_replay", { metadata: { unique: "first" } });
  await appendMany("org_replay", 600);
  await untilSealed("org_replay", 2);
  await evictDurableObject(tenantLog("org_replay"));
  const again = await append("org_replay", { metadata: { unique: "first" } });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("Idempotency-Replayed")).toBe("true");
});

test.each([
  ["契約", 1],
  ["契約書 -metadata.kind:other", 1],
  ["actor.id:user_9 OR 10.0.0.9", 1],
  ["location:10.0.0.*", 1],
  ['"quarterly plan"', 1],
  ["QUARTERLY", 1],
  ["action:document.printed actor.type:robot", 1],
  ["action:document.printed actor.type:user", 0],
  ["NOT action:document.shared", 1],
])("the query %s finds %d event among sealed and fresh ones", async (q, count) => {
  const organizationId = `org_q_${encodeURIComponent(q).replaceAll(/[^0-9A-Za-z]/g, "_")}`.slice(
    0,
    100,
  );
  const others = { targets: [{ id: "d", type: "document", name: "memo" }] };
  await appendMany(organizationId, 100, {}, others);
  await append(organizationId, {
    action: "document.printed",
    actor: { id: "user_9", type: "robot", name: "Printer" },
    targets: [{ id: "document_9", type: "document", name: "契約書: Quarterly plan" }],
    context: { location: "10.0.0.9" },
  });
  await appendMany(organizationId, 200, {}, others);
  await untilSealed(organizationId, 1);
  const found = await readAll(organizationId, `&q=${encodeURIComponent(q)}`);
  expect(found.map(({ action }) => action)).toEqual(Array(count).fill("document.printed"));
});

test("a query that cannot be read is 400 and says at which character", async () => {
  await append("org_bad_q");
  const q = encodeURIComponent("action:a acton:b");
  const { status, body } = await call("GET", `/audit_logs/events?organization_id=org_bad_q&q=${q}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    code: "invalid_request",
    errors: [{ field: "q", code: "invalid_query" }],
  });
  expect(body["message"]).toMatch(/acton.*action.*characters 10 to 14/s);
});

test("statistics count every event once, by time and by value", async () => {
  await appendMany("org_stats", 300);
  await append("org_stats", { action: "user.invited", occurred_at: "2026-11-20T15:30:00.000Z" });
  const path =
    "/audit_logs/events/stats?organization_id=org_stats&interval=day&time_zone=Asia/Tokyo";
  const { body } = await call("GET", path);
  expect(body).toMatchObject({
    object: "audit_log_stats",
    total: 301,
    histogram: [
      { start: "2026-11-20T15:00:00.000Z", count: 1 },
      { start: "2026-11-21T15:00:00.000Z", count: 300 },
    ],
    facets: {
      action: [
        { value: "document.shared", count: 300 },
        { value: "user.invited", count: 1 },
      ],
      actor: [{ value: "user_1", count: 301 }],
    },
    other: { action: 0, actor: 0 },
    low_by: { action: 0, actor: 0 },
  });
  const filtered = await call("GET", `${path}&actions[]=user.invited&facets[]=action`);
  expect(filtered.body).toMatchObject({
    total: 1,
    facets: { action: [{ value: "user.invited", count: 1 }] },
  });
});
