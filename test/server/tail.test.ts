/** The live tail: what a reader is told, what it can ask, and what it is refused. */
import { describe, expect, onTestFinished, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { type Client, failureOf, parsed, type Query } from "./client.ts";
import { useServer } from "./server.ts";
import {
  connectTail,
  openTail,
  TAIL_PROTOCOL,
  type TailReader,
  TailRefused,
} from "./tail-reader.ts";

const server = useServer();
let organizations = 0;

/** An organization whose log holds `stored` events, and a tail of it. */
async function follow(
  stored: number,
  query: Query = {},
): Promise<{ client: Client; organization: string; tail: TailReader }> {
  const client = server.client();
  organizations++;
  const organization = `org_${organizations}`;
  await client.createOrganization(organization);
  for (let n = 1; n <= stored; n++) {
    await client.store(organization, makeEvent({ action: "stored" }), `stored-${n}`);
  }
  const tail = await openTail(client, organization, query);
  onTestFinished(() => tail.close());
  return { client, organization, tail };
}

function refusalOf(opening: Promise<TailReader>): Promise<TailRefused> {
  return opening.then(
    () => {
      throw new Error("The live tail was to be refused and was opened.");
    },
    (error: unknown) => {
      if (error instanceof TailRefused) {
        return error;
      }
      throw error;
    },
  );
}

describe("what a reader is told", () => {
  test("first the newest and the oldest seq, in the protocol that it offered", async () => {
    const { tail } = await follow(3);
    expect(tail.protocol).toBe(TAIL_PROTOCOL);
    expect(await tail.untilMessage("hello")).toEqual({ type: "hello", head: 3, oldest: 1 });
    expect(tail.messages[0]?.type).toBe("hello");
  });

  test("of an empty log, that its newest seq is 0", async () => {
    const { tail } = await follow(0);
    expect(await tail.untilMessage("hello")).toEqual({ type: "hello", head: 0, oldest: 1 });
  });

  test("the request id, as with every answer", async () => {
    const { tail } = await follow(0);
    expect(tail.handshake["x-request-id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test("events as they are stored, each as the API gives it, and none from before", async () => {
    const { client, organization, tail } = await follow(2);
    await tail.untilMessage("hello");
    const { id } = await client.store(organization, makeEvent({ action: "live" }));
    const [event] = await tail.untilEvents(1);
    const read = await client.get(`/audit_logs/events/${id}`, { organization_id: organization });
    expect(event).toEqual(parsed(read));
    expect(event).toMatchObject({ object: "audit_log_event", seq: 3, action: "live" });
  });

  test("a batch as it was stored, in order of seq", async () => {
    const { client, organization, tail } = await follow(0);
    const batch = Array.from({ length: 100 }, (_, n) => makeEvent({ metadata: { n } }));
    await client.storeBatch(organization, batch);
    const events = await tail.untilEvents(100);
    expect(events.map(({ metadata }) => metadata["n"])).toEqual(batch.map((_, n) => n));
  });

  test("nothing when an event was a replay", async () => {
    const { client, organization, tail } = await follow(1);
    await client.store(organization, makeEvent({ action: "stored" }), "stored-1");
    await client.store(organization, makeEvent({ action: "live" }));
    expect((await tail.untilEvents(1)).map(({ seq }) => seq)).toEqual([2]);
  });

  test("nothing of another organization", async () => {
    const { tail, organization, client } = await follow(0);
    await client.store(`${organization}_other`, makeEvent());
    await client.store(organization, makeEvent());
    expect((await tail.untilEvents(1)).map((event) => event.organization_id)).toEqual([
      organization,
    ]);
  });
});

describe("filters", () => {
  const wanted = makeEvent({
    action: "wanted",
    occurred_at: "2026-03-01T00:00:00.000Z",
    actor: { id: "user_w", type: "robot", name: "Wanted Name" },
    targets: [
      { id: "other", type: "other" },
      { id: "target_w", type: "folder" },
    ],
  });

  test.each<[string, Query]>([
    ["actions", { actions: ["other", "wanted"] }],
    ["actor_ids", { actor_ids: ["user_w"] }],
    ["actor_names", { actor_names: ["Wanted Name"] }],
    ["actor_types", { actor_types: ["robot"] }],
    ["target_ids", { target_ids: ["target_w"] }],
    ["target_types", { target_types: ["folder"] }],
    ["range", { range_start: "2026-03-01T00:00:00Z", range_end: "2026-03-01T00:00:00.001Z" }],
    ["all of them", { actions: ["wanted"], actor_ids: ["user_w"], target_types: ["folder"] }],
  ])("the query's %s select what is sent, stored and live", async (_, query) => {
    const { client, organization, tail } = await follow(1, { after: 0, ...query });
    await client.storeBatch(organization, [makeEvent(), wanted, makeEvent({ action: "last" })]);
    await client.storeBatch(organization, [
      makeEvent({ action: "one" }),
      { ...wanted, version: 1 },
    ]);
    await tail.untilEvents(2);
    const stored = await openTail(client, organization, { after: 0, ...query });
    onTestFinished(() => stored.close());
    expect((await stored.untilEvents(2)).map(({ seq }) => seq)).toEqual([3, 6]);
    expect(tail.events).toEqual(stored.events);
  });

  test("a filter message replaces the filter, from the next event on", async () => {
    const { client, organization, tail } = await follow(0, { actions: ["first"] });
    await tail.untilMessage("hello");
    await client.store(organization, makeEvent({ action: "second" }));
    await client.store(organization, makeEvent({ action: "first" }));
    await tail.untilEvents(1);

    const seen = tail.messages.length;
    tail.send({ type: "filter", actions: ["second"] });
    expect(await tail.untilMessage("hello", seen)).toMatchObject({ head: 2, oldest: 1 });
    await client.store(organization, makeEvent({ action: "first" }), "again");
    await client.store(organization, makeEvent({ action: "second" }), "again");
    await tail.untilEvents(2);
    expect(tail.events.map(({ action, seq }) => [action, seq])).toEqual([
      ["first", 2],
      ["second", 4],
    ]);
  });

  test("a filter message without a filter shows everything again", async () => {
    const { client, organization, tail } = await follow(0, { actions: ["first"] });
    await tail.untilMessage("hello");
    tail.send({ type: "filter" });
    await tail.untilMessage("hello", 1);
    await client.store(organization, makeEvent({ action: "second" }));
    expect((await tail.untilEvents(1)).map(({ action }) => action)).toEqual(["second"]);
  });
});

describe("messages", () => {
  test("ping is answered with pong", async () => {
    const { tail } = await follow(0);
    tail.send("ping");
    await tail.until("pong", () => tail.plain.includes("pong"));
    expect(tail.plain).toEqual(["pong"]);
  });

  test.each<[string, unknown]>([
    ["no JSON", "hello"],
    ["no object", "[]"],
    ["null", "null"],
    ["empty", ""],
    ["bytes", new Uint8Array([0xff, 0x00])],
    ["without a type", { actions: ["a"] }],
    ["of an unknown type", { type: "subscribe" }],
    ["a filter of the wrong type", { type: "filter", actions: "a" }],
    ["a filter with a bad time", { type: "filter", range_start: "yesterday" }],
    ["a filter that is too large", { type: "filter", actions: ["x".repeat(9_000)] }],
    ["a filter with too many values", { type: "filter", actor_ids: Array(101).fill("a") }],
    ["a filter with a name that is none", { type: "filter", action: ["a"] }],
    ["an ack that is no seq", { type: "ack", seq: -1 }],
  ])("one that is %s is answered with an error, and the tail goes on", async (_, message) => {
    const { client, organization, tail } = await follow(0, { actions: ["wanted"] });
    await tail.untilMessage("hello");
    if (message instanceof Uint8Array) {
      tail.sendBytes(message);
    } else {
      tail.send(message);
    }
    await tail.until("an answer", () => tail.messages.length > 1);
    expect(tail.messages[1]).toEqual({
      type: "error",
      code: expect.stringMatching(/^(invalid_request|payload_too_large)$/),
      message: expect.any(String),
    });

    await client.store(organization, makeEvent({ action: "unwanted" }));
    await client.store(organization, makeEvent({ action: "wanted" }));
    expect((await tail.untilEvents(1)).map(({ action }) => action)).toEqual(["wanted"]);
  });
});

describe("what is refused", () => {
  test("a request that is no WebSocket is 400", async () => {
    const answer = await server.client().get("/audit_logs/tail", { organization_id: "org_1" });
    expect(answer.status).toBe(400);
    expect(failureOf(answer)).toMatchObject({ code: "invalid_request" });
  });

  test.each<[string, Query, string]>([
    ["an unknown parameter", { action: "a" }, "action"],
    ["a misspelt place", { after: "-1" }, "after"],
    ["a place as a list", { after: ["0"] }, "after"],
    ["a bad time", { range_end: "tomorrow" }, "range_end"],
    [
      "a reversed range",
      { range_start: "2026-02-01T00:00:00Z", range_end: "2026-01-01T00:00:00Z" },
      "range_end",
    ],
  ])("%s is 400 and names the field", async (_, query, field) => {
    const { client, organization } = await follow(0);
    const { status, body } = await refusalOf(openTail(client, organization, query));
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ code: "invalid_request", errors: [{ field }] });
  });

  test.each([
    ["no key is 401", undefined, 401, "authentication_required"],
    ["a wrong key is 401", "Bearer rk_live_wrong", 401, "invalid_api_key"],
  ])("%s", async (_, authorization, status, code) => {
    const headers = authorization === undefined ? {} : { authorization };
    const query = { organization_id: "org_1" };
    const refusal = await refusalOf(connectTail(server.url, query, [TAIL_PROTOCOL], { headers }));
    expect(refusal.status).toBe(status);
    expect(JSON.parse(refusal.body)).toMatchObject({ code });
  });

  test("an organization that nobody knows is 404", async () => {
    const { status, body } = await refusalOf(openTail(server.client(), "org_nobody_knows"));
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ code: "not_found" });
  });

  test("a key in the URL lets nobody in", async () => {
    const { organization } = await follow(0);
    const query = { organization_id: organization, access_token: server.rootKey };
    expect((await refusalOf(connectTail(server.url, query, [TAIL_PROTOCOL]))).status).toBe(401);
  });
});
