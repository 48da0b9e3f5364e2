/** Retention: what has expired is invisible at once, and removed by an alarm, even one that a stop delayed. */
import { describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { failureOf, parsed } from "./client.ts";
import type { LogLine } from "./server-process.ts";
import { type Server, startServer } from "./server.ts";
import { ageLog, setDueAt } from "./stored-files.ts";
import { expectWellOrdered, readWhole } from "./stored-log.ts";
import { openTail } from "./tail-reader.ts";

const ORGANIZATION = "org_1";
const PURGED = "rekishi.retention_purged";
/** More than one step of the purge removes, in rows that hold more than one event. */
const BATCHES = 100;
const BATCH_EVENTS = 3;
const STORED = BATCHES * BATCH_EVENTS;
const HOUR_MS = 3_600_000;

/** A server whose log has `STORED` events. */
async function serverWithEvents(): Promise<Server> {
  const server = await startServer();
  const client = server.client();
  for (let batch = 0; batch < BATCHES; batch++) {
    const events = Array.from({ length: BATCH_EVENTS }, (_, index) =>
      makeEvent({ actor: { id: `${batch}-${index}`, type: "user" } }),
    );
    await client.storeBatch(ORGANIZATION, events);
  }
  return server;
}

/** Starts again with events that are `days` older; their purge is due since an hour, or in an hour. */
async function restartAged(server: Server, days: number, purge: "due" | "later"): Promise<void> {
  await server.stop();
  ageLog(server, ORGANIZATION, days);
  setDueAt(server, ORGANIZATION, Date.now() + (purge === "due" ? -HOUR_MS : HOUR_MS));
  await server.start();
}

/** Waits until a purge has ended: its last step is due again far in the future, or never. */
async function untilPurged(server: Server): Promise<void> {
  await server.process.untilLogged((line: LogLine) => {
    const { nextDueAt } = line["metadata"] as { nextDueAt?: number };
    return line["action"] === "job.retention" && (nextDueAt ?? Infinity) > Date.now() + HOUR_MS;
  });
}

describe("an alarm that was due while the server was down", () => {
  test("fires after the restart by itself, removes what has expired and records what it removed", async () => {
    const server = await serverWithEvents();
    await restartAged(server, 400, "due");
    // Nobody asks for the log before it was purged.
    await untilPurged(server);

    const left = await server.client().all(ORGANIZATION);
    expect(left).toHaveLength(1);
    expect(left[0]).toMatchObject({
      seq: STORED + 1,
      action: PURGED,
      actor: { id: "rekishi", type: "system" },
      targets: [{ id: ORGANIZATION, type: "audit_log" }],
      metadata: { count: STORED, first_seq: 1, last_seq: STORED, retention_days: 365 },
    });
    expect(Date.parse(left[0]?.occurred_at ?? "")).toBeGreaterThan(Date.now() - 60_000);
  });

  test("fires after kill -9 in the middle of a purge, and the removal is recorded once", async () => {
    const server = await serverWithEvents();
    await restartAged(server, 400, "due");
    await server.process.untilLogged((line) => line["action"] === "job.retention");
    await server.kill();
    await server.start();
    const client = server.client();
    const tail = await openTail(client, ORGANIZATION, { after: 0 });
    await tail.untilEvents(1);
    tail.close();

    expect((await client.all(ORGANIZATION)).map(({ action }) => action)).toEqual([PURGED]);
    const [record] = await client.all(ORGANIZATION);
    expect(record?.metadata).toMatchObject({ count: STORED, first_seq: 1, last_seq: STORED });
  });

  test("leaves alone what has not expired", async () => {
    const server = await serverWithEvents();
    await server.stop();
    ageLog(server, ORGANIZATION, 400);
    await server.start();
    await server.client().store(ORGANIZATION, makeEvent({ action: "fresh" }));
    await server.stop();
    setDueAt(server, ORGANIZATION, Date.now() - HOUR_MS);
    await server.start();
    await untilPurged(server);

    const left = await readWhole(server.client(), ORGANIZATION);
    expect(left.map(({ seq, action }) => [seq, action])).toEqual([
      [STORED + 1, "fresh"],
      [STORED + 2, PURGED],
    ]);
    expect(left[1]?.metadata).toMatchObject({ count: STORED, first_seq: 1, last_seq: STORED });
  });
});

describe("events that have expired", () => {
  test("are invisible at once, before any purge ran", async () => {
    const server = await serverWithEvents();
    const [event] = (await server.client().page(ORGANIZATION, { limit: 1 })).data;
    await restartAged(server, 400, "later");
    const client = server.client();

    expect(await client.all(ORGANIZATION)).toEqual([]);
    const path = `/audit_logs/events/${event?.id}`;
    const answer = await client.get(path, { organization_id: ORGANIZATION });
    expect(answer.status).toBe(404);
    expect(failureOf(answer).code).toBe("not_found");
    const tail = await openTail(client, ORGANIZATION, { after: 0 });
    expect(await tail.untilMessage("hello")).toMatchObject({ head: STORED, oldest: STORED + 1 });

    // Appending goes on meanwhile, and the tail shows what is new and nothing else.
    expect((await client.store(ORGANIZATION, makeEvent({ action: "fresh" }))).seq).toBe(STORED + 1);
    expect((await tail.untilEvents(1)).map(({ seq }) => seq)).toEqual([STORED + 1]);
    expect((await client.all(ORGANIZATION)).map(({ seq }) => seq)).toEqual([STORED + 1]);
    tail.close();
    expect(server.output()).not.toContain("job.retention");
  });

  test("are those of a shorter retention as soon as it is set, and are then removed", async () => {
    const server = await serverWithEvents();
    await restartAged(server, 40, "later");
    const client = server.client();
    expect(await client.all(ORGANIZATION)).toHaveLength(STORED);

    const path = `/organizations/${ORGANIZATION}/audit_logs_retention`;
    const set = await client.send("PUT", path, { retention_period_in_days: 30 });
    expect(parsed(set)).toEqual({ retention_period_in_days: 30 });
    const visible = await client.all(ORGANIZATION);
    expect(visible.filter(({ action }) => !action.startsWith("rekishi."))).toEqual([]);
    await untilPurged(server);
    const [record] = await client.all(ORGANIZATION);
    expect(record?.metadata).toMatchObject({ count: STORED, retention_days: 30 });
  });
});

test("seq goes on where it was after everything was purged, across a restart", async () => {
  const server = await serverWithEvents();
  await restartAged(server, 400, "due");
  await untilPurged(server);
  // The record of the purge expires in its turn, so that the log is empty but for the next record.
  await restartAged(server, 400, "due");
  await untilPurged(server);
  const [record] = await server.client().all(ORGANIZATION);
  expect(record).toMatchObject({ seq: STORED + 2, metadata: { count: 1 } });

  await server.restart();
  const client = server.client();
  expect((await client.store(ORGANIZATION, makeEvent())).seq).toBe(STORED + 3);
  expectWellOrdered(await readWhole(client, ORGANIZATION), STORED + 2);
});
