/** Offloading in workerd, to R2: its SQLite, its binding. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import type { ExportResource } from "../../src/contract/export.ts";
import { DAY_MS, systemClock } from "../../src/kernel/clock.ts";
import { DurableSql } from "../../src/objects/durable-sql.ts";
import { Offloading } from "../../src/objects/tenant/offloading.ts";
import { append } from "./bulk.ts";
import { call, readAll } from "./client.ts";
import { exportObject, tenantLog } from "./objects.ts";

const { REKISHI_BLOBS } = env as unknown as { readonly REKISHI_BLOBS: R2Bucket };
const ORGANIZATION = "org_in_r2";
/** In the future, so that the platform, whose own clock is not moved, leaves alarms to the test. */
const START = Date.UTC(2090, 10, 22);
/** One run of blocks, and a tail. */
const EVENTS = 4_100;
const RUN_EVENTS = 4_096;

afterEach(() => {
  vi.useRealTimers();
});

const count = (table: string) =>
  runInDurableObject(
    tenantLog(ORGANIZATION),
    (_, { storage }) =>
      storage.sql.exec<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`).one().rows,
  );

/** As the object's own job does it, with a limit that is reached. */
const offloadAll = () =>
  runInDurableObject(tenantLog(ORGANIZATION), async (_, { storage }) => {
    const ports = {
      sql: new DurableSql(storage),
      clock: systemClock,
      organizationId: ORGANIZATION,
      random: () => 1,
      databaseBytes: () => storage.sql.databaseSize,
      schedule: () => undefined,
    };
    const settings = { REKISHI_OFFLOAD_BYTES: "1", REKISHI_OFFLOAD_KEEP_SECONDS: "0" };
    const step = new Offloading(ports, { ...settings, REKISHI_BLOBS }).handlers.get("offload");
    while (((await step?.(Date.now())) ?? Infinity) <= Date.now()) {
      // The next step.
    }
  });

async function exported(): Promise<string> {
  const { body } = await call("POST", "/audit_logs/exports", {
    organization_id: ORGANIZATION,
    range_start: "2026-11-01T00:00:00Z",
    range_end: "2026-12-01T00:00:00Z",
  });
  const { id } = body as unknown as ExportResource;
  for (;;) {
    await runDurableObjectAlarm(exportObject(id));
    const answer = await call("GET", `/audit_logs/exports/${id}`);
    const made = answer.body as unknown as ExportResource;
    if (made.state !== "pending") {
      expect(made).toMatchObject({ state: "ready", events: EVENTS });
      return (await exports.default.fetch(new Request(made.url ?? ""))).text();
    }
  }
}

const objects = async () => (await REKISHI_BLOBS.list({ prefix: "tenants/" })).objects.length;

test("blocks that moved to R2 are read and exported as before, and purged from it", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  for (let stored = 0; stored < EVENTS; stored += 1_000) {
    await append(ORGANIZATION, Math.min(1_000, EVENTS - stored));
  }
  await expect.poll(() => count("block"), { timeout: 20_000 }).toBe(RUN_EVENTS / 256);
  vi.setSystemTime(START + 3 * DAY_MS);
  const [events, file] = [await readAll(ORGANIZATION, "&order=asc"), await exported()];
  expect(events).toHaveLength(1_000);

  await offloadAll();
  await evictDurableObject(tenantLog(ORGANIZATION));
  expect(await objects()).toBe(1);
  expect(await count("block_part")).toBe(0);
  expect(await readAll(ORGANIZATION, "&order=asc")).toEqual(events);
  expect(await exported()).toBe(file);

  const path = `/organizations/${ORGANIZATION}/audit_logs_retention`;
  vi.setSystemTime(START + 40 * DAY_MS);
  await call("PUT", path, { retention_period_in_days: 30 });
  await vi.waitFor(
    async () => {
      await runDurableObjectAlarm(tenantLog(ORGANIZATION));
      expect(await objects()).toBe(0);
    },
    { timeout: 10_000, interval: 10 },
  );
});
