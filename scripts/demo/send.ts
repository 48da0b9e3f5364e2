/**
 * Sends events with the official WorkOS SDK. Nothing of it is changed but the host it talks to, which is all that a
 * product does that already sends its audit logs to WorkOS.
 */
import { randomUUID } from "node:crypto";
import { WorkOS } from "@workos-inc/node";
import { DemoError } from "./demo-error.ts";
import type { PlannedEvent } from "./plan.ts";
import type { Server } from "./server.ts";

const PARALLEL_REQUESTS = 8;

export type SendEvent = (planned: PlannedEvent) => Promise<void>;

/** A function that sends one event. The SDK sends it again by itself when the server does not answer. */
export function eventSender(server: Server): SendEvent {
  const { hostname, port, protocol } = server.url;
  const workos = new WorkOS(server.key, {
    apiHostname: hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    https: protocol === "https:",
  });
  return async ({ organizationId, event, occurredAt }) => {
    const idempotencyKey = `demo-${randomUUID()}`;
    try {
      await workos.auditLogs.createEvent(
        organizationId,
        { ...event, occurredAt },
        { idempotencyKey },
      );
    } catch (error) {
      throw new DemoError(refusal(error, server, event.action), { cause: error });
    }
  };
}

/** Sends a handful at a time. The first failure ends all of it. */
export async function sendAll(
  send: SendEvent,
  events: readonly PlannedEvent[],
  onSent: () => void,
): Promise<void> {
  const queue = eachOf(events);
  const workers = Array.from({ length: PARALLEL_REQUESTS }, async () => {
    for (const planned of queue) {
      await send(planned);
      onSent();
    }
  });
  await Promise.all(workers);
}

/** Shared by all workers; unlike an array's own iterator it is closed for all when one of them fails. */
function* eachOf<T>(items: readonly T[]): Generator<T> {
  yield* items;
}

function refusal(error: unknown, server: Server, action: string): string {
  const { status, message } = error as { status?: number; message?: string };
  return status === 401
    ? `the server on ${server.url.origin} does not accept the key from ${server.keySource}.`
    : `the event '${action}' was not stored (${status ?? "no answer"}): ${message}`;
}
