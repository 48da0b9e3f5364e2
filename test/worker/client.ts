/** A client of the Worker under test: HTTP calls with the root key, and a reader of the live tail. */
import { exports } from "cloudflare:workers";
import type { EventResource } from "../../src/contract/event.ts";
import type { TailServerMessage } from "../../src/contract/tail.ts";
import { makeEvent, type EventInput } from "../support/events.ts";

export const ROOT_KEY = "rk_root_test";

export const ORIGIN = "https://rekishi.test";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests read whatever the answer holds.
  readonly body: Record<string, unknown>;
}

export function call(method: string, path: string, body?: unknown): Promise<Answer> {
  return callAs({ authorization: `Bearer ${ROOT_KEY}` }, method, path, body);
}

/** A call with the credential that the headers hold, if they hold any. */
export async function callAs(
  headers: Readonly<Record<string, string>>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await exports.default.fetch(new URL(path, ORIGIN), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

export async function append(organizationId: string, input: EventInput = {}): Promise<Answer> {
  return call("POST", "/audit_logs/events", {
    organization_id: organizationId,
    event: makeEvent(input),
  });
}

export async function readAll(organizationId: string, query = ""): Promise<EventResource[]> {
  const path = `/audit_logs/events?organization_id=${organizationId}&limit=1000${query}`;
  return (await call("GET", path)).body["data"] as EventResource[];
}

/** A live tail: `next` gives the messages in order, one at a time. */
export class TailReader {
  readonly socket: WebSocket;
  /** The code with which the server closed. */
  readonly closed: Promise<number>;
  readonly #received: string[] = [];
  readonly #waiting: ((message: string) => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.accept();
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code }) => resolve(code));
    });
    socket.addEventListener("message", ({ data }) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) {
        this.#received.push(String(data));
      } else {
        waiting(String(data));
      }
    });
  }

  static async connect(
    organizationId: string,
    query = "",
    headers: Readonly<Record<string, string>> = { authorization: `Bearer ${ROOT_KEY}` },
  ): Promise<TailReader> {
    const path = `https://rekishi.test/audit_logs/tail?organization_id=${organizationId}${query}`;
    const response = await exports.default.fetch(path, {
      headers: { upgrade: "websocket", ...headers },
    });
    if (response.webSocket === null) {
      throw new Error(`No socket: ${response.status} ${await response.text()}`);
    }
    return new TailReader(response.webSocket);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** What came and nobody asked for. */
  get unread(): readonly string[] {
    return this.#received;
  }

  text(): Promise<string> {
    const received = this.#received.shift();
    return received === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(received);
  }

  async next(): Promise<TailServerMessage> {
    return JSON.parse(await this.text()) as TailServerMessage;
  }

  /** The seqs of the next message, which must be events. */
  async nextSeqs(): Promise<number[]> {
    const message = await this.next();
    if (message.type !== "events") {
      throw new Error(`Expected events, got ${JSON.stringify(message)}`);
    }
    return message.events.map(({ seq }) => seq);
  }
}
