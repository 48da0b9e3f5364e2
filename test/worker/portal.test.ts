import { evictDurableObject, runInDurableObject } from "cloudflare:test";
/** Portal links and the sessions that they open, at an https address as in production. */
import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Answer, append, call, callAs, ORIGIN, TailReader } from "./client.ts";
import { directory, tenantLog } from "./objects.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FROM_PORTAL = { origin: ORIGIN };

beforeAll(async () => {
  await append("org_portal", { action: "mine" });
  await append("org_other", { action: "not mine" });
});

afterEach(() => {
  vi.useRealTimers();
});

function setTime(time: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: time });
}

/** The code in a new link. */
async function newCode(input: Record<string, unknown> = {}): Promise<string> {
  const body = { organization: "org_portal", intent: "audit_logs", ...input };
  const answer = await call("POST", "/portal/generate_link", body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  const link = new URL(String(answer.body["link"]));
  expect(`${link.origin}${link.pathname}${link.search}`).toBe(`${ORIGIN}/portal`);
  return link.hash.slice(1);
}

function open(code: string, headers: Record<string, string> = FROM_PORTAL): Promise<Answer> {
  return callAs(headers, "POST", "/portal/session", { code });
}

/** A session's cookie, as a browser sends it. */
async function newCookie(input: Record<string, unknown> = {}): Promise<string> {
  const answer = await open(await newCode(input));
  expect(answer.status).toBe(201);
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

const EVENTS = "/audit_logs/events";

describe("a portal link", () => {
  test("opens a session of its organization, and nothing else", async () => {
    const answer = await open(await newCode({ return_url: "https://app.example.com/settings" }));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      object: "session",
      organization_id: "org_portal",
      organization_name: "org_portal",
      role: "admin",
      scopes: ["events:read", "exports:write", "retention:write"],
      intent: "audit_logs",
      return_url: "https://app.example.com/settings",
    });
    expect(answer.body).not.toHaveProperty("token");
    const cookie = { cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
    const own = await callAs(cookie, "GET", `${EVENTS}?q=-action:rekishi.*`);
    expect(own.body["data"]).toMatchObject([{ action: "mine" }]);
    const other = await callAs(cookie, "GET", `${EVENTS}?organization_id=org_other`);
    expect(other.status).toBe(404);
    const session = await callAs(cookie, "GET", "/session");
    expect(session.body).toEqual(answer.body);
  });

  test("works once, and who comes second is told so", async () => {
    const code = await newCode();
    expect((await open(code)).status).toBe(201);
    const second = await open(code);
    expect(second.status).toBe(401);
    expect(second.body).toMatchObject({ code: "invalid_token", errors: [{ code: "used" }] });
    expect(second.headers.get("set-cookie")).toBeNull();
  });

  test("opens one session for many who come at the same time", async () => {
    const code = await newCode();
    const answers = await Promise.all(Array.from({ length: 8 }, () => open(code)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test("works for five minutes", async () => {
    const now = Date.now();
    const [early, late] = [await newCode(), await newCode()];
    setTime(now + 5 * MINUTE_MS - 1_000);
    expect((await open(early)).status).toBe(201);
    setTime(now + 5 * MINUTE_MS + 1_000);
    expect((await open(late)).body).toMatchObject({ errors: [{ code: "expired" }] });
  });

  test("that nobody made is refused", async () => {
    for (const code of [`rkp_${"a".repeat(30)}`, "", "x".repeat(5_000)]) {
      expect(await open(code)).toMatchObject({
        status: 401,
        body: { errors: [{ field: "code", code: "unknown" }] },
      });
    }
  });

  test("is not used up by opening it, only by the page's own POST", async () => {
    const code = await newCode();
    await callAs({}, "GET", `/portal/session?code=${code}`);
    const foreign = await open(code, {
      origin: "https://evil.test",
      "sec-fetch-site": "cross-site",
    });
    expect(foreign.status).toBe(403);
    expect((await open(code, {})).status).toBe(403);
    expect((await open(code)).status).toBe(201);
  });

  test("gives the role that it was made with, and the user's name to what they do", async () => {
    const cookie = await newCookie({ role: "viewer", user: { id: "user_7", name: "田中 ゆき" } });
    const session = await callAs({ cookie }, "GET", "/session");
    expect(session.body).toMatchObject({
      role: "viewer",
      scopes: ["events:read"],
      actor: { id: "user_7", type: "user", name: "田中 ゆき" },
    });
    const path = "/organizations/org_portal/audit_logs_retention";
    const body = { retention_period_in_days: 90 };
    const refused = await callAs({ cookie, ...FROM_PORTAL }, "PUT", path, body);
    expect(refused).toMatchObject({ status: 403, body: { code: "forbidden" } });
  });

  test.each([
    ["javascript:alert(1)"],
    ["http://app.example.com/"],
    ["http://localhost:3000/"],
    ["https://user:secret@app.example.com/"],
    ["//app.example.com"],
    ["/settings"],
    ["data:text/html,x"],
  ])("is not made with the return_url %s", async (return_url) => {
    const body = { organization: "org_portal", intent: "audit_logs", return_url };
    const answer = await call("POST", "/portal/generate_link", body);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "unprocessable_entity", errors: [{ field: "return_url" }] },
    });
  });

  test.each([
    ["an unknown organization", { organization: "org_nobody" }, 404],
    ["no organization", { organization: undefined }, 400],
    ["an intent that is not of a log", { intent: "sso" }, 400],
    ["an unknown role", { role: "owner" }, 400],
  ])("is not made for %s", async (_, input, status) => {
    const body = { organization: "org_portal", intent: "audit_logs", ...input };
    expect((await call("POST", "/portal/generate_link", body)).status).toBe(status);
  });

  test("takes what WorkOS's SDKs send", async () => {
    const code = await newCode({
      intent: "log_streams",
      success_url: "https://app.example.com/done",
      intent_options: { sso: {} },
      admin_emails: ["it@example.com"],
      it_contact_emails: ["it@example.com"],
    });
    expect((await open(code)).body).toMatchObject({ intent: "log_streams", return_url: null });
  });

  test("of a plain-HTTP server that is not this machine is refused, and the answer says what to set", async () => {
    const response = await exports.default.fetch("http://rekishi.test/portal/generate_link", {
      method: "POST",
      headers: { authorization: "Bearer rk_root_test" },
      body: JSON.stringify({ organization: "org_portal", intent: "audit_logs" }),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("REKISHI_PUBLIC_URL");
  });
});

describe("the session's cookie", () => {
  test("is bound to the host, encrypted, and out of reach of scripts and of other sites", async () => {
    const answer = await open(await newCode());
    expect(answer.headers.get("set-cookie")).toMatch(
      /^__Host-rekishi_session=rks_\w{30}; Max-Age=86400; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("is read under its own name only", async () => {
    const cookie = (await newCookie()).replace("__Host-", "");
    expect((await callAs({ cookie }, "GET", EVENTS)).status).toBe(401);
  });

  test("is not a bearer token", async () => {
    const token = (await newCookie()).split("=")[1] ?? "";
    const answer = await callAs({ authorization: `Bearer ${token}` }, "GET", EVENTS);
    expect(answer).toMatchObject({ status: 401, body: { code: "invalid_token" } });
  });

  test.each([
    ["of another site", { origin: "https://evil.test" }],
    [
      "of a neighbouring host",
      { origin: "https://app.rekishi.test", "sec-fetch-site": "same-site" },
    ],
    ["of no origin", { origin: "null", "sec-fetch-site": "cross-site" }],
    ["that says nothing of where it comes from", {}],
  ])("changes nothing in a request %s", async (_, headers: Record<string, string>) => {
    const cookie = await newCookie();
    const path = "/organizations/org_portal/audit_logs_retention";
    const body = { retention_period_in_days: 91 };
    const answer = await callAs({ cookie, ...headers }, "PUT", path, body);
    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const logout = await callAs({ cookie, ...headers }, "DELETE", "/session");
    expect(logout.status).toBe(403);
    expect((await callAs({ cookie, ...FROM_PORTAL }, "PUT", path, body)).status).toBe(200);
    const viaFetchMetadata = { cookie, "sec-fetch-site": "same-origin" };
    expect((await callAs(viaFetchMetadata, "PUT", path, body)).status).toBe(200);
  });

  test("opens a live tail for the portal's own page alone", async () => {
    const cookie = await newCookie();
    const socket = { cookie, upgrade: "websocket" };
    const foreign = await callAs(
      { ...socket, origin: "https://evil.test" },
      "GET",
      "/audit_logs/tail",
    );
    expect(foreign.status).toBe(403);
    const own = await exports.default.fetch(`${ORIGIN}/audit_logs/tail`, {
      headers: { ...socket, ...FROM_PORTAL },
    });
    expect(own.status).toBe(101);
    if (own.webSocket !== null) {
      const tail = new TailReader(own.webSocket);
      expect(await tail.next()).toMatchObject({ type: "hello" });
      tail.socket.close();
    }
  });
});

describe("a session", () => {
  test("ends with a logout at once, and can be ended twice", async () => {
    const cookie = await newCookie();
    expect((await callAs({ cookie }, "GET", EVENTS)).status).toBe(200);
    for (let time = 0; time < 2; time++) {
      const logout = await callAs({ cookie, ...FROM_PORTAL }, "DELETE", "/session");
      expect(logout.status).toBe(204);
      expect(logout.headers.get("set-cookie")).toContain("Max-Age=0");
    }
    expect((await callAs({ cookie }, "GET", EVENTS)).status).toBe(401);
  });

  test("ends after eight hours without use", async () => {
    const now = Date.now();
    const cookie = await newCookie();
    setTime(now + 8 * HOUR_MS + MINUTE_MS);
    expect((await callAs({ cookie }, "GET", EVENTS)).status).toBe(401);
  });

  test("that is used ends after 24 hours all the same", async () => {
    const now = Date.now();
    const cookie = await newCookie();
    for (let hours = 6; hours < 24; hours += 6) {
      setTime(now + hours * HOUR_MS);
      expect((await callAs({ cookie }, "GET", EVENTS)).status).toBe(200);
    }
    setTime(now + 24 * HOUR_MS + MINUTE_MS);
    expect((await callAs({ cookie }, "GET", EVENTS)).status).toBe(401);
  });

  test("as a token is for pages in other sites: an hour, no cookie, no page of ours needed", async () => {
    const now = Date.now();
    const opened = await callAs({ origin: "https://app.example.com" }, "POST", "/portal/session", {
      code: await newCode({ role: "viewer" }),
      as: "token",
    });
    expect(opened.status).toBe(201);
    expect(opened.headers.get("set-cookie")).toBeNull();
    const token = String(opened.body["token"]);
    const bearer = { authorization: `Bearer ${token}` };
    expect((await callAs(bearer, "GET", EVENTS)).status).toBe(200);
    expect(
      (await callAs({ cookie: `__Host-rekishi_session=${token}` }, "GET", EVENTS)).status,
    ).toBe(401);
    setTime(now + HOUR_MS + MINUTE_MS);
    expect((await callAs(bearer, "GET", EVENTS)).status).toBe(401);
  });

  test.each(["itself", "a ticket", "a ticket, and sleeps"])(
    "that opens a live tail with %s sees nothing that comes after its end",
    async (how) => {
      const now = Date.now();
      const organization = `org_tail_${how.length}`;
      await append(organization);
      const opened = await callAs({}, "POST", "/portal/session", {
        code: await newCode({ organization }),
        as: "token",
      });
      const bearer = { authorization: `Bearer ${String(opened.body["token"])}` };
      const ticket = await callAs(bearer, "POST", "/audit_logs/tail/tickets", {});
      const protocols = `rekishi.tail.v1, ${String(ticket.body["ticket"])}`;
      const headers = how === "itself" ? bearer : { "sec-websocket-protocol": protocols };
      const query = "&actions[]=of.interest";
      const tail = await TailReader.connect(organization, query, headers);
      expect(await tail.next()).toMatchObject({ type: "hello" });
      await append(organization, { action: "of.interest" });
      expect(await tail.next()).toMatchObject({ events: [{ action: "of.interest" }] });
      if (how.includes("sleeps")) {
        await evictDurableObject(tenantLog(organization));
      }
      setTime(now + HOUR_MS + MINUTE_MS);
      await append(organization, { action: "of.interest", metadata: { n: 2 } });
      expect(await tail.closed).toBe(4401);
      expect(tail.unread).toEqual([]);
    },
  );

  test("as a token can be ended", async () => {
    const opened = await callAs({}, "POST", "/portal/session", {
      code: await newCode(),
      as: "token",
    });
    const bearer = { authorization: `Bearer ${String(opened.body["token"])}` };
    expect((await callAs(bearer, "DELETE", "/session")).status).toBe(204);
    expect((await callAs(bearer, "GET", "/session")).status).toBe(401);
  });

  test("makes no credentials with which its holder could come again", async () => {
    const cookie = await newCookie({ role: "admin" });
    const headers = { cookie, ...FROM_PORTAL };
    const key = { name: "k", scopes: ["events:read"] };
    expect((await callAs(headers, "POST", "/api_keys", key)).status).toBe(403);
    const link = { intent: "audit_logs" };
    expect((await callAs(headers, "POST", "/portal/generate_link", link)).status).toBe(403);
  });
});

test("GET /session knows an API key too, and nobody without a credential", async () => {
  const { body } = await call("POST", "/api_keys", {
    name: "Reader",
    scopes: ["events:read"],
    organization_id: "org_portal",
  });
  const key = { authorization: `Bearer ${String(body["key"])}` };
  expect((await callAs(key, "GET", "/session")).body).toMatchObject({
    actor: { id: body["id"], type: "api_key" },
    organization_id: "org_portal",
    role: null,
    scopes: ["events:read"],
    expires_at: null,
  });
  expect((await callAs({}, "GET", "/session")).status).toBe(401);
});

test("neither codes nor tokens are in the Directory's database", async () => {
  const code = await newCode();
  const token = ((await newCookie()).split("=")[1] ?? "").slice(4);
  const stored = await runInDurableObject(directory(), (_, state) =>
    ["portal_link", "portal_session"].map((table) =>
      JSON.stringify(state.storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
    ),
  );
  expect(stored.join().length).toBeGreaterThan(200);
  expect(stored.join()).not.toContain(token);
  expect(stored.join()).not.toContain(code.slice(4));
});
