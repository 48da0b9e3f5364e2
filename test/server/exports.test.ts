/** Exports of the real server: through crashes, beside each other, with the SDKs, on the command line. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WorkOS as WorkOS11 } from "@workos-inc/node";
import { WorkOS as WorkOS8 } from "@workos-inc/node-8";
import { describe, expect, onTestFinished, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { ExportResource } from "../../src/contract/export.ts";
import { parseCsv } from "../support/csv.ts";
import { makeEvent } from "../support/events.ts";
import { parsed } from "./client.ts";
import { create, fileOf, fill, RANGE, untilOver } from "./exports.ts";
import { startServer, testFolder, useServer } from "./server.ts";

/** 300,000 with `npm run test:exports`. */
const EVENTS = Number(process.env["REKISHI_EXPORT_EVENTS"] ?? 12_000);
const KILLS = EVENTS > 100_000 ? 20 : 2;
const PAUSE_MS = EVENTS > 100_000 ? 400 : 100;

test(
  "an export that is killed again and again gives, byte for byte, the file of one that is not",
  async () => {
    const server = await startServer();
    await fill(server.client(), "org_killed", EVENTS);
    const whole = await untilOver(server.client(), await create(server.client(), "org_killed"));
    expect(whole).toMatchObject({ state: "ready", events: EVENTS });
    const expected = await fileOf(whole);

    const id = await create(server.client(), "org_killed");
    const progress = async () => {
      const answer = await server.client().get(`/audit_logs/exports/${id}`);
      return parsed<ExportResource>(answer);
    };
    let killed = 0;
    for (; killed < KILLS && (await progress()).state === "pending"; killed++) {
      await sleep(Math.random() * PAUSE_MS);
      await server.kill();
      await server.start();
    }
    // At least one kill must have been in the middle, or nothing was tested.
    expect(killed).toBeGreaterThan(1);
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
