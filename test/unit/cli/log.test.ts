/** `rekishi log` on a file that the engine wrote, as somebody at a terminal uses it. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { Log } from "../../../src/log/log.ts";
import { offloadStep } from "../../../src/log/offload/offload-step.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { makeEvent } from "../../support/events.ts";
import { appendRequest, sealAll, temporaryFolder } from "../../support/log-files.ts";
import { OffloadedLog } from "../../support/offloaded-log.ts";

const NOW = Date.UTC(2026, 10, 22);
const EVENTS = 2_600;

let template = "";

beforeAll(() => {
  template = join(mkdtempSync(join(tmpdir(), "rekishi-test-")), "tenant.sqlite");
  fillFile(template);
});

afterAll(() => rmSync(dirname(template), { recursive: true }));

function makeFile(): string {
  const file = join(temporaryFolder(), "tenant.sqlite");
  copyFileSync(template, file);
  return file;
}

/** A log of many blocks, eight of them in one segment, and a tail. */
function fillFile(file: string): void {
  const sql = new NodeSql(file);
  migrate(sql, "log", LOG_MIGRATIONS);
  const geometry = new Geometry(256, 8);
  const log = new Log(sql, { organizationId: "org_file", random: () => 7, geometry });
  for (let n = 1; n <= EVENTS; n += 100) {
    const events = Array.from({ length: 100 }, (_, index) =>
      makeEvent({
        action: (n + index) % 50 === 0 ? "document.printed" : "document.shared",
        metadata: { n: n + index },
      }),
    );
    log.append([appendRequest(events)], NOW);
  }
  sealAll(log, NOW);
  sql.close();
}

/** Moves what has a whole run of blocks to a folder, as a server would. */
async function offload(file: string, folder: string): Promise<void> {
  const subject = new OffloadedLog({ now: NOW + 30 * DAY_MS }, new NodeSql(file));
  const geometry = new Geometry(256, 8);
  while ((await offloadStep({ ...subject.ports(), geometry })) !== undefined) {
    subject.time.now += 1;
  }
  subject.file.close();
  for (const [key, bytes] of subject.disk.files) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
  }
}

async function rekishi(...args: string[]) {
  let out = "";
  let err = "";
  const exitCode = await main(args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    width: Infinity,
  });
  return { exitCode, out, err };
}

const jsonLines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { seq: number; action: string });

test("events are listed newest first, all of them when asked", async () => {
  const file = makeFile();
  const table = await rekishi("log", file, "list", "--limit", "2");
  expect(table.exitCode).toBe(0);
  expect(table.out.split("\n")[1]).toMatch(
    /^2600 +2026-11-22 09:30:00.000 +document.printed +Tanaka Yuki +契約書/,
  );
  expect(table.out.trimEnd().split("\n")).toHaveLength(3);

  const all = await rekishi("log", file, "list", "--limit", "all", "--format", "ndjson");
  expect(jsonLines(all.out).map(({ seq }) => seq)).toEqual(
    Array.from({ length: EVENTS }, (_, index) => EVENTS - index),
  );
  const list = await rekishi("log", file, "list", "--format=json", "--order", "asc");
  expect(JSON.parse(list.out)).toMatchObject({
    object: "list",
    data: { length: 100, 0: { seq: 1 } },
  });
});

test("a query and filters find what they name", async () => {
  const file = makeFile();
  const found = await rekishi(
    "log",
    file,
    "search",
    "契約 metadata.n:100",
    "--action",
    "document.printed",
    "--format",
    "ndjson",
  );
  expect(jsonLines(found.out)).toMatchObject([{ seq: 100, action: "document.printed" }]);
  const none = await rekishi("log", file, "search", "nowhere");
  expect(none).toMatchObject({ exitCode: 0, err: "" });
  expect(none.out.trimEnd().split("\n")).toHaveLength(1);
});

test("events are counted", async () => {
  const file = makeFile();
  const counted = await rekishi("log", file, "count", "--format", "json", "--interval", "day");
  expect(JSON.parse(counted.out)).toMatchObject({
    total: EVENTS,
    histogram: [{ start: "2026-11-22T00:00:00.000Z", count: EVENTS }],
    facets: {
      action: [
        { value: "document.shared", count: 2_548 },
        { value: "document.printed", count: 52 },
      ],
    },
  });
  const table = await rekishi("log", file, "count", "action:document.printed", "--facet", "action");
  expect(table.out).toMatch(
    /^52 events\n\nBY MINUTE.*\n2026-11-22T09:30:00.000Z +52\n\nACTION +EVENTS\ndocument.printed +52\n$/,
  );
});

test("a sound file verifies, and each kind of damage is found", async () => {
  const file = makeFile();
  expect(await rekishi("log", file, "verify")).toEqual({
    exitCode: 0,
    out: `${EVENTS} events, seq 1 to ${EVENTS}, in 10 blocks and 3 segments: no fault found.\n`,
    err: "",
  });
  const database = new DatabaseSync(file);
  for (const [damage, fault] of [
    ["UPDATE block_part SET data = x'00' WHERE id = 3 * 64", /block 3 .* cannot be read/],
    [
      "UPDATE block SET max_occurred_at = max_occurred_at + 1 WHERE id = 2",
      /block 2 .* other times/,
    ],
    ["UPDATE segment SET summary = '{}'", /summary/],
    ["DELETE FROM term WHERE rowid = 4", /the index lacks the word/],
    [
      "UPDATE tail SET lines = replace(lines, '\"n\":2599', '\"n\":2599.0')",
      /event 2599 is not canonical/,
    ],
    [
      "UPDATE block_part SET data = (SELECT data FROM block_part WHERE id = 5 * 64) WHERE id = 6 * 64",
      /event 1281 is missing/,
    ],
  ] as const) {
    database.exec(`BEGIN; ${damage}; COMMIT`);
    const { exitCode, out } = await rekishi("log", file, "verify");
    expect([exitCode, out]).toEqual([1, expect.stringMatching(fault)]);
  }
  database.close();
});

test("events that are in the blob store are read from its folder, and without it the message says so", async () => {
  const file = makeFile();
  const blobs = temporaryFolder();
  await offload(file, blobs);
  const all = ["--limit", "all", "--format", "ndjson"];
  const missing = await rekishi("log", file, "list", ...all);
  expect(missing.exitCode).toBe(1);
  expect(missing.err).toMatch(/older events .* in the blob store .*--blobs/);
  const newest = await rekishi("log", file, "list", "--limit", "5", "--format", "ndjson");
  expect(jsonLines(newest.out)).toHaveLength(5);

  const read = await rekishi("log", file, "list", ...all, "--blobs", blobs);
  expect(jsonLines(read.out).map(({ seq }) => seq)).toEqual(
    Array.from({ length: EVENTS }, (_, index) => EVENTS - index),
  );
  const counted = await rekishi("log", file, "count", "契約", "--format", "json", "--blobs", blobs);
  expect(JSON.parse(counted.out)).toMatchObject({ total: EVENTS });
  expect((await rekishi("log", file, "verify", "--blobs", blobs)).exitCode).toBe(0);

  rmSync(join(blobs, "tenants"), { recursive: true });
  const gone = await rekishi("log", file, "search", "metadata.n:7", "--blobs", blobs);
  expect([gone.exitCode, gone.err]).toEqual([1, expect.stringMatching(/does not have them/)]);
  const { exitCode, out } = await rekishi("log", file, "verify", "--blobs", blobs);
  expect([exitCode, out]).toEqual([1, expect.stringMatching(/block 1 .* blob store/)]);
});

test("a file is read while a server appends to it", async () => {
  const file = makeFile();
  const server = new NodeSql(file);
  server.run("PRAGMA journal_mode = WAL");
  const log = new Log(server, { organizationId: "org_file", random: () => 7 });
  log.append([appendRequest([makeEvent({ action: "document.late" })])], NOW);
  const { out } = await rekishi(
    "log",
    file,
    "search",
    "action:document.late",
    "--format",
    "ndjson",
  );
  expect(jsonLines(out)).toMatchObject([{ seq: EVENTS + 1 }]);
  server.close();
});

test.each([
  [["log", "FILE", "search", "acton:x"], 2, /Did you mean 'action'/],
  [["log", "FILE", "list", "--from", "yesterday"], 2, /--from is .* it must be a date in ISO 8601/],
  [["log", "FILE", "list", "stray"], 2, /To search, use the verb 'search'/],
  [["log", "FILE", "list", "--limit", "0"], 2, /--limit is '0'/],
  [["log", "FILE", "list", "--format", "xml"], 2, /table, json or ndjson/],
  [["log", "FILE", "list", "--colour"], 2, /--colour/],
  [["log", "FILE", "erase"], 2, /no verb 'erase'.*list, search, count, verify/],
  [["log"], 2, /log <file.sqlite> list/],
  [["logs"], 2, /no command 'logs'/],
  [["log", "/nowhere.sqlite", "list"], 1, /there is no file \/nowhere.sqlite/],
  [["log", "package.json", "list"], 1, /not a database/],
] as const)("%j is refused with a message that says what to do", async (args, code, message) => {
  const file = args.some((arg) => arg === "FILE") ? makeFile() : "";
  const { exitCode, out, err } = await rekishi(...args.map((arg) => (arg === "FILE" ? file : arg)));
  expect({ exitCode, out }).toEqual({ exitCode: code, out: "" });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/\n.*\n/);
});

test("a database of something else, and one of another version, are told apart", async () => {
  const other = join(temporaryFolder(), "other.sqlite");
  new NodeSql(other).run("CREATE TABLE t (x)");
  expect((await rekishi("log", other, "list")).err).toMatch(/no tenant's log/);
  const file = makeFile();
  new NodeSql(file).run("UPDATE schema_version SET version = 99");
  expect((await rekishi("log", file, "list")).err).toMatch(/Use the command line of the version/);
});

test("a folder is listed by organization, whether it is the data folder or that of the logs", async () => {
  const data = temporaryFolder();
  const logs = join(data, "objects", "rekishi-TenantLog");
  mkdirSync(logs, { recursive: true });
  copyFileSync(template, join(logs, "0b.sqlite"));
  migrate(new NodeSql(join(logs, "0a.sqlite")), "log", LOG_MIGRATIONS);
  new NodeSql(join(logs, "metadata.sqlite")).run("CREATE TABLE t (x)");
  for (const folder of [data, logs]) {
    const listed = await rekishi("log", folder, "--format", "ndjson");
    expect(listed).toMatchObject({ exitCode: 0, err: "" });
    expect(jsonLines(listed.out)).toEqual([
      {
        organization_id: "org_file",
        newest_seq: EVENTS,
        newest_ingested_at: new Date(NOW).toISOString(),
        file: join(logs, "0b.sqlite"),
      },
      {
        organization_id: null,
        newest_seq: null,
        newest_ingested_at: null,
        file: join(logs, "0a.sqlite"),
      },
    ]);
  }
  const table = await rekishi("log", data);
  expect(table.out).toMatch(/^org_file +2600 +2026-11-22 00:00:00.000 +.*0b\.sqlite$/m);
  expect(await rekishi("log", data, "verify")).toMatchObject({ exitCode: 2, out: "" });
});

test("a folder with a file that cannot be read lists the others, and says so", async () => {
  const folder = temporaryFolder();
  copyFileSync(template, join(folder, "a.sqlite"));
  writeFileSync(join(folder, "b.sqlite"), "nothing of a database");
  const listed = await rekishi("log", folder);
  expect(listed.exitCode).toBe(1);
  expect(listed.out).toContain("org_file");
  expect(listed.err).toContain("b.sqlite");
});

test.each([[[]], [["--help"]], [["log", "--help"]], [["log", "x.sqlite", "list", "-h"]]])(
  "%j shows how it is used",
  async (args) => {
    expect(await rekishi(...args)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^Usage:/),
      err: "",
    });
  },
);
