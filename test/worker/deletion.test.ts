import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { ownEvent, REKISHI } from "../../src/contract/own-event.ts";
import { append, call, readAll } from "./client.ts";
import { directory, tenantLog } from "./objects.ts";

/** What is left on the disk of a log. */
const leftIn = (organizationId: string) =>
  runInDurableObject(tenantLog(organizationId), async (_, { storage }) => ({
    tables: storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'")
      .toArray(),
    alarm: await storage.getAlarm(),
  }));

test("a router that does not know yet of a deletion makes nothing of it undone", async () => {
  await append("org_late");
  // Not through the router, which would know at once.
  expect(await directory().deleteOrganization("org_late", REKISHI)).toMatchObject({ ok: true });
  const event = ownEvent({ action: "rekishi.tested", targets: [] }, REKISHI, Date.now());
  const retention = { retention_period_in_days: 90 };
  const attempts = [
    await append("org_late", { action: "late" }),
    await call("PUT", "/organizations/org_late/audit_logs_retention", retention),
    await call("POST", "/audit_logs/tail/tickets", { organization_id: "org_late" }),
  ];
  expect(attempts.map(({ status, body }) => [status, body["code"]])).toEqual(
    attempts.map(() => [404, "not_found"]),
  );
  const recording = tenantLog("org_late").record([{ id: "late", event }]);
  expect(await recording.catch((error: unknown) => error)).toMatchObject({ erased: true });
  expect(await readAll("org_late")).toEqual([]);
  expect(await leftIn("org_late")).toEqual({ tables: [], alarm: null });
});

test("an erasure that was cut short serves nothing, and is finished when it is asked for again", async () => {
  await append("org_cut");
  await runInDurableObject(tenantLog("org_cut"), (_, { storage }) =>
    storage.kv.put("erasure", "begun"),
  );
  await abortAllDurableObjects();
  expect((await append("org_cut")).status).toBe(404);
  expect((await leftIn("org_cut")).tables).not.toEqual([]);
  await directory().deleteOrganization("org_cut", REKISHI);
  expect(await leftIn("org_cut")).toEqual({ tables: [], alarm: null });
});

test("a log that never had an event is erased like any other, and to erase it again changes nothing", async () => {
  await call("POST", "/organizations", { id: "org_empty", name: "Empty" });
  expect((await call("DELETE", "/organizations/org_empty")).status).toBe(202);
  expect(await tenantLog("org_empty").erase()).toBe(true);
  expect(await leftIn("org_empty")).toEqual({ tables: [], alarm: null });
});
