/** A live tail ends when what let its reader in is taken away, not only when it expires. */
import { evictDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { append, call, callAs, TailReader } from "./client.ts";
import { tenantLog } from "./objects.ts";

const ENDED = 4401;
const OF_INTEREST = "&actions[]=of.interest";

afterEach(() => {
  vi.useRealTimers();
});

type Headers = Readonly<Record<string, string>>;

function bearer(token: unknown): Headers {
  return { authorization: `Bearer ${String(token)}` };
}

async function newKey(organizationId?: string) {
  const input = { name: "reader", scopes: ["events:read"], organization_id: organizationId };
  const { body } = await call("POST", "/api_keys", input);
  return { id: String(body["id"]), headers: bearer(body["key"]) };
}

async function newPortalSession(organization: string): Promise<Headers> {
  const made = await call("POST", "/portal/generate_link", { organization, intent: "audit_logs" });
  const code = String(made.body["link"]).split("#")[1];
  const opened = await callAs({}, "POST", "/portal/session", { code, as: "token" });
  return bearer(opened.body["token"]);
}

async function ticketFrom(headers: Headers, organizationId: string): Promise<Headers> {
  const input = { organization_id: organizationId };
  const { body } = await callAs(headers, "POST", "/audit_logs/tail/tickets", input);
  return { "sec-websocket-protocol": `rekishi.tail.v1, ${String(body["ticket"])}` };
}

/** A tail that has been sent an event, so its credential was confirmed a moment ago. */
async function follow(organizationId: string, headers?: Headers): Promise<TailReader> {
  const tail = await TailReader.connect(organizationId, OF_INTEREST, headers);
  expect(await tail.next()).toMatchObject({ type: "hello" });
  await append(organizationId, { action: "of.interest", metadata: { id: crypto.randomUUID() } });
  expect(await tail.next()).toMatchObject({ events: [{ action: "of.interest" }] });
  return tail;
}

async function appendOfInterest(organizationId: string): Promise<void> {
  await append(organizationId, { action: "of.interest", metadata: { id: crypto.randomUUID() } });
}

test("of a key of the organization ends at once when the key is revoked, though nothing else happens", async () => {
  await append("org_revoked");
  const { id, headers } = await newKey("org_revoked");
  const tail = await follow("org_revoked", headers);
  const byTicket = await follow("org_revoked", await ticketFrom(headers, "org_revoked"));
  await tail.next();
  const bystander = await follow("org_revoked");
  expect((await call("DELETE", `/api_keys/${id}`)).status).toBe(204);
  expect(await tail.closed).toBe(ENDED);
  expect(await byTicket.closed).toBe(ENDED);
  await appendOfInterest("org_revoked");
  expect(await bystander.next()).toMatchObject({ events: [{ action: "of.interest" }] });
});

test("of a former text of a key ends when the key is rotated without overlap", async () => {
  await append("org_rotated");
  const { id, headers } = await newKey("org_rotated");
  const tail = await follow("org_rotated", headers);
  const rotated = await call("POST", `/api_keys/${id}/rotate`, { overlap_in_seconds: 0 });
  expect(await tail.closed).toBe(ENDED);
  await follow("org_rotated", bearer(rotated.body["key"]));
});

test("of a key of the environment is sent nothing 30 seconds after the key was revoked, and ends", async () => {
  const now = Date.now();
  await append("org_broad");
  const { id, headers } = await newKey();
  const tail = await follow("org_broad", headers);
  expect((await call("DELETE", `/api_keys/${id}`)).status).toBe(204);
  vi.useFakeTimers({ toFake: ["Date"], now: now + 31_000 });
  await appendOfInterest("org_broad");
  expect(await tail.closed).toBe(ENDED);
  expect(tail.unread).toEqual([]);
});

test("of a key that is valid goes on, asked or not, and after its object slept", async () => {
  const now = Date.now();
  await append("org_valid");
  const tail = await follow("org_valid", (await newKey()).headers);
  for (const passedMs of [0, 31_000, 62_000]) {
    vi.useFakeTimers({ toFake: ["Date"], now: now + passedMs });
    await appendOfInterest("org_valid");
    expect(await tail.next()).toMatchObject({ events: [{ action: "of.interest" }] });
  }
  await evictDurableObject(tenantLog("org_valid"));
  await appendOfInterest("org_valid");
  expect(await tail.next()).toMatchObject({ events: [{ action: "of.interest" }] });
});

test("that slept while its key was revoked ends before it is sent anything", async () => {
  await append("org_slept");
  const { id, headers } = await newKey();
  const tail = await follow("org_slept", headers);
  await evictDurableObject(tenantLog("org_slept"));
  await call("DELETE", `/api_keys/${id}`);
  await appendOfInterest("org_slept");
  expect(await tail.closed).toBe(ENDED);
  expect(tail.unread).toEqual([]);
});

test.each(["itself", "a ticket"])(
  "of a portal session, opened with %s, ends at once when its holder logs out",
  async (how) => {
    const organizationId = `org_logout_${how.length}`;
    await append(organizationId);
    const session = await newPortalSession(organizationId);
    const headers = how === "itself" ? session : await ticketFrom(session, organizationId);
    const tail = await follow(organizationId, headers);
    expect((await callAs(session, "DELETE", "/session")).status).toBe(204);
    expect(await tail.closed).toBe(ENDED);
  },
);
