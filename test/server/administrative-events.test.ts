/** What rekishi itself does is on record in the log of the organization it concerns. */
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, type Client, type StoredEvent } from "./client.ts";
import { startServer, useServer } from "./server.ts";

const server = useServer();

/** The events of rekishi's own, oldest first. */
async function recorded(client: Client, organizationId: string): Promise<StoredEvent[]> {
  return client.all(organizationId, { q: "action:rekishi.*", order: "asc" });
}

test("a key's beginning and end are in its organization's log at once, with who, what and from where", async () => {
  const root = server.client();
  await root.createOrganization("org_keys");
  const admin = await root.withKey(["keys:write", "events:read"], "org_keys");
  const input = { name: "backend", scopes: ["events:read"] };
  const headers = { "user-agent": "console/1.0", "cf-connecting-ip": "203.0.113.99" };
  const made = await admin.send("POST", "/api_keys", input, headers);
  const { id, key } = accepted<{ id: string; key: string }>(made);
  await admin.send("DELETE", `/api_keys/${id}`);

  const events = await recorded(admin, "org_keys");
  expect(events).toMatchObject([
    { action: "rekishi.api_key_created", actor: { id: "root", type: "root_key" } },
    {
      action: "rekishi.api_key_created",
      actor: { id: admin.keyId, type: "api_key", name: "test" },
      targets: [{ id, type: "api_key", name: "backend" }],
      // The peer as the server sees it: a header that anybody can send is not believed.
      context: { location: "127.0.0.1", user_agent: "console/1.0" },
      metadata: { scopes: "events:read", request_id: made.headers.get("x-request-id") },
    },
    { action: "rekishi.api_key_revoked", actor: { id: admin.keyId }, targets: [{ id }] },
  ]);
  expect(JSON.stringify(events)).not.toContain(key);
});

test("a change that did not happen is not on record", async () => {
  const root = server.client();
  await root.createOrganization("org_refused");
  const path = "/organizations/org_refused/audit_logs_retention";
  await root.send("POST", "/api_keys", { name: "", scopes: [], organization_id: "org_refused" });
  await root.send("DELETE", "/api_keys/api_key_nobody");
  await root.send("PUT", path, { retention_period_in_days: 7 });
  // What it is already.
  await root.send("PUT", path, { retention_period_in_days: 365 });
  expect(await recorded(root, "org_refused")).toEqual([]);
});

test("a change of retention is on record with what it was before", async () => {
  const root = server.client();
  await root.createOrganization("org_kept");
  const path = "/organizations/org_kept/audit_logs_retention";
  accepted(await root.send("PUT", path, { retention_period_in_days: 90 }));
  expect(await recorded(root, "org_kept")).toMatchObject([
    {
      action: "rekishi.retention_changed",
      actor: { id: "root" },
      targets: [{ id: "org_kept", type: "organization" }],
      metadata: { retention_days: 90, retention_days_before: 365 },
    },
  ]);
});

test("a key of the whole environment concerns no log, and is a line of the service's own", async () => {
  const root = server.client();
  const { keyId } = await root.withKey(["events:read"]);
  const lines = server.logs().filter(({ action }) => action === "rekishi.api_key_created");
  expect(lines.at(-1)).toMatchObject({
    level: "INFO",
    service: "directory",
    userId: "root",
    metadata: { organizationId: null, targets: [{ id: keyId }] },
  });
});

test("after kill -9 in the middle of changes, each that was made is on record once, and no other", async () => {
  const crashing = await startServer();
  const root = crashing.client();
  const organization = "org_crash";
  await root.store(organization, makeEvent());
  for (let round = 0; round < 3; round++) {
    const making = Array.from({ length: 12 }, (_, n) =>
      root.withKey(["events:read"], organization).then(
        () => n,
        () => undefined,
      ),
    );
    // As soon as the first are answered, while the others are under way.
    await Promise.any(making);
    await crashing.kill();
    await Promise.all(making);
    await crashing.start();
  }
  const listed = await root.get("/api_keys", { limit: 100 });
  const made = accepted<{ data: { id: string }[] }>(listed).data.map(({ id }) => id);
  expect(made.length).toBeGreaterThan(2);
  const targets = async () =>
    (await recorded(root, organization)).map(({ targets }) => (targets[0] as { id: string }).id);
  await expect.poll(async () => (await targets()).length, { timeout: 30_000 }).toBe(made.length);
  expect((await targets()).sort()).toEqual([...made].sort());
});
