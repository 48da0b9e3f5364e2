/** A key's life after it was made: seen, rotated, ended, and by whom. */
import { beforeAll, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, failureOf, type KeyClient, parsed } from "./client.ts";
import { useServer } from "./server.ts";

const server = useServer();
const root = () => server.client();

interface Key {
  readonly id: string;
  readonly key: string;
  readonly last_used_at: string | null;
  readonly former_key_expires_at: string | null;
}

beforeAll(async () => {
  await root().store("org_1", makeEvent());
  await root().store("org_2", makeEvent());
});

async function rotated(key: KeyClient, body?: unknown): Promise<Key> {
  return accepted<Key>(await root().send("POST", `/api_keys/${key.keyId}/rotate`, body));
}

const status = async (key: string) => (await server.client(key).search("org_1")).status;

test("a key is given a new text, and the former works on for a day unless told otherwise", async () => {
  const made = await root().withKey(["events:read"], "org_1");
  const { key, ...rest } = await rotated(made);
  expect(key).toMatch(/^rk_live_[0-9A-Za-z]{36}$/);
  expect(rest.id).toBe(made.keyId);
  const left = Date.parse(rest.former_key_expires_at ?? "") - Date.now();
  expect(left / 3_600_000).toBeCloseTo(24, 1);
  expect([await status(made.key), await status(key)]).toEqual([200, 200]);
  expect(await root().all("org_1", { q: "action:rekishi.api_key_rotated" })).toMatchObject([
    {
      actor: { id: "root" },
      targets: [{ id: made.keyId }],
      metadata: { former_key_expires_at: rest.former_key_expires_at },
    },
  ]);
});

test("a former text ends at once when there is no overlap, also where it was just used", async () => {
  const made = await root().withKey(["events:read"]);
  expect(await status(made.key)).toBe(200);
  const { key } = await rotated(made, { overlap_in_seconds: 0 });
  expect([await status(made.key), await status(key)]).toEqual([401, 200]);
});

test("a revoked key ends at once on a server of one's own", async () => {
  const made = await root().withKey(["events:read"]);
  expect(await status(made.key)).toBe(200);
  await root().send("DELETE", `/api_keys/${made.keyId}`);
  expect(await status(made.key)).toBe(401);
  for (const [method, path] of [
    ["GET", ""],
    ["POST", "/rotate"],
  ] as const) {
    expect((await root().send(method, `/api_keys/${made.keyId}${path}`)).status).toBe(404);
  }
});

test("a key says when it was used last", async () => {
  const made = await root().withKey(["events:read"]);
  const path = `/api_keys/${made.keyId}`;
  expect(parsed<Key>(await root().get(path)).last_used_at).toBeNull();
  await made.search("org_1");
  const { last_used_at } = parsed<Key>(await root().get(path));
  expect(Date.now() - Date.parse(last_used_at ?? "")).toBeLessThan(60_000);
});

test("nobody comes by a key that may do more than their own", async () => {
  const strong = await root().withKey(["keys:write", "events:write"]);
  const weak = await root().withKey(["keys:write", "events:read"]);
  const answer = await weak.send("POST", `/api_keys/${strong.keyId}/rotate`);
  expect(answer.status).toBe(403);
  expect(failureOf(answer).message).toContain("events:write");
  expect((await root().send("POST", `/api_keys/${weak.keyId}/rotate`)).status).toBe(200);
});

test("keys of an organization are listed by it, and are nobody else's to see", async () => {
  const one = await root().withKey(["events:read"], "org_1");
  const two = await root().withKey(["keys:write", "events:read"], "org_2");
  const list = await root().get("/api_keys", { organization_id: "org_2", limit: 100 });
  const { data } = accepted<{ data: { id: string; organization_id: string }[] }>(list);
  expect(data.map(({ id }) => id)).toContain(two.keyId);
  expect(new Set(data.map(({ organization_id }) => organization_id))).toEqual(new Set(["org_2"]));
  const attempts = [
    await two.get("/api_keys", { organization_id: "org_1" }),
    await two.get(`/api_keys/${one.keyId}`),
    await two.send("POST", `/api_keys/${one.keyId}/rotate`),
    await two.send("DELETE", `/api_keys/${one.keyId}`),
    await root().get("/api_keys", { organization_id: "org_nobody" }),
  ];
  expect(attempts.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404]);
  expect(await status(one.key)).toBe(200);
});

test.each([
  ["a negative overlap", { overlap_in_seconds: -1 }],
  ["an overlap of more than 30 days", { overlap_in_seconds: 30 * 24 * 60 * 60 + 1 }],
  ["an overlap that is no number", { overlap_in_seconds: "1h" }],
])("%s is refused, and the key stays as it is", async (_, body) => {
  const made = await root().withKey(["events:read"]);
  const answer = await root().send("POST", `/api_keys/${made.keyId}/rotate`, body);
  expect(answer.status).toBe(400);
  expect(failureOf(answer).errors).toMatchObject([{ field: "overlap_in_seconds" }]);
  expect(await status(made.key)).toBe(200);
});
