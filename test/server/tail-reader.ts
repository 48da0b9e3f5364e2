/** A live tail as a client holds it: everything received in order, and ways to wait for more. */
import type { IncomingHttpHeaders } from "node:http";
import { type ClientOptions, WebSocket } from "ws";
import { type Client, type Query, queryText, type StoredEvent } from "./client.ts";

export const TAIL_PROTOCOL = "rekishi.tail.v1";
const DEADLINE_MS = 30_000;

export type TailMessage =
  | { readonly type: "hello"; readonly head: number; readonly oldest: number }
  | { readonly type: "events"; readonly events: readonly StoredEvent[] }
  | { readonly type: "skipped"; readonly from: number; readonly to: number }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** How a server refused to open a tail. */
export class TailRefused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`The live tail was refused: ${status} ${body}`);
    this.status = status;
    this.body = body;
  }
}

export class TailReader {
  readonly messages: TailMessage[] = [];
  readonly events: StoredEvent[] = [];
  /** Texts that are no JSON, such as `pong`. */
  readonly plain: string[] = [];
  readonly #socket: WebSocket;
  readonly #watchers = new Set<() => void>();
  #handshake: IncomingHttpHeaders = {};
  #closeCode: number | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.once("upgrade", ({ headers }) => {
      this.#handshake = headers;
    });
    socket.on("message", (data: Buffer) => this.#receive(data.toString("utf8")));
    socket.on("close", (code: number) => {
      this.#closeCode = code;
      this.#notify();
    });
    socket.on("error", () => socket.terminate());
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  /** The headers with which the server opened the tail. */
  get handshake(): IncomingHttpHeaders {
    return this.#handshake;
  }

  get isClosed(): boolean {
    return this.#closeCode !== undefined;
  }

  /** The code with which the connection ended (RFC 6455 §7.4.1). */
  get closeCode(): number | undefined {
    return this.#closeCode;
  }

  /** The last seq that was seen. */
  get position(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  /** Reads nothing from the connection any more, until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says goodbye, as a browser does when its page is closed. */
  close(): void {
    this.#socket.close();
  }

  untilClosed(): Promise<void> {
    return this.until("the end of the connection", () => this.isClosed);
  }

  /** Waits for so many events in all. */
  async untilEvents(count: number): Promise<readonly StoredEvent[]> {
    await this.until(`${count} events`, () => this.events.length >= count);
    return this.events;
  }

  /** Waits for the next message of a type, after those that `from` counts. */
  async untilMessage<Type extends TailMessage["type"]>(
    type: Type,
    from = 0,
  ): Promise<Extract<TailMessage, { type: Type }>> {
    const found = () => this.messages.slice(from).find((message) => message.type === type);
    await this.until(`a message of type ${type}`, () => found() !== undefined);
    return found() as Extract<TailMessage, { type: Type }>;
  }

  async until(what: string, isMet: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const check = (): void => {
      if (isMet()) {
        resolve(undefined);
      } else if (this.isClosed) {
        reject(new Error(`The live tail ended before ${what}.`));
      }
    };
    const timer = setTimeout(
      () => reject(new Error(`The live tail waited 30 s for ${what}.`)),
      DEADLINE_MS,
    );
    this.#watchers.add(check);
    check();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(check);
    }
  }

  #receive(text: string): void {
    if (text.startsWith("{")) {
      const message = JSON.parse(text) as TailMessage;
      this.messages.push(message);
      if (message.type === "events") {
        this.events.push(...message.events);
      }
    } else {
      this.plain.push(text);
    }
    this.#notify();
  }

  #notify(): void {
    for (const check of this.#watchers) {
      check();
    }
  }
}

/** Opens a tail with the client's key. */
export function openTail(
  client: Client,
  organizationId: string,
  query: Query = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<TailReader> {
  return connectTail(client.url, { organization_id: organizationId, ...query }, [TAIL_PROTOCOL], {
    headers: { authorization: `Bearer ${client.key}`, ...headers },
  });
}

/** Opens a tail with whatever is given; a refusal is thrown as `TailRefused`. */
export function connectTail(
  url: string,
  query: Query,
  protocols: readonly string[],
  options: ClientOptions = {},
): Promise<TailReader> {
  const address = `${url.replace("http", "ws")}/audit_logs/tail${queryText(query)}`;
  const socket = new WebSocket(address, [...protocols], options);
  const reader = new TailReader(socket);
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(reader));
    socket.once("error", reject);
    socket.once("unexpected-response", (_, response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => reject(new TailRefused(response.statusCode ?? 0, body)));
    });
  });
}
