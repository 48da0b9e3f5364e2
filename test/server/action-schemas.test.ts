/** Schemas of actions: open until one is made, then locked, in versions that never change. */
import { beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, failureOf, parsed } from "./client.ts";
import { refusalIn, refusalOf } from "./refusal.ts";
import { startServer, useServer } from "./server.ts";

const server = useServer();

interface Schema {
  readonly object: string;
  readonly version: number;
  readonly targets: readonly { readonly type: string }[];
  readonly created_at: string;
}
interface List<T> {
  readonly data: readonly T[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}
interface Action {
  readonly name: string;
  readonly schema: Schema | null;
  readonly events?: number;
}

const DOCUMENT = { targets: [{ type: "document" }] };
const withPages = (rule: object) => ({
  ...DOCUMENT,
  metadata: { type: "object", properties: { pages: rule } },
});

function pathOf(action: string): string {
  return `/audit_logs/actions/${encodeURIComponent(action)}/schemas`;
}

async function createSchema(action: string, rules: object, from = server): Promise<Schema> {
  return accepted<Schema>(await from.client().send("POST", pathOf(action), rules));
}

beforeAll(() => server.client().createOrganization("org_1"));

describe("a schema", () => {
  test("is given back as it was sent, with its version", async () => {
    const rules = {
      actor: { metadata: { type: "object", properties: { role: { type: "string" } } } },
      targets: [
        { type: "document", metadata: { type: "object", properties: {} } },
        { type: "team" },
      ],
      metadata: { type: "object", properties: { pages: { type: "number" } } },
    };
    const created = await createSchema("schema.echo", rules);
    expect(created).toEqual({
      object: "audit_log_schema",
      version: 1,
      ...rules,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const list = await server.client().get(pathOf("schema.echo"));
    expect(parsed<List<Schema>>(list).data).toEqual([created]);
  });

  test("gets a new version each time, and all are listed, the newest first, page by page", async () => {
    for (let version = 1; version <= 3; version++) {
      expect((await createSchema("schema.versions", DOCUMENT)).version).toBe(version);
    }
    const page = async (query: Record<string, string | number>) =>
      parsed<List<Schema>>(await server.client().get(pathOf("schema.versions"), query));
    const first = await page({ limit: 2 });
    expect(first.data.map(({ version }) => version)).toEqual([3, 2]);
    const rest = await page({ limit: 2, after: first.list_metadata.after ?? "" });
    expect(rest.data.map(({ version }) => version)).toEqual([1]);
    expect(rest.list_metadata.after).toBeNull();
  });

  test("is made once by requests with one idempotency key", async () => {
    const send = () =>
      server.client().send("POST", pathOf("once"), DOCUMENT, { "idempotency-key": "key" });
    const first = accepted<Schema>(await send());
    expect(accepted<Schema>(await send())).toEqual(first);
    expect((await createSchema("once", DOCUMENT)).version).toBe(2);
  });

  test("binds the next event, and says which field broke which rule", async () => {
    await createSchema("schema.binds", withPages({ type: "number" }));
    const event = makeEvent({ action: "schema.binds", metadata: { pages: "many" } });
    const answer = await server.client().append("org_1", event);
    expect(refusalIn(answer)).toEqual({
      status: 400,
      code: "invalid_audit_log_event",
      fields: ["event.metadata.pages"],
    });
    expect(failureOf(answer).message).toBe(
      "'event.metadata.pages' must be a number (version 1 of the action's schema).",
    );
    await server.client().store("org_1", { ...event, metadata: { pages: 3 } });
  });

  test("refuses a whole batch for one event, and names that event", async () => {
    await createSchema("schema.batch", withPages({ type: "number" }));
    const event = (pages: number | string) =>
      makeEvent({ action: "schema.batch", metadata: { pages } });
    const answer = await server.client().appendBatch("org_batch", [event(1), event("x"), event(2)]);
    expect(refusalIn(answer).fields).toEqual(["events[1].metadata.pages"]);
    expect((await server.client().get("/organizations/org_batch")).status).toBe(404);
  });

  test("checks an event by the version that it names, and by the newest when it names none", async () => {
    await createSchema("schema.named", withPages({ type: "number" }));
    await createSchema("schema.named", withPages({ type: "string" }));
    const status = async (pages: number | string, version?: number) => {
      const event = makeEvent({ action: "schema.named", metadata: { pages } });
      const named = version === undefined ? event : { ...event, version };
      return (await server.client().append("org_1", named)).status;
    };
    expect(await status(1, 1)).toBe(200);
    expect(await status("x", 1)).toBe(400);
    expect(await status("x", 2)).toBe(200);
    expect(await status("x")).toBe(200);
    expect(await status(1)).toBe(400);
  });

  test("has no version but those that were made", async () => {
    await createSchema("schema.unknown", DOCUMENT);
    const event = makeEvent({ action: "schema.unknown", version: 2 });
    const answer = await server.client().append("org_1", event);
    expect(refusalIn(answer)).toMatchObject({ status: 400, fields: ["event.version"] });
  });

  test("is there after a restart, and binds", async () => {
    const own = await startServer();
    await createSchema("schema.kept", withPages({ type: "number" }), own);
    await own.kill();
    await own.start();
    const event = makeEvent({ action: "schema.kept", metadata: { pages: "x" } });
    expect((await own.client().append("org_1", event)).status).toBe(400);
  });

  test("works for an action with any characters in its name", async () => {
    const action = "文書/共有 %2F?#:";
    await createSchema(action, { targets: [{ type: "team" }] });
    const answer = await server.client().append("org_1", makeEvent({ action }));
    expect(refusalIn(answer).fields).toEqual(["event.targets[0].type"]);
    expect((await server.client().get(pathOf(action))).status).toBe(200);
  });

  test.each<[string, string, unknown, string]>([
    ["of an action of rekishi's own", "rekishi.x", DOCUMENT, "action"],
    ["of an action with 256 characters", "a".repeat(256), DOCUMENT, "action"],
    ["without targets", "schema.bad", {}, "targets"],
    ["with a target without a type", "schema.bad", { targets: [{}] }, "targets[0].type"],
    ["with a list as metadata", "schema.bad", { targets: [], metadata: [] }, "metadata"],
    [
      "with a misspelt rule",
      "schema.bad",
      withPages({ tyqe: "number" }),
      "metadata.properties.pages.tyqe",
    ],
    [
      "with a remote reference",
      "schema.bad",
      withPages({ $ref: "https://example.com" }),
      "metadata.properties.pages.$ref",
    ],
    [
      "with a pattern that can take for ever",
      "schema.bad",
      withPages({ pattern: "(a+)+$" }),
      "metadata.properties.pages.pattern",
    ],
  ])("%s is 422 and names the field", async (_, action, body, field) => {
    const refusal = await refusalOf(server.client(), { path: pathOf(action), body });
    expect(refusal).toEqual({ status: 422, code: "unprocessable_entity", fields: [field] });
  });

  test("that is too large is 413", async () => {
    const body = { targets: [], metadata: { description: "x".repeat(70_000) } };
    const refusal = await refusalOf(server.client(), { path: pathOf("schema.bad"), body });
    expect(refusal).toMatchObject({ status: 413, code: "payload_too_large" });
  });

  test("cannot be added with a key of one organization, because it holds for all", async () => {
    const own = await server.client().withKey(["schemas:write"], "org_1");
    const answer = await own.send("POST", pathOf("schema.own"), DOCUMENT);
    expect(refusalIn(answer)).toMatchObject({ status: 403, code: "forbidden" });
  });

  test("of an action that has none is 404", async () => {
    const refusal = await refusalOf(server.client(), {
      method: "GET",
      path: pathOf("schema.none"),
    });
    expect(refusal).toEqual({ status: 404, code: "not_found" });
  });

  test("is on record in the service's log, with who added it", async () => {
    await createSchema("schema.recorded", DOCUMENT);
    const lines = server.logs().filter(({ action }) => action === "rekishi.schema_created");
    expect(lines).toContainEqual(
      expect.objectContaining({
        userId: "root",
        metadata: expect.objectContaining({
          version: 1,
          targets: [{ id: "schema.recorded", type: "audit_log_action" }],
        }),
      }),
    );
  });
});

describe("an action without a schema", () => {
  test("is accepted, whatever version its events name", async () => {
    const event = makeEvent({ action: "open.accepted", version: 7 });
    await server.client().store("org_1", event);
    const [stored] = await server.client().all("org_1", { actions: ["open.accepted"] });
    expect(stored?.version).toBe(7);
  });

  test("is listed among the actions of the organization that has it, with how many events have it", async () => {
    const client = server.client();
    await client.storeBatch("org_open", [
      makeEvent({ action: "open.b" }),
      makeEvent({ action: "open.b", actor: { id: "2", type: "user" } }),
      makeEvent({ action: "open.a" }),
    ]);
    await createSchema("open.a", DOCUMENT);
    const actions = async (query: Record<string, string | number>) =>
      parsed<List<Action>>(await client.get("/audit_logs/actions", query));
    const all = (await actions({ organization_id: "org_open", limit: 100, order: "asc" })).data;
    const own = all.filter(({ name }) => name.startsWith("open."));
    expect(own).toMatchObject([
      { name: "open.a", events: 1, schema: { version: 1 } },
      { name: "open.b", events: 2, schema: null },
    ]);
    const everywhere = await actions({ limit: 100 });
    expect(everywhere.data.map(({ name }) => name)).not.toContain("open.b");
    expect(everywhere.data[0]).toMatchObject({ name: "open.a", schema: { version: 1 } });
  });

  test("is not shown to another organization", async () => {
    await server.client().store("org_secret", makeEvent({ action: "open.secret" }));
    const other = await server.client().withKey(["events:read"], "org_1");
    expect((await other.get("/audit_logs/actions", { limit: 100 })).text).not.toContain(
      "open.secret",
    );
    const query = { organization_id: "org_secret" };
    expect((await other.get("/audit_logs/actions", query)).status).toBe(404);
    expect((await other.get(`${pathOf("open.secret")}/inferred`, query)).status).toBe(404);
  });

  test("has a schema proposed from what was seen, which then binds", async () => {
    const client = server.client();
    const event = (n: number, metadata: Record<string, string | number>) =>
      makeEvent({ action: "open.locked", metadata: { n, ...metadata } });
    await client.storeBatch("org_1", [event(1, { note: "a" }), event(2, {})]);
    const answer = await client.get(`${pathOf("open.locked")}/inferred`, {
      organization_id: "org_1",
    });
    const proposal = accepted<{ events: number; schema: object }>(answer);
    expect(proposal).toMatchObject({
      object: "inferred_audit_log_schema",
      action: "open.locked",
      organization_id: "org_1",
      events: 2,
      schema: {
        targets: [{ type: "document" }],
        metadata: {
          properties: { n: { type: "number" }, note: { type: "string" } },
          required: ["n"],
        },
      },
    });
    await createSchema("open.locked", proposal.schema);
    await client.store("org_1", event(3, {}));
    const refused = await client.append("org_1", makeEvent({ action: "open.locked" }));
    expect(refusalIn(refused).fields).toEqual(["event.metadata.n"]);
  });

  test("that was never seen has no proposal: 404", async () => {
    const path = `${pathOf("open.unseen")}/inferred?organization_id=org_1`;
    const refusal = await refusalOf(server.client(), { method: "GET", path });
    expect(refusal).toEqual({ status: 404, code: "not_found" });
  });
});

test("REQUIRE_SCHEMAS=true refuses an action until it has a schema", async () => {
  const strict = await startServer({ REQUIRE_SCHEMAS: "true" });
  const client = strict.client();
  const event = makeEvent({ action: "strict.first" });
  const answer = await client.append("org_1", event);
  expect(refusalIn(answer)).toEqual({
    status: 400,
    code: "invalid_audit_log_event",
    fields: ["event.action"],
  });
  await createSchema("strict.first", DOCUMENT, strict);
  await client.store("org_1", event);
});
