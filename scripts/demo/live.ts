/** The live part of the demo: follows the tail of one organization while a few more of its events are sent. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EventResource } from "../../src/contract/event.ts";
import { DemoError } from "./demo-error.ts";
import type { OwnedEvent } from "./plan.ts";
import { eventRow, sayDetail, sayTitle, startTable } from "./screen.ts";
import type { SendEvent } from "./send.ts";
import type { Server } from "./server.ts";
import { followTail } from "./tail.ts";

const EVENTS = 8;
const PAUSE_MS = 600;
/** How long the last events may take to arrive. */
const ARRIVAL_TIMEOUT_MS = 5_000;
const HEADER = ["STORED (UTC)", "AFTER", "ACTION", "ACTOR", "TARGET"];

/** Sends a few events of `owned` with the present time, and prints each when the server pushes it. */
export async function showLiveTail(
  server: Server,
  send: SendEvent,
  owned: readonly OwnedEvent[],
): Promise<void> {
  const events = sample(owned, EVENTS);
  const organizationId = events[0]?.organizationId ?? "";
  sayTitle(`Live tail of ${organizationId}`);
  sayDetail(
    `${events.length} more events are sent; each is printed when the server pushes it,\n  with the time that has passed since it was sent.\n`,
  );
  const sayRow = startTable(
    HEADER,
    events.map(({ event }) => eventRow(["00:00:00.000", "999 ms"], event)),
  );
  let arrived = 0;
  const tail = await followTail(server, organizationId, (event) => {
    arrived++;
    sayRow(liveCells(event));
  });
  try {
    for (const { event } of events) {
      await send({ organizationId, event, occurredAt: new Date() });
      await sleep(PAUSE_MS);
    }
    await waitFor(() => arrived >= events.length);
  } finally {
    tail.close();
  }
  if (arrived < events.length) {
    throw new DemoError(`the live tail brought ${arrived} of the ${events.length} events.`);
  }
}

/** The time that passed includes the request, the commit on disk and the way back over the WebSocket. */
function liveCells(event: EventResource): string[] {
  const delayMs = Date.now() - Date.parse(event.occurred_at);
  return eventRow([event.ingested_at.slice(11, 23), `${delayMs} ms`], event);
}

/** Taken at equal distances, so that they differ from each other. */
function sample<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, index) => index % step === 0).slice(0, count);
}

async function waitFor(isDone: () => boolean): Promise<void> {
  const deadline = Date.now() + ARRIVAL_TIMEOUT_MS;
  while (!isDone() && Date.now() < deadline) {
    await sleep(20);
  }
}
