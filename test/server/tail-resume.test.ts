/** A reader that comes back with the last seq it saw misses nothing and sees nothing twice. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import type { Client, StoredEvent } from "./client.ts";
import { type Server, startServer, useServer } from "./server.ts";
import { openTail } from "./tail-reader.ts";

const server = useServer();

/** What a client waits before it tries again. */
const BACKOFF_MS = 20;

/** Every seq, in order: what a reader must have seen, nothing missing and nothing twice. */
function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}

/** Follows a log until `isEnough`, and connects again whenever the connection ends. */
async function followTo(
  client: Client,
  events: StoredEvent[],
  isEnough: () => boolean,
): Promise<void> {
  while (!isEnough()) {
    const after = events.at(-1)?.seq ?? 0;
    const tail = await openTail(client, "org_1", { after }).catch(() => undefined);
    if (tail === undefined) {
      await pause(BACKOFF_MS);
      continue;
    }
    let taken = 0;
    const take = (): boolean => {
      events.push(...tail.events.slice(taken));
      taken = tail.events.length;
      return isEnough() || tail.isClosed;
    };
    await tail.until("all events", take);
    tail.close();
  }
}

/** Writes events until `isOver`, each again until it is accepted. @returns how many. */
async function writeUntil(client: Client, name: string, isOver: () => boolean): Promise<number> {
  let written = 0;
  while (!isOver()) {
    const event = makeEvent({ actor: { id: `${name}-${written}`, type: "writer" } });
    const answer = await client.append("org_1", event, event.actor.id).catch(() => undefined);
    if (answer?.status === 200) {
      written++;
    } else {
      await pause(BACKOFF_MS);
    }
  }
  return written;
}

async function until(isMet: () => boolean): Promise<void> {
  while (!isMet()) {
    await pause(BACKOFF_MS);
  }
}

/** Writers write until the server went down and up twice, and a last event tells the reader that this is all. */
async function writeThrough(
  target: Server,
  goDown: (target: Server) => Promise<unknown>,
  events: readonly StoredEvent[],
): Promise<number> {
  const client = target.client();
  let isOver = false;
  const stop = (): void => {
    isOver = true;
  };
  onTestFinished(stop);
  const writers = ["a", "b", "c", "d"].map((name) => writeUntil(client, name, () => isOver));
  for (let round = 1; round <= 2; round++) {
    const seen = events.length;
    await until(() => isOver || events.length >= seen + 200);
    await goDown(target);
    await target.start();
  }
  const seen = events.length;
  await until(() => isOver || events.length >= seen + 200);
  stop();
  const written = await Promise.all(writers);
  await client.store("org_1", makeEvent({ action: "last" }));
  return written.reduce((sum, count) => sum + count, 1);
}

/** What a reader that always comes back has seen, and how many events there are. */
async function followThrough(goDown: (target: Server) => Promise<unknown>) {
  const target = await startServer();
  const events: StoredEvent[] = [];
  let isAborted = false;
  onTestFinished(() => {
    isAborted = true;
  });
  const isAll = (): boolean => isAborted || events.at(-1)?.action === "last";
  const [count] = await Promise.all([
    writeThrough(target, goDown, events),
    followTo(target.client(), events, isAll),
  ]);
  return { events, count };
}

test("across restarts, while others write", async () => {
  const { events, count } = await followThrough((target) => target.stop());
  expect(events.map(({ seq }) => seq)).toEqual(upTo(count));
});

test("across kill -9, while others write", async () => {
  const { events, count } = await followThrough((target) => target.kill());
  expect(events.map(({ seq }) => seq)).toEqual(upTo(count));
});

test("5,000 stored events come in order and join the live ones", async () => {
  const client = server.client();
  const batch = (n: number) =>
    client.storeBatch(
      "org_backfill",
      Array.from({ length: 500 }, (_, index) => makeEvent({ metadata: { n, index } })),
    );
  for (let n = 0; n < 10; n++) {
    await batch(n);
  }
  const tail = await openTail(client, "org_backfill", { after: 0 });
  onTestFinished(() => tail.close());
  for (let n = 10; n < 13; n++) {
    await batch(n);
    await client.store("org_backfill", makeEvent({ metadata: { n } }));
  }
  const count = 13 * 500 + 3;
  await tail.untilEvents(count);
  expect(tail.events.map(({ seq }) => seq)).toEqual(upTo(count));
  expect(tail.messages.map(({ type }) => type)).not.toContain("skipped");
});

test("several readers at different places each have what follows their place", async () => {
  const client = server.client();
  for (let n = 0; n < 30; n++) {
    await client.store("org_places", makeEvent({ metadata: { n } }));
  }
  const places = [0, 1, 15, 29, 30];
  const tails = await Promise.all(places.map((after) => openTail(client, "org_places", { after })));
  onTestFinished(() => {
    for (const tail of tails) {
      tail.close();
    }
  });
  await client.store("org_places", makeEvent({ action: "live" }));
  for (const [index, tail] of tails.entries()) {
    const after = places[index] ?? 0;
    await tail.until("the live event", () => tail.position === 31);
    expect(tail.events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 31 - after }, (_, n) => after + n + 1),
    );
  }
});
