import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { DAY_MS } from "../../src/kernel/clock.ts";
import { append as appendMany } from "./bulk.ts";
import { append, call, readAll } from "./client.ts";
import { tenantLog } from "./objects.ts";

/** In the future, so that the platform, whose own clock is not moved, leaves alarms to the test. */
const START = Date.UTC(2090, 10, 22);

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

/** Events on the disk, expired or not. */
const storedEvents = (organizationId: string) =>
  runInDurableObject(tenantLog(organizationId), (_, state) => {
    const count = "SELECT sum(last_seq - first_seq + 1) AS events FROM";
    const [tail, blocks] = ["tail", "block"].map(
      (table) => state.storage.sql.exec<{ events: number }>(`${count} ${table}`).one().events,
    );
    return (tail ?? 0) + (blocks ?? 0);
  });

test("expired events are invisible at once, gone after the alarm, and their purge is on record", async () => {
  setTime(START);
  await append("org_r1", { action: "old" });
  const [{ id } = { id: "" }] = await readAll("org_r1");
  setTime(START + 365 * DAY_MS + 1);
  expect(await readAll("org_r1")).toEqual([]);
  expect((await call("GET", `/audit_logs/events/${id}?organization_id=org_r1`)).status).toBe(404);
  expect(await storedEvents("org_r1")).toBe(1);

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
  expect(await storedEvents("org_r1")).toBe(1);
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
  expect(await storedEvents("org_r2")).toBe(3);
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

test("what has stayed in the tail for a day is sealed, and written again when its block is whole", async () => {
  setTime(START);
  await appendMany("org_age", 10);
  const before = await readAll("org_age", "&order=asc");
  const tables = () =>
    runInDurableObject(tenantLog("org_age"), (_, state) =>
      ["tail", "block", "fingerprint_run"].map(
        (table) =>
          state.storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
      ),
    );
  expect(await tables()).toEqual([1, 0, 0]);
  setTime(START + DAY_MS);
  await runDueAlarms("org_age");
  expect(await tables()).toEqual([0, 1, 1]);
  expect(await readAll("org_age", "&order=asc")).toEqual(before);

  await evictDurableObject(tenantLog("org_age"));
  await appendMany("org_age", 5);
  setTime(START + 2 * DAY_MS);
  await runDueAlarms("org_age");
  expect(await tables()).toEqual([0, 1, 1]);
  await appendMany("org_age", 300);
  await vi.waitFor(async () => expect((await tables())[1]).toBe(1));
  const after = await readAll("org_age", "&order=asc");
  expect(after.slice(0, 10)).toEqual(before);
  expect(after.map(({ seq }) => seq)).toEqual(Array.from({ length: 315 }, (_, n) => n + 1));
});
