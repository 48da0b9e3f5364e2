/** Users of an identity provider, with their tokens, from pages of another site. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { IdentityProvider, makeKey, type SigningKey } from "../support/identity-provider.ts";
import { accepted, failureOf, parsed } from "./client.ts";
import { startServer, useServer } from "./server.ts";
import { openTail } from "./tail-reader.ts";

const APP = "https://app.example.com";
const EMBEDDER = "https://other.example.com";

const server = useServer({ REKISHI_PRIVATE_ISSUERS: "true", REKISHI_ALLOWED_ORIGINS: EMBEDDER });

let key: SigningKey;
let provider: IdentityProvider;

/** An issuer whose tokens are those of Clerk: see docs/operating.md. */
function clerk(jwksUri: string) {
  return {
    issuer: provider.issuer,
    jwks_uri: jwksUri,
    authorized_parties: [APP],
    required_claims: ["sid"],
    organization_claim: "o.id",
    role_claim: "o.rol",
    role_map: { admin: "admin", auditor: "auditor", member: "viewer" },
    allowed_origins: [APP],
  };
}

/** What Clerk puts into a session token, version 2. */
function clerkClaims(organizationId: string, role: string): Record<string, unknown> {
  const o = { id: organizationId, rol: role, slg: "acme", per: "read" };
  return { v: 2, azp: APP, sid: "sess_1", sts: "active", fva: [0, -1], pla: "o:free", o };
}

async function user(organizationId: string, role: string, more: Record<string, unknown> = {}) {
  const claims = { ...clerkClaims(organizationId, role), ...more };
  return server.client(await provider.sign(key, claims));
}

beforeAll(async () => {
  key = await makeKey("RS256", "ins_1");
  provider = await IdentityProvider.start([key]);
  const root = server.client();
  accepted(await root.send("POST", "/token_issuers", clerk(provider.jwksUri)));
  await root.store("org_one", makeEvent({ action: "of.one" }));
  await root.store("org_two", makeEvent({ action: "of.two" }));
});

afterAll(() => provider.stop());

describe("a user of the identity provider", () => {
  test("reads the log of their organization, and no other", async () => {
    const viewer = await user("org_one", "member");
    const own = accepted<{ data: unknown[] }>(await viewer.get("/audit_logs/events"));
    expect(own.data).toMatchObject([{ action: "of.one" }]);
    expect((await viewer.search("org_two")).status).toBe(404);
    expect((await viewer.get("/session")).text).toContain('"role":"viewer"');
  });

  test.each([
    ["member", [200, 403, 403]],
    ["auditor", [200, 403, 403]],
    ["admin", [200, 200, 201]],
  ])("may do as %s what the role says", async (role, expected) => {
    const client = await user("org_one", role);
    const retention = { retention_period_in_days: 365 };
    const answers = [
      await client.search("org_one"),
      await client.send("PUT", "/organizations/org_one/audit_logs_retention", retention),
      await client.send("POST", "/api_keys", { name: "k", scopes: ["events:read"] }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(expected);
  });

  test("writes no events, makes no organizations and no token issuers, even as admin", async () => {
    const admin = await user("org_one", "admin");
    expect((await admin.append("org_one", makeEvent())).status).toBe(403);
    expect((await admin.send("POST", "/organizations", { name: "x" })).status).toBe(403);
    expect((await admin.send("POST", "/token_issuers", clerk(provider.jwksUri))).status).toBe(403);
    expect((await admin.get("/token_issuers")).status).toBe(403);
  });

  test("follows the live tail", async () => {
    const tail = await openTail(await user("org_one", "member"), "org_one", { actions: ["live"] });
    await server.client().store("org_one", makeEvent({ action: "live" }));
    await tail.untilEvents(1);
    tail.close();
    expect(tail.events).toMatchObject([{ action: "live" }]);
  });

  test("is on record with what they change", async () => {
    const admin = await user("org_one", "admin", { sub: "user_9", name: "Tanaka Yuki" });
    const path = "/organizations/org_one/audit_logs_retention";
    accepted(await admin.send("PUT", path, { retention_period_in_days: 400 }));
    const { data } = await admin.page("org_one", { actor_ids: ["user_9"] });
    expect(data).toMatchObject([{ actor: { id: "user_9", type: "user", name: "Tanaka Yuki" } }]);
  });

  test("without an organization or with an unknown role is told so", async () => {
    for (const claims of [{ o: undefined }, { o: { id: "org_one", rol: "owner" } }]) {
      const answer = await (await user("org_one", "admin", claims)).search("org_one");
      expect(answer.status).toBe(403);
      expect(failureOf(answer).message).toMatch(/'o\.(id|rol)'/);
    }
  });

  test("with a bad token is 401, and neither the answer nor the log holds the token", async () => {
    const past = Math.floor(Date.now() / 1_000) - 3_600;
    const tokens = [
      await provider.sign(key, { ...clerkClaims("org_one", "admin"), exp: past }),
      await provider.sign(key, { ...clerkClaims("org_one", "admin"), azp: "https://evil.test" }),
      `${await provider.sign(key, clerkClaims("org_one", "admin"))}x`,
    ];
    for (const token of tokens) {
      const answer = await server.client(token).search("org_one");
      expect(answer.status).toBe(401);
      expect(failureOf(answer).code).toBe("invalid_token");
      expect(answer.text).not.toContain(token.slice(0, 40));
      expect(server.output()).not.toContain(token.split(".")[1]);
    }
    const refusals = server.logs().filter(({ action }) => action === "auth.rejected");
    expect(refusals.length).toBeGreaterThanOrEqual(3);
    expect(new Set(refusals.map(({ level }) => level))).toEqual(new Set(["WARN"]));
  });

  test("whose provider has new keys is let in with them", async () => {
    const other = await IdentityProvider.start([key]);
    const input = { ...clerk(other.jwksUri), issuer: other.issuer };
    accepted(await server.client().send("POST", "/token_issuers", input));
    const rotated = await makeKey("EdDSA", "ins_2");
    other.publish(rotated);
    const token = await other.sign(rotated, clerkClaims("org_one", "member"));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.client(token).search("org_one")),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(other.requests).toBe(1);
    await other.stop();
  });

  test.each([
    ["is silent", { kind: "silence" }],
    ["redirects", { kind: "redirect" }],
    ["sends without end", { kind: "flood" }],
  ] as const)("whose provider %s is asked to come again", async (_, fault) => {
    const other = await IdentityProvider.start([key]);
    other.fault = fault;
    const input = { ...clerk(other.jwksUri), issuer: other.issuer };
    accepted(await server.client().send("POST", "/token_issuers", input));
    const token = await other.sign(key, clerkClaims("org_one", "member"));
    const answer = await server.client(token).search("org_one");
    expect(answer.status).toBe(502);
    expect(failureOf(answer).code).toBe("identity_provider_unavailable");
    expect(answer.headers.get("retry-after")).toBe("5");
    await other.stop();
  });
});

describe("token issuers", () => {
  test("are made, listed, shown and deleted; what is deleted lets nobody in", async () => {
    const root = server.client();
    const other = await IdentityProvider.start([key]);
    const input = { ...clerk(other.jwksUri), issuer: other.issuer };
    const made = parsed<{ id: string }>(await root.send("POST", "/token_issuers", input));
    expect(made).toMatchObject({ object: "token_issuer", ...input, audience: null });
    expect(parsed(await root.get(`/token_issuers/${made.id}`))).toEqual(made);
    const { data } = parsed<{ data: unknown[] }>(await root.get("/token_issuers", { limit: 100 }));
    expect(data).toContainEqual(made);
    expect((await root.send("POST", "/token_issuers", input)).status).toBe(409);

    const token = await other.sign(key, clerkClaims("org_one", "member"));
    expect((await server.client(token).search("org_one")).status).toBe(200);
    expect((await root.send("DELETE", `/token_issuers/${made.id}`)).status).toBe(204);
    expect((await server.client(token).search("org_one")).status).toBe(401);
    expect((await root.send("DELETE", `/token_issuers/${made.id}`)).status).toBe(404);
    expect((await root.get(`/token_issuers/${made.id}`)).status).toBe(404);
    await other.stop();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["for whom nobody is meant", { audience: null, authorized_parties: null }, "audience"],
    ["with an unknown role", { role_map: { admin: "owner" } }, "role_map.admin"],
    ["with keys that are not encrypted", { jwks_uri: "http://idp.example.com/jwks" }, "jwks_uri"],
    ["with keys in a file", { jwks_uri: "file:///etc/passwd" }, "jwks_uri"],
    ["with a password", { jwks_uri: "https://a:b@idp.example.com/jwks" }, "jwks_uri"],
    ["with an origin that is a page", { allowed_origins: [`${APP}/`] }, "allowed_origins[0]"],
    ["with every origin", { allowed_origins: ["*"] }, "allowed_origins[0]"],
    ["without the organization's claim", { organization_claim: undefined }, "organization_claim"],
  ])("are not made %s", async (_, change, field) => {
    const input = { ...clerk("https://idp.example.com/jwks"), issuer: "https://x.test", ...change };
    const answer = await server.client().send("POST", "/token_issuers", input);
    expect([400, 422]).toContain(answer.status);
    expect(failureOf(answer).errors?.[0]?.field).toBe(field);
  });

  test("are not made by a key that may do less than the roles that they give", async () => {
    const narrow = await server.client().withKey(["keys:write", "events:read"]);
    const input = { ...clerk("https://idp.example.com/jwks"), issuer: "https://y.test" };
    const answer = await narrow.send("POST", "/token_issuers", input);
    expect(answer.status).toBe(403);
    const viewers = { ...input, role_map: { member: "viewer" } };
    expect((await narrow.send("POST", "/token_issuers", viewers)).status).toBe(201);
  });

  test("at private addresses are out of reach unless a setting says otherwise", async () => {
    const strict = await startServer();
    const input = clerk(provider.jwksUri);
    const answer = await strict.client().send("POST", "/token_issuers", input);
    expect(answer.status).toBe(422);
    // An https address passes, as its name says nothing of where it leads; the connection is refused.
    const hidden = { ...input, jwks_uri: provider.jwksUri.replace("http:", "https:") };
    accepted(await strict.client().send("POST", "/token_issuers", hidden));
    const { connections } = provider;
    const token = await provider.sign(key, clerkClaims("org_one", "member"));
    expect((await strict.client(token).get("/session")).status).toBe(502);
    expect(provider.connections).toBe(connections);
  });
});

describe("a page of another site", () => {
  const preflight = (origin: string) =>
    server.client().send("OPTIONS", "/audit_logs/events", undefined, {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    });

  test.each([APP, EMBEDDER])("at %s may call the API with a token of its own", async (origin) => {
    const asked = await preflight(origin);
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe(origin);
    expect(asked.headers.get("access-control-allow-headers")).toMatch(/Authorization/);
    expect(asked.headers.get("access-control-max-age")).toBe("600");
    expect(asked.headers.get("access-control-allow-credentials")).toBeNull();

    const client = await user("org_one", "member");
    for (const path of ["/audit_logs/events", "/audit_logs/nothing"]) {
      const { headers } = await client.send("GET", path, undefined, { origin });
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      expect(headers.get("vary")).toMatch(/Origin/);
      const exposed = headers.get("access-control-expose-headers") ?? "";
      for (const name of ["X-Request-Id", "Retry-After", "RateLimit", "Idempotency-Replayed"]) {
        expect(exposed.split(",")).toContain(name);
      }
    }
  });

  test.each(["https://evil.test", "null", `${APP}.evil.test`, "http://app.example.com"])(
    "at %s may not",
    async (origin) => {
      const asked = await preflight(origin);
      const client = await user("org_one", "member");
      const answer = await client.send("GET", "/audit_logs/events", undefined, { origin });
      for (const { headers } of [asked, answer]) {
        const names = [...headers.keys()].filter((name) => name.startsWith("access-control-"));
        expect(names).toEqual([]);
        expect(headers.get("vary")).toMatch(/Origin/);
      }
    },
  );
});
