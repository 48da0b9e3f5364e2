/** What a purge has removed is nowhere in the database any more, and each of its steps is small. */
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { parseLine } from "../../../src/log/line.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { allSegments, readColumns } from "../../../src/log/segments.ts";
import { verifyLog } from "../../../src/log/verify.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { makeEvent } from "../../support/events.ts";
import { appendRequest, localReader, sealAll } from "../../support/log-files.ts";

const NOW = Date.UTC(2026, 10, 22);
const EVENTS = 148;
const PURGED = 61;
const RETENTION_DAYS = 30;

/** Words that share no beginning, so that the index keeps each in full. */
const wordOf = (n: number) => ((n * 7_919) % 17_576).toString(26) + markOf(n);
/** What is in no other word. */
const markOf = (n: number) => `x${n}x`;

function filledLog(): { readonly sql: NodeSql; readonly log: Log } {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const options = { organizationId: "org_purge", random: () => 1, geometry: new Geometry(4, 4) };
  const log = new Log(sql, options);
  for (let n = 0; n < EVENTS; n++) {
    const event = makeEvent({
      actor: { id: `actor-${n}`, type: n < PURGED ? "robot" : "user" },
      metadata: { word: wordOf(n) },
    });
    log.append([appendRequest([event])], n < PURGED ? NOW : NOW + DAY_MS);
  }
  sealAll(log, NOW + DAY_MS);
  return { sql, log };
}

function wordsInIndex(sql: NodeSql): number[] {
  return Array.from({ length: EVENTS }, (_, n) => n).filter((n) => {
    const rows = sql.rows(
      "SELECT 1 FROM term_data WHERE instr(block, CAST(? AS BLOB)) > 0",
      markOf(n),
    );
    return Array.from(rows).length > 0;
  });
}

test("after a purge no column and no page of the index holds anything of what expired", async () => {
  const { sql, log } = filledLog();
  expect(allSegments(sql)[0]).toMatchObject({ id: 1, lastBlockId: 16 });
  expect(wordsInIndex(sql).slice(0, PURGED).length).toBeGreaterThan(PURGED / 2);
  const now = NOW + RETENTION_DAYS * DAY_MS + 1;
  while (!log.purge(now, RETENTION_DAYS).done) {
    // Until it is done.
  }
  const kept = Array.from({ length: EVENTS - PURGED }, (_, index) => `actor-${PURGED + index}`);
  const columns = allSegments(sql).map((segment) => readColumns(sql, segment));
  expect(columns.flatMap(({ actors }) => actors.values)).toEqual(kept);
  expect(columns.flatMap(({ actorTypes }) => actorTypes.values)).not.toContain("robot");
  expect(wordsInIndex(sql).filter((n) => n < PURGED)).toEqual([]);
  expect((await verifyLog(sql, localReader(sql))).faults).toEqual([]);
});

test("appends, sealing and a longer retention go on between the steps of a purge, and bring nothing back", async () => {
  const { sql, log } = filledLog();
  const now = NOW + RETENTION_DAYS * DAY_MS + 1;
  log.purge(now, RETENTION_DAYS);
  const everything = now - 10 * RETENTION_DAYS * DAY_MS;
  for (let n = EVENTS, isDone = false; !isDone; n++) {
    log.append([appendRequest([makeEvent({ metadata: { n } })])], now);
    sealAll(log, now);
    const page = log.search({ filter: {}, limit: 1_000, order: "asc" }, everything);
    expect(page.lines.map((line) => parseLine(line).seq)).toEqual(
      Array.from({ length: n + 1 - PURGED }, (_, index) => PURGED + 1 + index),
    );
    expect(log.oldestVisibleAt(everything)).toBe(NOW + DAY_MS);
    expect((await verifyLog(sql, localReader(sql))).faults).toEqual([]);
    isDone = log.purge(now, RETENTION_DAYS).done;
  }
  expect(log.oldestIngestedAt()).toBe(NOW + DAY_MS);
});

test("after a purge within a row of the tail, what expired is nowhere in the database", async () => {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const log = new Log(sql, { organizationId: "org_purge", random: () => 1 });
  const append = (n: number) =>
    log.append([appendRequest([makeEvent({ metadata: { word: markOf(n) } })])], NOW + n * DAY_MS);
  for (let n = 1; n <= 20; n++) {
    append(n);
  }
  const tail = () => Array.from(sql.rows<{ lines: string }>("SELECT lines FROM tail"));
  // Small commits share rows: they are deleted once, and counted once more, for several events.
  expect(tail().length).toBeLessThan(5);
  for (const expired of [1, 3, 9, 10, 16]) {
    const now = NOW + (expired + RETENTION_DAYS) * DAY_MS + 1;
    expect(log.oldestSeq(NOW + expired * DAY_MS + 1)).toBe(expired + 1);
    expect(log.oldestVisibleAt(NOW + expired * DAY_MS + 1)).toBe(NOW + (expired + 1) * DAY_MS);
    while (!log.purge(now, RETENTION_DAYS).done) {
      // Until it is done.
    }
    const stored = tail()
      .map(({ lines }) => lines)
      .join();
    const isStored = (n: number) => stored.includes(markOf(n));
    expect(Array.from({ length: 20 }, (_, n) => n + 1).find(isStored)).toBe(expired + 1);
    expect(log.unsealedSince).toBe(NOW + (expired + 1) * DAY_MS);
    expect((await verifyLog(sql, localReader(sql))).faults).toEqual([]);
  }
});
