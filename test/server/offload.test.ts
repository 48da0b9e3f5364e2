/** Past the limit of a database: the oldest segments go to the blob store, and nobody who reads notices. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { makeEvent } from "../support/events.ts";
import { S3Server } from "../support/s3-server.ts";
import { s3SettingsOf } from "../support/s3-settings.ts";
import { failureOf, parsed, type StoredEvent } from "./client.ts";
import { create, fileOf, untilOver } from "./exports.ts";
import type { Settings } from "./server-process.ts";
import { type Server, startServer } from "./server.ts";
import { ageLog, countBlocks, logFile, setDueAt } from "./stored-files.ts";
import { readWhole } from "./stored-log.ts";

const ORGANIZATION = "org_large";
/** Two runs of 16 blocks, and a tail. */
const EVENTS = 8_300;
const BLOCKS = 32;
/** These tests take ten seconds, and several times that on a busy machine. */
const PATIENCE_MS = 180_000;
const OFFLOADING = { REKISHI_OFFLOAD_BYTES: "1", REKISHI_OFFLOAD_KEEP_SECONDS: "0" };

/** A server whose log is so large and so old that two runs of blocks are to be offloaded. It is stopped. */
async function serverWithOldEvents(settings: Settings = {}): Promise<Server> {
  const server = await startServer({ ...OFFLOADING, ...settings });
  const client = server.client();
  for (let first = 1; first <= EVENTS; first += 1_000) {
    const length = Math.min(1_000, EVENTS - first + 1);
    const events = Array.from({ length }, (_, index) =>
      makeEvent({
        occurred_at: new Date(Date.UTC(2026, 0, 1) + (first + index) * 1_000).toISOString(),
        actor: { id: `user_${(first + index) % 7}`, type: "user" },
        metadata: { n: first + index, rare: (first + index) % 1_000 === 0 ? "yuzu" : "none" },
      }),
    );
    await client.storeBatch(ORGANIZATION, events);
  }
  await expect.poll(() => countBlocks(server, ORGANIZATION), { timeout: 10_000 }).toBe(BLOCKS);
  await server.stop();
  ageLog(server, ORGANIZATION, 40);
  setDueAt(server, ORGANIZATION, Date.now());
  return server;
}

const objectsOf = (server: Server) =>
  globSync("blobs/tenants/*/log/*.blocks", { cwd: server.dataFolder }).map((path) =>
    join(server.dataFolder, path),
  );

/** Wakes the log, and waits until it has nothing more to offload. */
async function untilOffloaded(server: Server): Promise<void> {
  await server.client().page(ORGANIZATION, { limit: 1 });
  await server.process.untilLogged(
    (line) =>
      line["action"] === "job.offload" &&
      (line["metadata"] as { nextDueAt?: number }).nextDueAt === undefined,
  );
}

/** What the command line says of the files of the server, while it runs. */
async function rekishi(...args: string[]): Promise<string> {
  let output = "";
  const print = (text: string) => (output += text);
  await main(args, { out: print, err: print, width: Infinity });
  return output;
}

const seqsOf = (events: readonly StoredEvent[]) => events.map(({ seq }) => seq);

test(
  "offloaded events are read as before, killed in the middle or not, and purged from the store too",
  { timeout: PATIENCE_MS },
  async () => {
    const server = await serverWithOldEvents();
    await server.start();
    let client = server.client();
    const before = await client.all(ORGANIZATION, { order: "asc" });
    expect(before).toHaveLength(EVENTS);
    await server.process.untilLogged((line) => line["action"] === "job.offload");
    await server.kill();
    await server.start();
    await untilOffloaded(server);
    expect(objectsOf(server)).toHaveLength(2);

    client = server.client();
    expect(await readWhole(client, ORGANIZATION)).toEqual(before);
    expect(seqsOf(await client.all(ORGANIZATION, { q: "yuzu", order: "asc" }))).toEqual([
      1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000,
    ]);
    const old = before[99];
    const one = await client.get(`/audit_logs/events/${old?.id}`, {
      organization_id: ORGANIZATION,
    });
    expect(parsed(one)).toEqual(old);
    const stats = await client.get("/audit_logs/events/stats", {
      organization_id: ORGANIZATION,
      q: "metadata.rare:yuzu",
    });
    expect(parsed<{ total: number }>(stats).total).toBe(8);

    const blobs = join(server.dataFolder, "blobs");
    expect(await rekishi("log", logFile(server, ORGANIZATION), "verify", "--blobs", blobs)).toMatch(
      /^8300 events, .* no fault found/,
    );

    const path = `/organizations/${ORGANIZATION}/audit_logs_retention`;
    await client.send("PUT", path, { retention_period_in_days: 30 });
    await expect.poll(() => objectsOf(server), { timeout: 10_000 }).toEqual([]);
    const actions = async () => (await client.all(ORGANIZATION)).map(({ action }) => action);
    await expect
      .poll(actions, { timeout: 10_000 })
      .toEqual(["rekishi.retention_purged", "rekishi.retention_changed"]);
  },
);

/** The files of exports of everything, as CSV, of everything, as NDJSON, and of what few blocks have. */
async function exportedFiles(server: Server): Promise<Buffer[]> {
  const range = { range_start: "2026-01-01T00:00:00Z", range_end: "2026-02-01T00:00:00Z" };
  const questions = [{ format: "csv" }, { format: "ndjson" }, { q: "yuzu" }];
  const files: Buffer[] = [];
  for (const question of questions) {
    const id = await create(server.client(), ORGANIZATION, { ...range, ...question });
    const made = await untilOver(server.client(), id);
    expect(made).toMatchObject({ state: "ready", events: question.q === undefined ? EVENTS : 8 });
    files.push(await fileOf(made));
  }
  return files;
}

test(
  "in an S3-compatible store they are read, exported byte for byte as before, and purged",
  { timeout: PATIENCE_MS },
  async () => {
    const store = await S3Server.start();
    onTestFinished(() => store.stop());
    const objects = () => [...store.objects.keys()].filter((key) => key.endsWith(".blocks"));
    const server = await serverWithOldEvents(s3SettingsOf(store));
    await server.start({ REKISHI_OFFLOAD_BYTES: "" });
    const filesBefore = await exportedFiles(server);
    // With the records of those exports.
    const before = await server.client().all(ORGANIZATION, { order: "asc" });
    expect(objects()).toEqual([]);

    await server.stop();
    store.failEvery(4, { kind: "lost" });
    await server.start();
    await untilOffloaded(server);
    expect(objects()).toHaveLength(2);
    store.fault = () => undefined;
    expect(await server.client().all(ORGANIZATION, { order: "asc" })).toEqual(before);
    store.failEvery(7, { kind: "truncate", bytes: 100 });
    const files = await exportedFiles(server);
    store.fault = () => undefined;
    expect(files.map((file, index) => file.equals(filesBefore[index] ?? Buffer.of()))).toEqual([
      true,
      true,
      true,
    ]);

    const path = `/organizations/${ORGANIZATION}/audit_logs_retention`;
    await server.client().send("PUT", path, { retention_period_in_days: 30 });
    await expect.poll(objects, { timeout: 10_000 }).toEqual([]);
  },
);

test("an object that is damaged or gone is a clear error, and what needs none of it is answered", async () => {
  const server = await serverWithOldEvents();
  await server.start();
  await untilOffloaded(server);
  const client = server.client();
  const [oldest = ""] = objectsOf(server).toSorted();
  const sound = readFileSync(oldest);
  const damaged = Buffer.from(sound);
  for (let at = 2_000; at < damaged.length; at += 100) {
    damaged[at] = (damaged[at] ?? 0) ^ 1;
  }
  writeFileSync(oldest, damaged);

  const answer = await client.search(ORGANIZATION, { order: "asc", limit: 10 });
  expect(answer.status).toBe(502);
  expect(answer.headers.get("retry-after")).toBe("5");
  expect(failureOf(answer)).toMatchObject({
    code: "tenant_unavailable",
    message: expect.stringMatching(/blob store.*range_start/),
  });
  expect(answer.text).not.toMatch(/tenants|\.blocks/);
  expect(await client.page(ORGANIZATION, { limit: 10 })).toMatchObject({ data: { length: 10 } });
  expect(await client.page(ORGANIZATION, { order: "asc", "actor_ids[]": "nobody" })).toMatchObject({
    data: [],
  });
  const logged = await server.process.untilLogged((line) => line["action"] === "offload.read");
  expect(logged).toMatchObject({ level: "ERROR", metadata: { code: "blob_corrupt" } });

  writeFileSync(oldest, sound);
  expect(seqsOf((await client.page(ORGANIZATION, { order: "asc", limit: 10 })).data)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
});
