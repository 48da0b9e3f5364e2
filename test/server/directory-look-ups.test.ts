/** How often routers ask the Directory, and what goes on while it does not answer. */
import { connect } from "node:net";
import { beforeEach, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { startChangedServer } from "./changed-server.ts";
import { type Answer, type Client, failureOf, type KeyClient, parsed } from "./client.ts";

/**
 * The Directory counts what it is asked on the way of an event, and can be held or down. The clock stands still:
 * `POST /test?{"passMs":…,"mode":…}` moves it and sets the Directory's mode; the answer is what was asked.
 */
const WORKER = `
  import worker, { Directory as Real } from "./src/index.ts";
  export * from "./src/index.ts";
  let now = Date.now();
  Date.now = () => now;
  let mode = "up";
  let requests = 0;
  const asked = {};
  async function meet(name) {
    asked[name] = (asked[name] ?? 0) + 1;
    while (mode === "held") await scheduler.wait(5);
    if (mode === "down") throw Object.assign(new Error("Network connection lost."), { retryable: true });
  }
  export class Directory extends Real {
    async authenticate(hash) { await meet("authenticate"); return super.authenticate(hash); }
    async ensureOrganization(...rest) { await meet("ensureOrganization"); return super.ensureOrganization(...rest); }
    async schemaIndex(revision) { await meet("schemaIndex"); return super.schemaIndex(revision); }
  }
  export default {
    fetch(request, env, context) {
      const { pathname, search } = new URL(request.url);
      if (pathname !== "/test") {
        requests++;
        return worker.fetch(request, env, context);
      }
      const change = JSON.parse(decodeURIComponent(search.slice(1)) || "{}");
      now += change.passMs ?? 0;
      mode = change.mode ?? mode;
      return Response.json({ requests, asked });
    },
  };`;

interface State {
  readonly requests: number;
  readonly asked: Readonly<Record<string, number>>;
}

const ORGANIZATION = "org_looked_up";
const AT_ONCE = 25;

let root: Client;
let writer: KeyClient;

beforeEach(async () => {
  root = await startChangedServer(WORKER);
  await root.createOrganization(ORGANIZATION);
  writer = await root.withKey(["events:write"]);
});

async function change(what: { passMs?: number; mode?: "up" | "held" | "down" }): Promise<State> {
  const query = encodeURIComponent(JSON.stringify(what));
  return parsed<State>(await root.send("POST", `/test?${query}`));
}

/** What is asked while `body` runs. */
async function askedDuring(body: () => Promise<unknown>): Promise<State["asked"]> {
  const before = (await change({})).asked;
  await body();
  const after = (await change({})).asked;
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

function append(client: Client): Promise<Answer> {
  return client.append(ORGANIZATION, makeEvent());
}

/** All of them are in the router before the Directory gives its first answer. */
async function appendAtOnce(client: Client): Promise<Set<number>> {
  const { requests } = await change({ mode: "held" });
  const answers = Array.from({ length: AT_ONCE }, () => append(client));
  await untilReceived(requests + AT_ONCE);
  await change({ mode: "up" });
  return new Set((await Promise.all(answers)).map(({ status }) => status));
}

async function untilReceived(count: number): Promise<void> {
  while ((await change({})).requests < count) {
    // The next look is a request of its own.
  }
}

test("many requests with one key at once ask the Directory once, and not again for 30 seconds", async () => {
  const statuses: Set<number>[] = [];
  const burst = async () => statuses.push(await appendAtOnce(writer));
  const once = { authenticate: 1, ensureOrganization: 1, schemaIndex: 1 };
  expect(await askedDuring(burst)).toEqual(once);
  await change({ passMs: 29_999 });
  expect(await askedDuring(burst)).toEqual({});
  await change({ passMs: 1 });
  expect(await askedDuring(burst)).toEqual(once);
  expect(statuses).toEqual([new Set([200]), new Set([200]), new Set([200])]);
});

test("a key that nobody made is asked for once, too, however many requests bring it", async () => {
  await root.send("DELETE", `/api_keys/${writer.keyId}`);
  const burst = async () => expect(await appendAtOnce(writer)).toEqual(new Set([401]));
  expect(await askedDuring(burst)).toEqual({ authenticate: 1 });
  expect(await askedDuring(burst)).toEqual({});
});

test("while the Directory is down, keys that it confirmed in the last five minutes go on writing, and others are told to come again", async () => {
  const unseen = await root.withKey(["events:write"]);
  expect((await append(writer)).status).toBe(200);
  await change({ mode: "down", passMs: 5 * 60_000 });
  expect((await append(writer)).status).toBe(200);
  expect((await append(writer)).status).toBe(200);

  const elsewhere = await writer.append("org_not_seen", makeEvent());
  await change({ passMs: 1 });
  for (const refused of [await append(unseen), elsewhere, await append(writer)]) {
    expect(refused.status, refused.text).toBe(502);
    expect(failureOf(refused).code).toBe("directory_unavailable");
    expect(refused.headers.get("retry-after")).toBe("1");
  }

  await change({ mode: "up" });
  expect((await append(writer)).status).toBe(200);
  expect((await append(unseen)).status).toBe(200);
});

test("a Directory that never answers holds up no key that is known", async () => {
  expect((await append(writer)).status).toBe(200);
  await change({ mode: "held", passMs: 30_000 });
  const burst = Promise.all(Array.from({ length: AT_ONCE }, () => append(writer)));
  expect(new Set((await burst).map(({ status }) => status))).toEqual(new Set([200]));
});

test("when the client goes whose request asks the Directory, those who wait for the answer get one", async () => {
  const { requests } = await change({ mode: "held" });
  const { hostname, port } = new URL(root.url);
  const leaving = connect(Number(port), hostname);
  leaving.write(
    `GET /audit_logs/events HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${writer.key}\r\n\r\n`,
  );
  await untilReceived(requests + 1);
  const waiting = Promise.all([append(writer), append(writer)]);
  await untilReceived(requests + 3);
  leaving.destroy();
  await change({ mode: "up", passMs: 1_000 });
  expect((await waiting).map(({ status }) => status)).toEqual([200, 200]);
});
