/** API keys: what is no valid key, and when a key ends. */
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, failureOf, parsed } from "./client.ts";
import { useServer } from "./server.ts";

const server = useServer();

beforeAll(async () => {
  await server.client().store("org_1", makeEvent());
});

const READ = "/audit_logs/events?organization_id=org_1";

function readAs(authorization: string | undefined) {
  const headers = authorization === undefined ? {} : { authorization };
  return fetch(`${server.url}${READ}`, { headers });
}

/** The last character changed, so that the checksum does not fit. */
function mistyped(key: string): string {
  return key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
}

describe("401", () => {
  test.each<[string, (key: string) => string | undefined, string]>([
    ["no header", () => undefined, "authentication_required"],
    ["an empty header", () => "", "authentication_required"],
    ["a scheme without a key", () => "Bearer", "authentication_required"],
    ["another scheme", (key) => `Basic ${key}`, "authentication_required"],
    ["a key without a scheme", (key) => key, "authentication_required"],
    ["two keys", (key) => `Bearer ${key} ${key}`, "authentication_required"],
    ["a key that was mistyped", (key) => `Bearer ${mistyped(key)}`, "invalid_api_key"],
    ["a key in other case", (key) => `Bearer ${key.toUpperCase()}`, "invalid_api_key"],
    ["a part of a key", (key) => `Bearer ${key.slice(0, -3)}`, "invalid_api_key"],
    ["a part of the root key", () => `Bearer ${server.rootKey.slice(0, -1)}`, "invalid_api_key"],
    ["a very long key", (key) => `Bearer ${key.repeat(100)}`, "invalid_api_key"],
    ["a key of WorkOS", () => "Bearer sk_test_123", "invalid_api_key"],
  ])("for %s", async (_, header, code) => {
    const { key } = await server.client().withKey(["events:read"]);
    expect((await readAs(`Bearer ${key}`)).status).toBe(200);
    const answer = await readAs(header(key));
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code });
  });

  test("for a key that was revoked before it was ever used", async () => {
    const made = await server.client().withKey(["events:read"]);
    expect((await server.client().send("DELETE", `/api_keys/${made.keyId}`)).status).toBe(204);
    const answer = await made.search("org_1");
    expect(answer.status).toBe(401);
    expect(failureOf(answer).code).toBe("invalid_api_key");
    expect((await server.client().send("DELETE", `/api_keys/${made.keyId}`)).status).toBe(404);
  });

  test("for a key that has expired, even if it was used before", async () => {
    const expiresAt = Date.now() + 1_000;
    const input = {
      name: "short",
      scopes: ["events:read"],
      expires_at: new Date(expiresAt).toISOString(),
    };
    const made = await server.client().send("POST", "/api_keys", input);
    const client = server.client(parsed<{ key: string }>(made).key);
    expect((await client.search("org_1")).status).toBe(200);
    await pause(expiresAt - Date.now() + 1);
    expect((await client.search("org_1")).status).toBe(401);
  });
});

describe("a key", () => {
  test("is shown once, when it is made", async () => {
    const input = { name: "once", scopes: ["events:read"], organization_id: "org_1" };
    const made = await server.client().send("POST", "/api_keys", input);
    expect(made.status).toBe(201);
    const { key, ...rest } = parsed<{ key: string; id: string }>(made);
    expect(key).toMatch(/^rk_live_[0-9A-Za-z]{36}$/);
    expect(rest).toMatchObject({ object: "api_key", ...input, expires_at: null });

    const listed = await server.client().get("/api_keys", { limit: 100 });
    const { data } = accepted<{ data: { id: string }[] }>(listed);
    expect(data.find(({ id }) => id === rest.id)).toEqual(rest);
    expect(listed.text).not.toContain(key);
  });

  test("outlives a restart, and so does its end", async () => {
    const [kept, ended] = [
      await server.client().withKey(["events:read"]),
      await server.client().withKey(["events:read"]),
    ];
    expect((await ended.search("org_1")).status).toBe(200);
    await server.client().send("DELETE", `/api_keys/${ended.keyId}`);
    await server.restart();
    expect((await kept.search("org_1")).status).toBe(200);
    expect((await ended.search("org_1")).status).toBe(401);
  });
});
