/** Portal links as an application makes them and a browser opens them, on a machine's own plain-HTTP address. */
import { WorkOS as WorkOS11 } from "@workos-inc/node";
import { WorkOS as WorkOS8 } from "@workos-inc/node-8";
import { beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, type Answer, Client, failureOf, parsed } from "./client.ts";
import { startServer, useServer } from "./server.ts";

const server = useServer();
const RETURN_URL = "http://localhost:3000/settings/audit-logs";

beforeAll(async () => {
  await server.client().store("org_portal", makeEvent());
});

function codeIn(link: string): string {
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/portal#rkp_\w{30}$/);
  return new URL(link).hash.slice(1);
}

async function newCode(input: Record<string, unknown> = {}): Promise<string> {
  const body = { organization: "org_portal", intent: "audit_logs", ...input };
  const answer = await server.client().send("POST", "/portal/generate_link", body);
  return codeIn(accepted<{ link: string }>(answer).link);
}

/** A browser on a page of the server: it sends its cookie, and where it is. */
class Browser {
  #cookie = "";

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { origin: server.url, "sec-fetch-site": "same-origin", cookie: this.#cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const [cookie] = response.headers.getSetCookie();
    this.#cookie = cookie?.split(";")[0] ?? this.#cookie;
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Opens a link. */
  async enter(code: string): Promise<Answer> {
    return this.send("POST", "/portal/session", { code });
  }
}

describe("the WorkOS SDK makes a link that opens", () => {
  const options = () => ({ apiHostname: "127.0.0.1", port: server.port, https: false });
  const input = { organization: "org_portal", returnUrl: RETURN_URL };

  test.each([
    [
      "11.0.0",
      () =>
        new WorkOS11(server.rootKey, options()).adminPortal.generateLink({
          ...input,
          intent: "audit_logs",
          successUrl: "http://localhost:3000/done",
          adminEmails: ["it@example.com"],
        }),
    ],
    [
      "8.13.0",
      () =>
        new WorkOS8(server.rootKey, options()).portal.generateLink({
          ...input,
          intent: "audit_logs" as never,
          successUrl: "http://localhost:3000/done",
        }),
    ],
  ])("@workos-inc/node %s", async (_, generateLink) => {
    const { link } = await generateLink();
    const entered = await new Browser().enter(codeIn(link));
    expect(parsed(entered)).toMatchObject({
      organization_id: "org_portal",
      intent: "audit_logs",
      return_url: RETURN_URL,
    });
  });

  test("and learns what is wrong", async () => {
    const sdk = new WorkOS11(server.rootKey, options());
    const unknown = sdk.adminPortal.generateLink({ organization: "org_nobody" });
    await expect(unknown).rejects.toMatchObject({ name: "NotFoundException" });
    const sso = sdk.adminPortal.generateLink({ organization: "org_portal", intent: "sso" });
    await expect(sso).rejects.toMatchObject({ name: "BadRequestException" });
  });
});

test("the cookie works on this machine's plain-HTTP address, under a name of its own", async () => {
  const browser = new Browser();
  const entered = await browser.enter(await newCode());
  expect(entered.headers.get("set-cookie")).toMatch(
    /^rekishi_session=rks_\w{30}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  expect((await browser.send("GET", "/audit_logs/events")).status).toBe(200);
  expect((await browser.send("DELETE", "/session")).status).toBe(204);
  expect((await browser.send("GET", "/audit_logs/events")).status).toBe(401);
});

test("a session outlives a restart, and so does its end", async () => {
  const [kept, ended] = [new Browser(), new Browser()];
  await kept.enter(await newCode());
  await ended.enter(await newCode());
  const code = await newCode();
  await ended.send("DELETE", "/session");
  await server.restart();
  expect((await kept.send("GET", "/session")).status).toBe(200);
  expect((await ended.send("GET", "/session")).status).toBe(401);
  expect((await new Browser().enter(code)).status).toBe(201);
});

test("who made a link and who used it are events of the organization", async () => {
  await server.client().createOrganization("org_record");
  const maker = await server.client().withKey(["portal:write", "events:read"], "org_record");
  const user = { id: "user_7", name: "田中 ゆき" };
  const made = await maker.send("POST", "/portal/generate_link", { role: "auditor", user });
  const code = codeIn(accepted<{ link: string }>(made).link);
  const browser = new Browser();
  accepted(await browser.enter(code));
  expect((await new Browser().enter(code)).status).toBe(401);

  const events = await maker.all("org_record", { q: "action:rekishi.portal_*", order: "asc" });
  expect(events).toMatchObject([
    {
      action: "rekishi.portal_link_created",
      actor: { id: maker.keyId, type: "api_key" },
      targets: [{ type: "portal_link" }, { ...user, type: "user" }],
      metadata: { intent: "audit_logs", role: "auditor" },
    },
    {
      action: "rekishi.portal_link_used",
      actor: { ...user, type: "user" },
      targets: [{ type: "portal_link" }, { type: "portal_session" }],
      context: { location: "127.0.0.1" },
      metadata: { kind: "cookie" },
    },
  ]);
  const [link, used] = events.map(({ targets }) => (targets[0] as { id: string }).id);
  expect(used).toBe(link);
  expect(JSON.stringify(events)).not.toContain(code.slice(4));
});

test("neither codes nor tokens are in the log, and a refused code is a warning", async () => {
  const code = await newCode();
  const body = { code, as: "token" };
  const opened = await server.client("").send("POST", "/portal/session", body);
  const { token } = accepted<{ token: string }>(opened);
  expect((await server.client(token).search("org_portal")).status).toBe(200);
  expect((await new Browser().enter(code)).status).toBe(401);
  const isRefusal = ({ action, level }: Readonly<Record<string, unknown>>) =>
    action === "auth.rejected" && level === "WARN";
  await server.process.untilLogged(isRefusal);
  for (const secret of [code, token]) {
    expect(server.output()).not.toContain(secret.slice(4));
  }
});

test("REKISHI_PUBLIC_URL is where links lead, and makes the cookie that of an https host", async () => {
  const origin = "https://audit.example.com";
  const proxied = await startServer({ REKISHI_PUBLIC_URL: origin });
  await proxied.client().createOrganization("org_a");
  const input = { organization: "org_a", intent: "audit_logs" };
  const answer = await proxied.client().send("POST", "/portal/generate_link", input);
  const { link } = accepted<{ link: string }>(answer);
  expect(link).toMatch(/^https:\/\/audit\.example\.com\/portal#rkp_/);
  const body = { code: new URL(link).hash.slice(1) };
  const nobody = new Client(proxied.url, "");
  const direct = await nobody.send("POST", "/portal/session", body, { origin: proxied.url });
  expect(direct.status).toBe(403);
  const entered = await nobody.send("POST", "/portal/session", body, { origin });
  expect(entered.headers.get("set-cookie")).toMatch(/^__Host-rekishi_session=.*; Secure;/);
  // Behind a proxy no return to somebody's own machine makes sense.
  const local = { ...input, return_url: RETURN_URL };
  const refused = await proxied.client().send("POST", "/portal/generate_link", local);
  expect(failureOf(refused).errors?.[0]?.field).toBe("return_url");
});
