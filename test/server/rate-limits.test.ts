/** Limits that an operator sets, as a client and the WorkOS SDKs meet them; and guessing, slowed. */
import { WorkOS as WorkOS11 } from "@workos-inc/node";
import { WorkOS as WorkOS8 } from "@workos-inc/node-8";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { Client, failureOf } from "./client.ts";
import { type Server, startServer, useServer } from "./server.ts";

const server = useServer({
  REKISHI_KEY_EVENTS_PER_SECOND: "1",
  REKISHI_ORGANIZATION_EVENTS_PER_SECOND: "300",
  REKISHI_KEY_QUERIES_PER_SECOND: "0.01",
  REKISHI_CLIENT_ADDRESS_HEADER: "x-real-ip",
});

const WRITER = ["events:write", "organizations:write"];
/** A key by its form and checksum that nobody made. */
const UNKNOWN_KEY = "rk_live_0000000000000000000000000000001vVyxc";

function batch(label: string, count = 1_000) {
  return Array.from({ length: count }, (_, n) =>
    makeEvent({ actor: { id: `${label}-${n}`, type: "writer" } }),
  );
}

test("a key over its limit is told when to come back and what the limits are, and another key goes on", async () => {
  const [busy, calm] = await Promise.all([
    server.client().withKey(WRITER),
    server.client().withKey(WRITER),
  ]);
  const first = await busy.append("org_limited", makeEvent());
  expect(first.headers.get("ratelimit-policy")).toBe(
    '"key";q=1000;w=1000, "organization";q=3000;w=10',
  );
  expect(first.headers.get("ratelimit")).toBe('"key";r=999;t=1, "organization";r=2999;t=1');

  expect((await busy.appendBatch("org_limited", batch("all", 990))).status).toBe(200);
  const refused = await busy.appendBatch("org_limited", batch("more"));
  expect(refused.status).toBe(429);
  expect(failureOf(refused).code).toBe("rate_limit_exceeded");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.headers.get("ratelimit")).toContain('"key";r=');
  expect((await calm.append("org_limited", makeEvent(), "calm")).status).toBe(200);
  expect((await busy.append("org_free", makeEvent())).status).toBe(200);
});

test("a key that searches and counts over its limit is refused; others, events by id and its appends are not", async () => {
  const scopes = ["events:read", "events:write", "organizations:write"];
  const [busy, calm] = [
    await server.client().withKey(scopes),
    await server.client().withKey(scopes),
  ];
  const { id } = await busy.store("org_queried", makeEvent());
  for (let round = 0; round < 5; round++) {
    const counted = await busy.get("/audit_logs/events/stats?organization_id=org_queried");
    expect(counted.status).toBe(200);
    expect((await busy.page("org_queried")).data).toHaveLength(1);
  }
  for (const path of ["/audit_logs/events", "/audit_logs/events/stats", "/audit_logs/actions"]) {
    const refused = await busy.get(`${path}?organization_id=org_queried`);
    expect(refused.status, path).toBe(429);
    expect(failureOf(refused).code).toBe("rate_limit_exceeded");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect((await busy.get(`/audit_logs/events/${id}?organization_id=org_queried`)).status).toBe(200);
  expect((await calm.page("org_queried")).data).toHaveLength(1);
  expect((await busy.append("org_queried", makeEvent(), "next")).status).toBe(200);
});

const EVENT = {
  action: "document.shared",
  occurredAt: new Date(),
  actor: { id: "sdk", type: "user" },
  targets: [],
  context: { location: "203.0.113.7" },
};

/** A key that has used up what it may store at once in an organization of its own. */
async function exhaustedKey(slow: Server, organizationId: string): Promise<string> {
  const writer = await slow.client().withKey(WRITER);
  expect((await writer.appendBatch(organizationId, batch("all"))).status).toBe(200);
  return writer.key;
}

test("over the limit, the WorkOS SDK 11 waits and sends again, and 8 throws what says how long to wait", async () => {
  const slow = await startServer({ REKISHI_KEY_EVENTS_PER_SECOND: "0.4" });
  const target = { apiHostname: "127.0.0.1", port: slow.port, https: false } as const;

  const sdk11 = new WorkOS11(await exhaustedKey(slow, "org_sdk_11"), target);
  await sdk11.auditLogs.createEvent("org_sdk_11", EVENT);
  expect((await slow.client().page("org_sdk_11", { actor_ids: ["sdk"] })).data).toHaveLength(1);
  expect(slow.output()).toContain("rate_limit_exceeded");

  const sdk8 = new WorkOS8(await exhaustedKey(slow, "org_sdk_8"), target);
  const failed = await sdk8.auditLogs
    .createEvent("org_sdk_8", EVENT)
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ name: "RateLimitExceededException", status: 429 });
  expect((failed as { retryAfter: number }).retryAfter).toBeGreaterThan(0);
});

test("an address that tries many keys is slowed; keys that are known go on working there, and all keys elsewhere", async () => {
  const root = server.client();
  const known = await root.withKey(WRITER);
  const from = (address: string, client: Client) =>
    client.send("POST", "/audit_logs/events", {}, { "x-real-ip": address });
  await from("192.0.2.1", known);
  const stranger = new Client(server.url, UNKNOWN_KEY);
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 30; attempt++) {
    statuses.push((await from("192.0.2.1", stranger)).status);
  }
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
  expect((await from("192.0.2.1", known)).status).toBe(400);
  expect((await from("192.0.2.2", stranger)).status).toBe(401);

  const lines = server.logs().filter(({ level }) => level === "WARN");
  expect(lines.length).toBeGreaterThanOrEqual(statuses.length);
  expect(server.output()).not.toContain(UNKNOWN_KEY);
  expect(server.output()).not.toContain(known.key);
});

test("where clients cannot be told apart, guessing waits, and whoever is known does not", async () => {
  const shared = await startServer({ REKISHI_CLIENT_ADDRESS_HEADER: "" });
  const root = shared.client();
  const [known, fresh] = [await root.withKey(WRITER), await root.withKey(WRITER)];
  await known.store("org_guessed", makeEvent());
  const stranger = shared.client(UNKNOWN_KEY);
  for (let attempt = 0; attempt < 20; attempt++) {
    expect((await stranger.get("/session")).status).toBe(401);
  }

  const ended: string[] = [];
  const guesses = Promise.all(
    Array.from({ length: 20 }, async () => {
      const { status } = await stranger.get("/session");
      ended.push("guess");
      return status;
    }),
  );
  expect((await known.append("org_guessed", makeEvent())).status).toBe(200);
  expect((await root.get("/session")).status).toBe(200);
  ended.push("known");
  expect(new Set(await guesses)).toEqual(new Set([401]));
  expect(ended[0]).toBe("known");
  expect((await fresh.append("org_guessed", makeEvent())).status).toBe(200);
});
