/** What the server writes to its log, and what it never writes there. */
import { describe, expect, onTestFinished, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { parsed } from "./client.ts";
import type { LogLine } from "./server-process.ts";
import { type Server, startServer, useServer } from "./server.ts";
import { connectTail, openTail, TAIL_PROTOCOL } from "./tail-reader.ts";

const server = useServer();

/** The log line of one request, found by the id that its answer carries. */
function lineOf(of: Server, answer: { headers: Headers }): Promise<LogLine> {
  const requestId = answer.headers.get("x-request-id");
  return of.process.untilLogged((line) => line["requestId"] === requestId);
}

describe("one line for each request", () => {
  test("an accepted event is logged with who, where, how long and how it went", async () => {
    const answer = await server.client().append("org_logged", makeEvent());
    expect(await lineOf(server, answer)).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: "INFO",
      service: "router",
      requestId: answer.headers.get("x-request-id"),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      userId: "root",
      action: "http.request",
      metadata: {
        method: "POST",
        route: "/audit_logs/events",
        status: 200,
        durationMs: expect.any(Number),
        outcome: "success",
        organizationId: "org_logged",
      },
    });
  });

  test("a request is logged once", async () => {
    const client = server.client();
    const answers = [await client.search("org_logged"), await client.search("org_logged")];
    for (const answer of answers) {
      await lineOf(server, answer);
    }
    const ids = server.logs().map((line) => line["requestId"]);
    for (const answer of answers) {
      expect(ids.filter((id) => id === answer.headers.get("x-request-id"))).toHaveLength(1);
    }
  });

  test("a failure is logged with its status and code, the route without its values", async () => {
    const path = "/organizations/org_logged/audit_logs_retention";
    const answer = await server.client().send("PUT", path, { retention_period_in_days: 1 });
    expect(await lineOf(server, answer)).toMatchObject({
      metadata: {
        route: "/organizations/:id/audit_logs_retention",
        status: 422,
        outcome: "failure",
        code: "unprocessable_entity",
        organizationId: "org_logged",
      },
    });
  });

  test("a request without a valid key is logged as a warning and names nobody", async () => {
    const line = await lineOf(server, await server.client("rk_live_wrong").get("/organizations"));
    expect(line).toMatchObject({ level: "WARN", metadata: { status: 401 } });
    expect(line).not.toHaveProperty("userId");
  });

  test("the trace of the caller is joined", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    const answer = await server.client().send("GET", "/health", undefined, { traceparent });
    expect(await lineOf(server, answer)).toMatchObject({ traceId });
  });

  test("a live tail is logged when it opens", async () => {
    const tail = await openTail(server.client(), "org_logged");
    onTestFinished(() => tail.close());
    const isTail = (line: LogLine) => JSON.stringify(line).includes('"/audit_logs/tail"');
    expect(await server.process.untilLogged(isTail)).toMatchObject({
      metadata: { status: 101, outcome: "success", organizationId: "org_logged" },
    });
  });
});

describe("the dialects of log collectors", () => {
  test("REKISHI_LOG_FORMAT=google has the special fields of Google Cloud", async () => {
    const google = await startServer({ REKISHI_LOG_FORMAT: "google" });
    const refused = await google.client("wrong").get("/organizations");
    const line = await lineOf(google, refused);
    expect(line).toMatchObject({
      severity: "WARNING",
      time: expect.stringMatching(/Z$/),
      "logging.googleapis.com/trace": expect.stringMatching(/^[0-9a-f]{32}$/),
      "logging.googleapis.com/spanId": expect.stringMatching(/^[0-9a-f]{16}$/),
      message: "GET /organizations 401",
      metadata: { status: 401 },
    });
    expect(line).not.toHaveProperty("level");
  });

  test("REKISHI_LOG_FORMAT=datadog has the standard attributes of Datadog", async () => {
    const datadog = await startServer({ REKISHI_LOG_FORMAT: "datadog" });
    const line = await lineOf(datadog, await datadog.client().get("/organizations"));
    expect(line).toMatchObject({
      status: "info",
      date: expect.stringMatching(/Z$/),
      "dd.trace_id": expect.stringMatching(/^[0-9a-f]{32}$/),
      "dd.span_id": expect.stringMatching(/^[0-9a-f]{16}$/),
      usr: { id: "root" },
      service: "router",
      metadata: { status: 200 },
    });
    expect(line).not.toHaveProperty("level");
  });

  test("REKISHI_LOG_LEVEL=warn leaves out what went well", async () => {
    const quiet = await startServer({ REKISHI_LOG_LEVEL: "warn" });
    await quiet.client().get("/organizations");
    await lineOf(quiet, await quiet.client("wrong").get("/organizations"));
    expect(quiet.logs().map((line) => line["level"])).toEqual(["WARN"]);
  });
});

describe("secrets", () => {
  async function ticketOf(secretServer: Server): Promise<string> {
    const answer = await secretServer.client().send("POST", "/audit_logs/tail/tickets", {
      organization_id: "org_1",
    });
    return parsed<{ ticket: string }>(answer).ticket;
  }

  test("no root key, API key or ticket is ever in the log, wherever a client puts it", async () => {
    const rootKey = "rk_root_a-secret_of-the-operator";
    const secretive = await startServer({
      REKISHI_ROOT_KEY: rootKey,
      REKISHI_LOG_LEVEL: "debug",
    });
    const root = secretive.client();
    await root.createOrganization("org_1");
    const { key } = await root.withKey(["events:write", "events:read"]);
    const [used, misplaced] = [await ticketOf(secretive), await ticketOf(secretive)];
    const tail = await connectTail(secretive.url, { organization_id: "org_1" }, [
      TAIL_PROTOCOL,
      used,
    ]);
    onTestFinished(() => tail.close());

    let last = await root.get("/health");
    for (const secret of [rootKey, key, misplaced]) {
      const client = secretive.client(secret);
      await client.append("org_1", makeEvent());
      await client.append("org_1", { ...makeEvent(), action: 7 }, secret);
      await client.get(`/audit_logs/events/${secret}?organization_id=org_1`);
      await client.get(`/organizations/${secret}`);
      await client.get(`/${secret}`, { [secret]: secret });
      await client.send("GET", "/health", undefined, { traceparent: secret, cookie: secret });
      await client.send("DELETE", `/api_keys/${secret}`);
      last = await client.send("POST", "/organizations", { id: secret, name: secret });
    }
    await lineOf(secretive, last);

    const output = secretive.output();
    for (const secret of [rootKey, key, used, misplaced]) {
      expect(output).not.toContain(secret);
      expect(output).not.toContain(secret.slice(8));
    }
  });
});
