/** The live tail: a WebSocket on which the server pushes every event as soon as it is stored. */
import { WebSocket } from "ws";
import type { EventResource } from "../../src/contract/event.ts";
import { TAIL_PROTOCOL, type TailServerMessage } from "../../src/contract/tail.ts";
import { DemoError } from "./demo-error.ts";
import type { Server } from "./server.ts";

const HELLO_TIMEOUT_MS = 5_000;

export interface Tail {
  readonly close: () => void;
}

/** Follows the events of one organization. Resolves when the server has said hello: from then on none is missed. */
export function followTail(
  server: Server,
  organizationId: string,
  onEvent: (event: EventResource) => void,
): Promise<Tail> {
  const socket = new WebSocket(tailUrl(server, organizationId), TAIL_PROTOCOL, {
    headers: { authorization: `Bearer ${server.key}` },
    handshakeTimeout: HELLO_TIMEOUT_MS,
  });
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      socket.terminate();
      reject(new DemoError(`the live tail of ${organizationId} did not open: ${reason}.`));
    };
    const timer = setTimeout(() => fail("the server did not say hello"), HELLO_TIMEOUT_MS);
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as TailServerMessage;
      if (message.type === "hello") {
        clearTimeout(timer);
        resolve({ close: () => socket.close(1_000) });
      } else if (message.type === "events") {
        message.events.forEach(onEvent);
      }
    });
    // Once the tail is open these two reject nothing; who follows it counts what arrives.
    socket.on("error", (error) => fail(error.message));
    socket.on("close", (code) => fail(`the server closed it with code ${code}`));
  });
}

function tailUrl(server: Server, organizationId: string): URL {
  const url = new URL("/audit_logs/tail", server.url);
  url.protocol = server.url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("organization_id", organizationId);
  return url;
}
