/** What an application sees of failures on the way, and what the SDKs do about them by themselves. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { useServer } from "../server.ts";
import { target, thrownBy, VERSIONS, WorkOS11, WorkOS8 } from "./sdk.ts";

const server = useServer();

const EVENT = {
  action: "document.shared",
  occurredAt: new Date("2026-11-22T09:30:00.123Z"),
  actor: { id: "user_1", type: "user" },
  targets: [{ id: "document_1", type: "document" }],
  context: { location: "203.0.113.7" },
};

interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfter?: number;
}

const BUSY: Fault = { status: 502, code: "tenant_unavailable", message: "Busy.", retryAfter: 0 };
const LIMITED: Fault = {
  status: 429,
  code: "rate_limit_exceeded",
  message: "Too many.",
  retryAfter: 0,
};
const BUG: Fault = { status: 500, code: "internal_error", message: "A bug." };

/** A way to the real server on which the first requests meet a fault, in the shape that the server gives it. */
class FaultyWay {
  readonly #faults: Fault[];
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  /** The idempotency keys of all requests, in order. */
  readonly keys: (string | undefined)[] = [];

  constructor(faults: readonly Fault[]) {
    this.#faults = [...faults];
  }

  static async open(...faults: readonly Fault[]): Promise<FaultyWay> {
    const way = new FaultyWay(faults);
    await new Promise<void>((resolve) => {
      way.#http.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      way.#http.close();
      way.#http.closeAllConnections();
    });
    return way;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.keys.push(request.headers["idempotency-key"] as string | undefined);
    const body = Buffer.concat(await request.toArray());
    const fault = this.#faults.shift();
    if (fault !== undefined) {
      const { status, code, message, retryAfter } = fault;
      response.writeHead(status, {
        "content-type": "application/json",
        "x-request-id": "r-1",
        ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      });
      response.end(JSON.stringify({ code, message, request_id: "r-1" }));
      return;
    }
    const answer = await fetch(`${server.url}${request.url}`, {
      method: request.method ?? "GET",
      headers: request.headers as Record<string, string>,
      ...(body.byteLength === 0 ? {} : { body }),
    });
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(await answer.text());
  }
}

test.each(VERSIONS)(
  "@workos-inc/node %s sends an event again that met a busy log, and it is stored once",
  async (version, WorkOS) => {
    const way = await FaultyWay.open(BUSY, BUSY);
    await new WorkOS(server.rootKey, target(way)).auditLogs.createEvent(
      `org_busy_${version}`,
      EVENT,
    );
    expect(way.keys).toHaveLength(3);
    expect(new Set(way.keys).size).toBe(1);
    expect(await server.client().all(`org_busy_${version}`)).toHaveLength(1);
  },
);

test("@workos-inc/node 11.0.0 waits as Retry-After says and sends again what met a rate limit", async () => {
  const way = await FaultyWay.open(LIMITED);
  await new WorkOS11(server.rootKey, target(way)).auditLogs.createEvent("org_limited", EVENT);
  expect(way.keys).toHaveLength(2);
});

test("@workos-inc/node 8.13.0 shows a rate limit at once, as RateLimitExceededException", async () => {
  const way = await FaultyWay.open({ ...LIMITED, retryAfter: 7 });
  const call = new WorkOS8(server.rootKey, target(way)).auditLogs.createEvent("org_8", EVENT);
  expect(await thrownBy(call)).toMatchObject({
    name: "RateLimitExceededException",
    status: 429,
    message: "Too many.",
    retryAfter: 7,
  });
  expect(way.keys).toHaveLength(1);
});

test("@workos-inc/node 11.0.0 shows a rate limit that lasts as RateLimitExceededException", async () => {
  const way = await FaultyWay.open(LIMITED);
  const sdk = new WorkOS11(server.rootKey, { ...target(way), maxRetries: 0 });
  expect(await thrownBy(sdk.auditLogs.createEvent("org_11", EVENT))).toMatchObject({
    name: "RateLimitExceededException",
    message: "Too many.",
    requestID: "r-1",
  });
});

test.each(VERSIONS)(
  "@workos-inc/node %s shows a bug as GenericServerException, with its message",
  async (_, WorkOS) => {
    const way = await FaultyWay.open(BUG, BUG, BUG, BUG, BUG);
    const sdk = new WorkOS(server.rootKey, { ...target(way), maxRetries: 0 });
    const call = sdk.organizations.getOrganization("org_1");
    expect(await thrownBy(call)).toMatchObject({
      name: "GenericServerException",
      status: 500,
      message: "A bug.",
    });
  },
);
