/** Exports of the real server: through crashes, through a blob store that fails, with the SDKs, on the command line. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WorkOS as WorkOS11 } from "@workos-inc/node";
import { WorkOS as WorkOS8 } from "@workos-inc/node-8";
import { describe, expect, onTestFinished, test } from "vitest";
import { Corpus } from "../../scripts/bench/corpus.ts";
import { main } from "../../src/cli/main.ts";
import type { ExportResource } from "../../src/contract/export.ts";
import { parseCsv } from "../support/csv.ts";
import { makeEvent } from "../support/events.ts";
import { S3Server } from "../support/s3-server.ts";
import { s3SettingsOf } from "../support/s3-settings.ts";
import { type Client, parsed } from "./client.ts";
import { startServer, testFolder, useServer } from "./server.ts";

/** 300,000 with `npm run test:exports`. */
const EVENTS = Number(process.env["REKISHI_EXPORT_EVENTS"] ?? 12_000);
const KILLS = EVENTS > 100_000 ? 12 : 2;
const START = Date.UTC(2026, 9, 1);
const RANGE = {
  range_start: new Date(START).toISOString(),
  range_end: new Date(START + 30 * 86_400_000).toISOString(),
};

/** Events of which every tenth comes hours late. */
async function fill(
  client: Client,
  organizationId: string,
  count: number,
  seed = 1,
): Promise<void> {
  const corpus = new Corpus({ seed, startAt: START + 86_400_000 });
  for (let stored = 0; stored < count; stored += 1_000) {
    const events = Array.from({ length: Math.min(1_000, count - stored) }, (_, index) => {
      const event = corpus.next();
      const late = index % 10 === 0 ? (index % 7) * 3_600_000 : 0;
      const occurred_at = new Date(Date.parse(event.occurred_at) - late).toISOString();
      return { ...event, occurred_at } as unknown as ReturnType<typeof makeEvent>;
    });
    await client.storeBatch(organizationId, events);
  }
}

async function create(client: Client, organizationId: string, input = {}): Promise<string> {
  const body = { organization_id: organizationId, ...RANGE, ...input };
  const answer = await client.send("POST", "/audit_logs/exports", body);
  expect(answer.status, answer.text).toBe(201);
  const { id }: ExportResource = parsed(answer);
  return id;
}

/** Waits out refused connections, too. */
async function untilOver(client: Client, id: string): Promise<ExportResource> {
  for (;;) {
    const answer = await client.get(`/audit_logs/exports/${id}`).catch(() => undefined);
    const state = answer?.status === 200 ? (parsed(answer) as ExportResource) : undefined;
    if (state !== undefined && state.state !== "pending") {
      return state;
    }
    await sleep(50);
  }
}

async function fileOf(made: ExportResource): Promise<Buffer> {
  const response = await fetch(made.url ?? "");
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(made.sha256);
  return bytes;
}

test(
  "an export that is killed again and again gives, byte for byte, the file of one that is not",
  async () => {
    const server = await startServer();
    await fill(server.client(), "org_killed", EVENTS);
    const whole = await untilOver(server.client(), await create(server.client(), "org_killed"));
    expect(whole).toMatchObject({ state: "ready", events: EVENTS });
    const expected = await fileOf(whole);

    const id = await create(server.client(), "org_killed");
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(100 + Math.random() * 1_000);
      await server.kill();
      await server.start();
    }
    const made = await untilOver(server.client(), id);
    expect(made).toMatchObject({ state: "ready", events: EVENTS, sha256: whole.sha256 });
    expect((await fileOf(made)).equals(expected)).toBe(true);
    // Last, because it takes longer than a server keeps a connection for.
    const [, ...rows] = parseCsv(expected.toString("utf8"));
    expect(new Set(rows.map((row) => row[1])).size).toBe(EVENTS);
  },
  EVENTS > 100_000 ? 1_800_000 : 120_000,
);

describe("exports of two organizations", () => {
  const server = useServer();

  test("run side by side, and neither is seen by the other's key", async () => {
    const client = server.client();
    const names = ["org_side_a", "org_side_b"] as const;
    await Promise.all(names.map((name, seed) => fill(client, name, 2_000, seed)));
    const keys = await Promise.all(
      names.map(async (organization_id) => {
        const body = { name: "exporter", scopes: ["exports:write"], organization_id };
        const answer = await client.send("POST", "/api_keys", body);
        const { key }: { key: string } = parsed(answer);
        return server.client(key);
      }),
    );
    const ids = await Promise.all(keys.map((key, index) => create(key, names[index] ?? "")));
    const made = await Promise.all(ids.map((id) => untilOver(client, id)));
    const [a, b] = await Promise.all(made.map(fileOf));
    expect(made.map(({ events }) => events)).toEqual([2_000, 2_000]);
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(false);
    for (const [index, key] of keys.entries()) {
      const [own = "", others = ""] = index === 0 ? ids : ids.toReversed();
      const other = names[1 - index] ?? "";
      expect((await key.get(`/audit_logs/exports/${own}`)).status).toBe(200);
      expect((await key.get(`/audit_logs/exports/${others}`)).status).toBe(404);
      expect((await key.send("DELETE", `/audit_logs/exports/${others}`)).status).toBe(404);
      expect((await key.get("/audit_logs/exports", { organization_id: other })).status).toBe(404);
    }
  });

  test.each([
    ["11.0.0", WorkOS11],
    ["8.13.0", WorkOS8],
  ] as const)("are made and read by @workos-inc/node %s as by WorkOS", async (version, WorkOS) => {
    const organizationId = `org_sdk_export_${version}`;
    const occurred_at = "2026-10-05T00:00:00.000Z";
    await server.client().store(organizationId, makeEvent({ occurred_at, action: "a.wanted" }));
    await server.client().store(organizationId, makeEvent({ occurred_at, action: "a.other" }));
    const sdk = new WorkOS(server.rootKey, {
      apiHostname: "127.0.0.1",
      port: server.port,
      https: false,
    });
    const created = await sdk.auditLogs.createExport({
      organizationId,
      rangeStart: new Date(RANGE.range_start),
      rangeEnd: new Date(RANGE.range_end),
      actions: ["a.wanted"],
      actorNames: ["Tanaka Yuki"],
      targets: ["document"],
    });
    expect(created).toMatchObject({ object: "audit_log_export", state: "pending" });
    await untilOver(server.client(), created.id);
    const ready = await sdk.auditLogs.getExport(created.id);
    expect(ready).toMatchObject({ id: created.id, state: "ready" });
    const rows = parseCsv(await (await fetch(ready.url ?? "")).text());
    expect(rows.slice(1).map((row) => row[4])).toEqual(["a.wanted"]);
  });

  test("are downloaded by the command line, which goes on where a download broke off", async () => {
    await fill(server.client(), "org_cli", 2_000);
    const file = join(testFolder(), "events.csv");
    process.env["REKISHI_KEY"] = server.rootKey;
    onTestFinished(() => void delete process.env["REKISHI_KEY"]);
    const run = async (...args: string[]) => {
      const printed = { out: "", err: "" };
      const code = await main(["export", "--url", server.url, "-o", file, ...args], {
        out: (text) => (printed.out += text),
        err: (text) => (printed.err += text),
        width: Infinity,
      });
      return { code, ...printed };
    };
    const range = ["--from", RANGE.range_start, "--to", RANGE.range_end];
    const first = await run("--organization", "org_cli", ...range, "--q", "document.viewed");
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining("SHA-256") as string });
    const bytes = readFileSync(file);
    const id = /audit_log_export_\w+/.exec(first.err)?.[0] ?? "";

    rmSync(file);
    writeFileSync(`${file}.part`, bytes.subarray(0, 1_000));
    expect((await run("--id", id)).code).toBe(0);
    expect(readFileSync(file).equals(bytes)).toBe(true);

    const broken = await run("--organization", "org_nobody", ...range);
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("not found") as string });
    expect((await run("--from", "yesterday", "--to", "x", "--organization", "o")).code).toBe(2);
  });
});

describe("a blob store", () => {
  test("that fails every third call, before or after the work, gets the same file", async () => {
    const store = await S3Server.start();
    onTestFinished(() => store.stop());
    const server = await startServer(s3SettingsOf(store));
    await fill(server.client(), "org_s3", 10_500);
    const whole = await untilOver(server.client(), await create(server.client(), "org_s3"));
    expect(whole).toMatchObject({ state: "ready", events: 10_500 });
    store.failEvery(3, { kind: "lost" });
    const id = await create(server.client(), "org_s3");
    const made = await untilOver(server.client(), id);
    expect(made).toMatchObject({ state: "ready", sha256: whole.sha256 });
    store.fault = () => undefined;
    expect((await fileOf(made)).equals(await fileOf(whole))).toBe(true);
  });

  test("that refuses the credentials ends the export with a reason, and nothing else", async () => {
    const store = await S3Server.start();
    onTestFinished(() => store.stop());
    const server = await startServer(s3SettingsOf(store));
    await fill(server.client(), "org_refused", 10);
    store.fault = () => ({ kind: "error", status: 403, code: "AccessDenied" });
    const made = await untilOver(server.client(), await create(server.client(), "org_refused"));
    expect(made).toMatchObject({
      state: "error",
      url: null,
      failure: { code: "blob_store_misconfigured" },
    });
  });
});
