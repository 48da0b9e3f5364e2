import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { append, call, readAll } from "./client.ts";
import { tenantLog } from "./objects.ts";

test("an alarm that the platform dropped is set again when the object wakes", async () => {
  await append("org_alarm");
  const stub = tenantLog("org_alarm");
  await runInDurableObject(stub, (_, state) => state.storage.deleteAlarm());
  const { abortAllDurableObjects } = await import("cloudflare:test");
  await abortAllDurableObjects();
  await readAll("org_alarm");
  const alarm = await runInDurableObject(tenantLog("org_alarm"), (_, state) =>
    state.storage.getAlarm(),
  );
  expect(alarm).not.toBeNull();
});

test("a job that fails is due again later and never loses the alarm", async () => {
  await append("org_job");
  const stub = tenantLog("org_job");
  await runInDurableObject(stub, (_, state) => {
    state.storage.sql.exec("UPDATE job SET due_at = 0 WHERE kind = 'retention'");
    state.storage.sql.exec("ALTER TABLE purge RENAME TO purge_away");
  });
  const before = Date.now();
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  const { job, alarm } = await runInDurableObject(stub, async (_, state) => ({
    job: state.storage.sql
      .exec<{ due_at: number; attempts: number }>("SELECT * FROM job WHERE kind = 'retention'")
      .one(),
    alarm: await state.storage.getAlarm(),
  }));
  expect(job.attempts).toBe(1);
  expect(job.due_at).toBeGreaterThan(before);
  expect(alarm).toBe(job.due_at);
});

test("nothing thrown inside an object reaches a client", async () => {
  await append("org_broken");
  await runInDurableObject(tenantLog("org_broken"), (_, state) => {
    state.storage.sql.exec("ALTER TABLE tail RENAME TO tail_away");
  });
  const answer = await call("GET", "/audit_logs/events?organization_id=org_broken");
  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: "internal_error", request_id: expect.any(String) });
  expect(JSON.stringify(answer.body)).not.toMatch(/tail|SQL|\.ts|at /);
});

test("requests that do not come through the router get nothing from an object", async () => {
  const response = await tenantLog("org_direct").fetch("https://x.test/", {
    headers: { "x-partykit-props": '{"role":"admin"}' },
  });
  expect(response.status).toBe(404);
  expect(await response.text()).toBe("");
});
