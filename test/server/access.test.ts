/** Who gets in, and to what: keys, scopes, and the wall between organizations. */
import { beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { type Answer, type Client, failureOf, type KeyClient, parsed } from "./client.ts";
import { startServer, useServer } from "./server.ts";
import { openTail, TailRefused } from "./tail-reader.ts";

const server = useServer();

const SCOPES = [
  "events:write",
  "events:read",
  "exports:write",
  "schemas:write",
  "retention:write",
  "organizations:write",
  "keys:write",
  "portal:write",
  "metrics:read",
];

/** What a route needs, and how it is asked for an organization. */
interface Route {
  readonly name: string;
  readonly scope: string;
  readonly ask: (client: Client, organizationId: string) => Promise<Answer>;
}

/** Opens a tail and closes it again; a refusal is an answer like any other. */
async function askTail(client: Client, organizationId: string): Promise<Answer> {
  try {
    (await openTail(client, organizationId)).close();
    return { status: 200, headers: new Headers(), text: "{}" };
  } catch (error) {
    if (error instanceof TailRefused) {
      return { status: error.status, headers: new Headers(), text: error.body };
    }
    throw error;
  }
}

let eventId = "";
let keyOfOne: KeyClient;

/** What the document does not tell of as a route with a scope; `api/authorization.test.ts` has those that it does. */
const ROUTES: readonly Route[] = [
  {
    name: "POST /audit_logs/events/batch as NDJSON",
    scope: "events:write",
    ask: (client, id) =>
      client.send(
        "POST",
        `/audit_logs/events/batch?organization_id=${id}`,
        JSON.stringify(makeEvent()),
        { "content-type": "application/x-ndjson" },
      ),
  },
  { name: "GET /audit_logs/tail", scope: "events:read", ask: askTail },
];

/** The body less what differs between any two answers. */
function gist(answer: Answer, organizationId: string): string {
  return answer.text.replace(/"request_id":"[^"]*"/, "").replaceAll(organizationId, "organization");
}

beforeAll(async () => {
  const root = server.client();
  ({ id: eventId } = await root.store("org_one", makeEvent()));
  await root.store("org_two", makeEvent());
  keyOfOne = await root.withKey(SCOPES, "org_one");
});

describe.each(ROUTES)("$name", ({ scope, ask }) => {
  test("lets in a key of the organization and a key of the environment with the scope", async () => {
    const broad = await server.client().withKey([scope]);
    for (const client of [keyOfOne, broad]) {
      const { status } = await ask(client, "org_one");
      expect([200, 201]).toContain(status);
    }
  });

  test("is 404 for a key of another organization, as for one that does not exist", async () => {
    const foreign = await server.client().withKey(SCOPES, "org_two");
    const answer = await ask(foreign, "org_one");
    expect(answer.status).toBe(404);
    expect(failureOf(answer).code).toBe("not_found");
    const unknown = await ask(foreign, "org_nobody_knows");
    expect(gist(answer, "org_one")).toBe(gist(unknown, "org_nobody_knows"));
  });

  test("is 404 for an organization that nobody knows", async () => {
    const broad = await server.client().withKey([scope]);
    expect((await ask(broad, "org_nobody_knows")).status).toBe(404);
    expect((await ask(keyOfOne, "org_nobody_knows")).status).toBe(404);
  });

  test("is 403 for a key without the scope, and the answer names it", async () => {
    const others = SCOPES.filter((other) => other !== scope);
    const narrow = await server.client().withKey(others, "org_one");
    const answer = await ask(narrow, "org_one");
    expect(answer.status).toBe(403);
    expect(failureOf(answer)).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining(scope),
    });
  });

  test("is 401 for a key that is wrong", async () => {
    const answer = await ask(server.client("rk_live_wrong"), "org_one");
    expect(answer.status).toBe(401);
    expect(failureOf(answer).code).toBe("invalid_api_key");
  });
});

describe("a key of one organization", () => {
  test("lists its own organization and its own keys alone", async () => {
    const list = async (path: string) =>
      parsed<{ data: { id: string; organization_id?: string }[] }>(
        await keyOfOne.get(path, { limit: 100 }),
      ).data;
    expect((await list("/organizations")).map(({ id }) => id)).toEqual(["org_one"]);
    const owners = (await list("/api_keys")).map((key) => key.organization_id);
    expect(new Set(owners)).toEqual(new Set(["org_one"]));
  });

  test("cannot revoke a key of another organization", async () => {
    const victim = await server.client().withKey(["events:read"], "org_two");
    const answer = await keyOfOne.send("DELETE", `/api_keys/${victim.keyId}`);
    expect(answer.status).toBe(404);
    expect((await victim.search("org_two")).status).toBe(200);
  });

  test("cannot make organizations", async () => {
    const answer = await keyOfOne.send("POST", "/organizations", { name: "New" });
    expect(answer.status).toBe(403);
  });

  test("makes keys of its own organization, with no more scopes than its own", async () => {
    const [own] = [await server.client().withKey(["keys:write", "events:read"], "org_one")];
    const made = await own.withKey(["events:read"]);
    expect((await made.search("org_two")).status).toBe(404);
    expect((await made.search("org_one")).status).toBe(200);
    const excess = await own.send("POST", "/api_keys", { name: "k", scopes: ["events:write"] });
    expect(excess.status).toBe(403);
  });
});

test("an event of one organization is 404 in another", async () => {
  const path = `/audit_logs/events/${eventId}`;
  const answer = await server.client().get(path, { organization_id: "org_two" });
  expect(answer.status).toBe(404);
});

describe("what a client sends for the objects behind the router has no effect", () => {
  const HEADERS = {
    "x-partykit-room": "org_two",
    "x-partykit-namespace": "directory",
    "x-partykit-props": '{"organizationId":"org_two"}',
    "x-rekishi-organization": "org_two",
    "x-rekishi-tail": encodeURIComponent(JSON.stringify({ filter: {}, after: 0 })),
  };

  test("on a request", async () => {
    const body = { organization_id: "org_one", event: makeEvent({ action: "headers" }) };
    const path = "/audit_logs/events?_pk=org_two";
    const answer = await server.client().send("POST", path, body, HEADERS);
    expect(answer.status).toBe(200);
    const inTwo = await server.client().page("org_two", { actions: ["headers"] });
    expect(inTwo.data).toEqual([]);
    const inOne = await server.client().page("org_one", { actions: ["headers"] });
    expect(inOne.data).toHaveLength(1);
  });

  test("on a live tail", async () => {
    const query = { actions: ["tailed"] };
    const tail = await openTail(keyOfOne, "org_one", query, HEADERS);
    const root = server.client();
    await root.store("org_two", makeEvent({ action: "tailed" }));
    await root.store("org_one", makeEvent({ action: "tailed" }));
    await tail.untilEvents(1);
    tail.close();
    expect(tail.events.map((event) => event.organization_id)).toEqual(["org_one"]);
  });

  test("as the name of a connection, which is refused", async () => {
    const opening = openTail(keyOfOne, "org_one", { _pk: "same" });
    await expect(opening).rejects.toMatchObject({ status: 400 });
  });
});

describe("AUTO_CREATE_ORGANIZATIONS=false", () => {
  test("an unknown organization is 404 for its first event, until it was made", async () => {
    const strict = await startServer({ AUTO_CREATE_ORGANIZATIONS: "false" });
    const root = strict.client();
    const answers = [
      await root.append("org_new", makeEvent()),
      await root.appendBatch("org_new", [makeEvent()]),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers.map((answer) => failureOf(answer).code)).toEqual(["not_found", "not_found"]);
    expect((await root.get("/organizations/org_new")).status).toBe(404);

    await root.createOrganization("org_new");
    expect((await root.append("org_new", makeEvent())).status).toBe(200);
  });
});
