/**
 * The live tail as the browser follows it: connects with a single-use ticket, and after a break connects again from
 * where it was, so that no event is lost or comes twice. It gives up only when the server says that it may not.
 */
import type { EventResource } from "../../contract/event.ts";
import type { TailServerMessage } from "../../contract/tail.ts";
import { type Api, queryString } from "./client.ts";
import { issueTailTicket } from "./events.ts";
import type { ApiFailure } from "./failure.ts";

const PROTOCOL = "rekishi.tail.v1";
const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const PING_MS = 15_000;
/** No answer to a ping for this long means that the connection is gone, whatever the browser thinks. */
const SILENCE_MS = 10_000;

export type TailState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** Broken since `since`; tried again at `retryAt`. In milliseconds since the epoch. */
  | { readonly kind: "broken"; readonly since: number; readonly retryAt: number }
  | { readonly kind: "refused"; readonly failure: ApiFailure };

export interface TailListener {
  readonly onState: (state: TailState) => void;
  /** Connected. `head` is the newest seq; with `after`, what follows that one comes first. */
  readonly onHello: (head: number, after: number | undefined) => void;
  readonly onEvents: (events: readonly EventResource[]) => void;
  readonly onSkipped: (from: number, to: number) => void;
}

export interface TailOptions {
  readonly api: Api;
  readonly organizationId: string;
  readonly q: string;
}

export class TailSocket {
  readonly #options: TailOptions;
  readonly #listener: TailListener;
  /** The last seq that is dealt with; undefined before the first connection. */
  #position: number | undefined;
  #socket: WebSocket | undefined;
  #attempts = 0;
  #brokenSince: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pinging: ReturnType<typeof setInterval> | undefined;
  #isStopped = false;

  constructor(options: TailOptions, listener: TailListener) {
    this.#options = options;
    this.#listener = listener;
  }

  start(): void {
    addEventListener("online", this.retryNow);
    void this.#connect();
  }

  stop(): void {
    this.#isStopped = true;
    removeEventListener("online", this.retryNow);
    clearTimeout(this.#timer);
    this.#leave();
  }

  /** Tells the server that everything up to this seq is dealt with, so that it sends as fast as it is read. */
  acknowledge(seq: number): void {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ type: "ack", seq }));
    }
  }

  /** Does not wait for the next attempt, if one is waited for. */
  readonly retryNow = (): void => {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      void this.#connect();
    }
  };

  async #connect(): Promise<void> {
    const { api, organizationId, q } = this.#options;
    this.#timer = undefined;
    if (this.#brokenSince === undefined) {
      this.#listener.onState({ kind: "connecting" });
    }
    const ticket = await issueTailTicket(api, organizationId);
    if (this.#isStopped) {
      return;
    }
    if (!ticket.ok) {
      this.#onRefusal(ticket.failure);
      return;
    }
    const after = this.#position;
    const query = queryString({ organization_id: organizationId, q, after });
    const url = `${location.origin.replace(/^http/, "ws")}/audit_logs/tail${query}`;
    this.#follow(new WebSocket(url, [PROTOCOL, ticket.value.ticket]), after);
  }

  #follow(socket: WebSocket, after: number | undefined): void {
    this.#socket = socket;
    let heardAt = Date.now();
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      heardAt = Date.now();
      if (data !== "pong") {
        this.#onMessage(JSON.parse(data) as TailServerMessage, after);
      }
    };
    socket.onclose = () => this.#onBreak(socket);
    this.#pinging = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) {
        socket.send("ping");
      }
      setTimeout(() => {
        if (Date.now() - heardAt > SILENCE_MS) {
          socket.close();
          this.#onBreak(socket);
        }
      }, SILENCE_MS);
    }, PING_MS);
  }

  #onMessage(message: TailServerMessage, after: number | undefined): void {
    switch (message.type) {
      case "hello":
        this.#attempts = 0;
        this.#brokenSince = undefined;
        this.#position ??= message.head;
        this.#listener.onState({ kind: "live" });
        this.#listener.onHello(message.head, after);
        break;
      case "events":
        this.#position = message.events.at(-1)?.seq ?? this.#position;
        this.#listener.onEvents(message.events);
        break;
      case "skipped":
        this.#position = message.to;
        this.#listener.onSkipped(message.from, message.to);
        break;
      default:
        // What was sent is only what the server reads, so there is nothing to mend.
        break;
    }
  }

  /** Authorization does not come back by waiting; everything else may. */
  #onRefusal(failure: ApiFailure): void {
    if (failure.kind === "refused" && failure.status !== undefined && failure.status < 429) {
      this.#listener.onState({ kind: "refused", failure });
    } else {
      this.#wait();
    }
  }

  #onBreak(socket: WebSocket): void {
    if (socket === this.#socket && !this.#isStopped) {
      this.#leave();
      this.#wait();
    }
  }

  #wait(): void {
    const now = Date.now();
    this.#brokenSince ??= now;
    const step = BACKOFF_MS[Math.min(this.#attempts, BACKOFF_MS.length - 1)] ?? 0;
    this.#attempts++;
    // Not all readers of a server that restarts should come back in the same moment.
    const delay = step * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.#connect(), delay);
    this.#listener.onState({ kind: "broken", since: this.#brokenSince, retryAt: now + delay });
  }

  #leave(): void {
    clearInterval(this.#pinging);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }
}
