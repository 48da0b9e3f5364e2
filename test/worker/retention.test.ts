import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { DAY_MS } from "../../src/kernel/clock.ts";
import { append as appendMany } from "./bulk.ts";
import { append, call, readAll } from "./client.ts";
import { tenantLog } from "./objects.ts";

const START = Date.UTC(2026, 10, 22);

afterEach(() => {
  vi.useRealTimers();
});

function setTime(time: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: time });
}

/** Runs alarms until none is due, as the platform would. */
async function runDueAlarms(organizationId: string): Promise<void> {
  const dueNow = () =>
    runInDurableObject(tenantLog(organizationId), async (_, state) => {
      const alarm = await state.storage.getAlarm();
      return alarm !== null && alarm <= Date.now();
    });
  while (await dueNow()) {
    await runDurableObjectAlarm(tenantLog(organizationId));
  }
}

const storedRows = (organizationId: string) =>
  runInDurableObject(tenantLog(organizationId), (_, state) =>
    state.storage.sql.exec("SELECT count(*) AS rows FROM tail").one(),
  );

test("expired events are invisible at once, gone after the alarm, and their purge is on record", async () => {
  setTime(START);
  await append("org_r1", { action: "old" });
  const [{ id } = { id: "" }] = await readAll("org_r1");
  setTime(START + 365 * DAY_MS + 1);
  expect(await readAll("org_r1")).toEqual([]);
  expect((await call("GET", `/audit_logs/events/${id}?organization_id=org_r1`)).status).toBe(404);
  expect(await storedRows("org_r1")).toEqual({ rows: 1 });

  setTime(START + 366 * DAY_MS);
  await runDueAlarms("org_r1");
  const [record, ...others] = await readAll("org_r1");
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    action: "rekishi.retention_purged",
    seq: 2,
    actor: { id: "rekishi", type: "system" },
    metadata: { count: 1, first_seq: 1, last_seq: 1, retention_days: 365 },
  });
  expect(await storedRows("org_r1")).toEqual({ rows: 1 });
});

test("a shorter retention applies at once, in bounded steps, and the log goes on after it", async () => {
  setTime(START);
  for (let commit = 0; commit < 70; commit++) {
    await append("org_r2", { metadata: { commit } });
  }
  setTime(START + 40 * DAY_MS);
  await append("org_r2", { action: "young" });
  const body = { retention_period_in_days: 30 };
  const path = "/organizations/org_r2/audit_logs_retention";
  expect((await call("PUT", path, body)).body).toEqual(body);
  expect((await readAll("org_r2")).map(({ action }) => action)).toEqual([
    "rekishi.retention_changed",
    "young",
  ]);

  await evictDurableObject(tenantLog("org_r2"));
  await runDueAlarms("org_r2");
  expect(await storedRows("org_r2")).toEqual({ rows: 3 });
  expect(await readAll("org_r2", "&actions[]=rekishi.retention_purged")).toMatchObject([
    { metadata: { count: 70, first_seq: 1, last_seq: 70, retention_days: 30 } },
  ]);
  expect((await append("org_r2", { action: "next" })).body["seq"]).toBe(74);
  expect((await call("GET", path)).body).toEqual(body);
});

test("what a shorter retention would expire is told exactly, before it does", async () => {
  const path = "/organizations/org_preview/audit_logs_retention";
  const preview = async (days: number) =>
    (await call("GET", `${path}?preview_days=${days}`)).body["preview"];
  setTime(START);
  await appendMany("org_preview", 300);
  setTime(START + 10 * DAY_MS);
  // Beyond the sealed block of the first 256 events, and in a block that begins before it.
  await appendMany("org_preview", 300);
  setTime(START + 50 * DAY_MS);
  await append("org_preview");
  expect((await call("GET", path)).body).toEqual({ retention_period_in_days: 365 });
  const first = new Date(START).toISOString();
  expect(await preview(60)).toEqual({
    retention_period_in_days: 60,
    events: 0,
    oldest_ingested_at: null,
  });
  expect(await preview(45)).toMatchObject({ events: 300, oldest_ingested_at: first });
  expect(await preview(30)).toMatchObject({ events: 600, oldest_ingested_at: first });

  await call("PUT", path, { retention_period_in_days: 45 });
  // The record of the change is not among what would expire.
  expect(await readAll("org_preview", "&actions[]=rekishi.retention_changed")).toHaveLength(1);
  expect(await preview(45)).toMatchObject({ events: 0 });
  expect(await preview(30)).toMatchObject({
    events: 300,
    oldest_ingested_at: new Date(START + 10 * DAY_MS).toISOString(),
  });
  expect(await preview(365)).toMatchObject({ events: 0, oldest_ingested_at: null });
});

test.each(["29", "3651", "30.5", "soon", ""])("preview_days=%s is refused", async (days) => {
  await append("org_preview_wrong");
  const path = `/organizations/org_preview_wrong/audit_logs_retention?preview_days=${days}`;
  const { status, body } = await call("GET", path);
  expect([status, body["errors"]]).toMatchObject([400, [{ field: "preview_days" }]]);
});

test("the configuration of an audit log is told as WorkOS tells it", async () => {
  await append("org_configuration");
  const path = "/organizations/org_configuration/audit_log_configuration";
  expect((await call("GET", path)).body).toEqual({
    organization_id: "org_configuration",
    retention_period_in_days: 365,
    state: "active",
  });
});

test("seq goes on after everything was purged and the object was evicted", async () => {
  setTime(START);
  await appendMany("org_r3", 300);
  setTime(START + 400 * DAY_MS);
  await runDueAlarms("org_r3");
  setTime(START + 800 * DAY_MS);
  await runDueAlarms("org_r3");
  await evictDurableObject(tenantLog("org_r3"));
  expect((await append("org_r3")).body["seq"]).toBe(303);
});
