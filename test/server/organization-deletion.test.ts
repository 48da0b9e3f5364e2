/** A deleted organization is gone: its events, its blobs, its keys, its readers. And it stays gone. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tenantFolder } from "../../src/objects/tenant/tenant-folder.ts";
import { makeEvent } from "../support/events.ts";
import { accepted, type Client, failureOf, type KeyClient, parsed } from "./client.ts";
import { type Server, startServer, useServer } from "./server.ts";
import { openTail } from "./tail-reader.ts";

const server = useServer();
const MARK = "mark-that-is-nowhere-else";

/** Fills an organization with events and blobs that can be recognised on the disk. */
async function fill(on: Server, organizationId: string): Promise<KeyClient> {
  const root = on.client();
  for (let batch = 0; batch < 3; batch++) {
    const events = Array.from({ length: 200 }, (_, n) =>
      makeEvent({ actor: { id: `${MARK}-${batch}-${n}`, type: "user" } }),
    );
    await root.storeBatch(organizationId, events);
  }
  mkdirSync(blobFolder(on, organizationId), { recursive: true });
  writeFileSync(join(blobFolder(on, organizationId), "1.seg"), MARK);
  return root.withKey(["events:read", "events:write", "organizations:write"], organizationId);
}

function blobFolder(on: Server, organizationId: string): string {
  return join(on.dataFolder, "blobs", tenantFolder(organizationId), "segments");
}

/** Files of the logs, or of the blob store, in which something of an organization is left. */
function filesWith(on: Server, text: string, folder = "objects/rekishi-TenantLog"): string[] {
  const path = join(on.dataFolder, folder);
  const files = readdirSync(path, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(text));
}

/** Makes an export of the whole log. @returns its path, when its file is there. */
async function exportLog(client: Client, organizationId: string): Promise<string> {
  const created = await client.send("POST", "/audit_logs/exports", {
    organization_id: organizationId,
    range_start: new Date(Date.now() - 300 * 86_400_000).toISOString(),
    range_end: new Date(Date.now() + 60_000).toISOString(),
  });
  const path = `/audit_logs/exports/${accepted<{ id: string }>(created).id}`;
  const state = async () => parsed<{ state: string }>(await client.get(path)).state;
  await expect.poll(state, { timeout: 20_000 }).toBe("ready");
  return path;
}

test("of a deleted organization nothing is left, on the disk and in the blob store", async () => {
  const key = await fill(server, "org_gone");
  await server.client().store("org_kept", makeEvent({ actor: { id: "kept-mark", type: "user" } }));
  const tail = await openTail(server.client(), "org_gone");
  const root = server.client();
  const exported = await exportLog(root, "org_gone");
  expect(filesWith(server, MARK)).not.toEqual([]);
  expect(filesWith(server, MARK, "blobs")).toHaveLength(2);

  expect(await root.send("DELETE", "/organizations/org_gone")).toMatchObject({
    status: 202,
    text: "",
  });
  expect(filesWith(server, MARK)).toEqual([]);
  await expect.poll(() => filesWith(server, MARK, "blobs"), { timeout: 10_000 }).toEqual([]);
  await tail.until("the end", () => tail.isClosed);
  expect(tail.closeCode).toBe(1008);

  const attempts = [
    await key.search("org_gone"),
    await root.search("org_gone"),
    await root.append("org_gone", makeEvent()),
    await root.get("/organizations/org_gone"),
    await root.send("PUT", "/organizations/org_gone", { name: "back" }),
    await root.send("DELETE", "/organizations/org_gone"),
    await root.get(exported),
  ];
  expect(attempts.map(({ status }) => status)).toEqual([401, 404, 404, 404, 404, 404, 404]);
  const again = await root.send("POST", "/organizations", { id: "org_gone", name: "back" });
  expect(again.status).toBe(409);
  expect(failureOf(again).message).toContain("not used again");
  expect((await root.get("/organizations", { limit: 100 })).text).not.toContain("org_gone");
  expect((await root.get("/api_keys", { limit: 100 })).text).not.toContain(key.keyId);
  expect(await root.all("org_kept")).toHaveLength(1);
});

test("it stays gone after a restart, and its external id is free for another", async () => {
  const own = await startServer();
  const root = own.client();
  const input = { id: "org_first", name: "First", external_id: "customer-1" };
  await root.send("POST", "/organizations", input);
  await root.store("org_first", makeEvent());
  await root.send("DELETE", "/organizations/org_first");
  await own.restart();
  expect((await root.append("org_first", makeEvent())).status).toBe(404);
  const again = { name: "Second", external_id: "customer-1" };
  expect((await root.send("POST", "/organizations", again)).status).toBe(201);
});

test("only who may see all organizations may delete one", async () => {
  const key = await fill(server, "org_own");
  expect((await key.send("DELETE", "/organizations/org_own")).status).toBe(403);
  expect((await key.send("DELETE", "/organizations/org_kept")).status).toBe(404);
  expect((await key.search("org_own")).status).toBe(200);
});

test("a deletion that kill -9 interrupts goes on after it, at any moment", async () => {
  const own = await startServer();
  const root = own.client();
  for (const delayMs of [2, 8]) {
    const id = `org_killed_${delayMs}`;
    await fill(own, id);
    const deleting = root.send("DELETE", `/organizations/${id}`).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await own.kill();
    await deleting;
    await own.start();
    // Either it was not deleted at all, or it is deleted whole.
    if ((await root.get(`/organizations/${id}`)).status === 200) {
      expect(await root.all(id, { limit: 1_000 })).toHaveLength(601);
      await root.send("DELETE", `/organizations/${id}`);
    }
    await expect.poll(() => filesWith(own, MARK), { timeout: 20_000 }).toEqual([]);
    const blob = join(blobFolder(own, id), "1.seg");
    await expect.poll(() => existsSync(blob), { timeout: 20_000 }).toBe(false);
    expect((await root.append(id, makeEvent())).status).toBe(404);
  }
});
