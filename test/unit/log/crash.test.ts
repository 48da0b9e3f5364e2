/** A crash at any statement of sealing, purging or appending leaves the log as it was, or as it was to be. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import { readEvent } from "../../../src/contract/event.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { fingerprintOf } from "../../../src/log/idempotency.ts";
import { parseLine } from "../../../src/log/line.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import type { Sql } from "../../../src/sql/sql.ts";
import { makeEvent } from "../../support/events.ts";
import { FusedSql, isCrash } from "../../support/fused-sql.ts";
import { sealAll, sealTail } from "../../support/log-files.ts";

const NOW = Date.UTC(2026, 10, 22);
const EVENTS = 21;

function openLog(sql: Sql): Log {
  return new Log(sql, {
    organizationId: "org_crash",
    random: () => 1,
    geometry: new Geometry(4, 2),
    purgeStepRows: 2,
  });
}

function append(log: Log, n: number, now: number): void {
  const text = readEvent(makeEvent({ metadata: { n } }) as unknown as Json, "event");
  const event = text.ok ? text.value : "";
  log.append([{ events: [event], fingerprints: fingerprintOf(event, undefined) }], now);
}

function allLines(log: Log, cutoff: number): string[] {
  const lines: string[] = [];
  for (let run = log.after(0, cutoff); run.lines.length > 0;) {
    lines.push(...run.lines);
    run = log.after(parseLine(run.lines.at(-1) ?? "").seq, cutoff);
  }
  return lines;
}

function filledLog(): NodeSql {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const log = openLog(sql);
  for (let n = 0; n < EVENTS; n++) {
    append(log, n, NOW + n * DAY_MS);
  }
  return sql;
}

function crashes(body: () => void): void {
  try {
    body();
  } catch (error) {
    isCrash(error);
  }
}

test("sealing that dies anywhere changes no line, and goes on after a restart", () => {
  fc.assert(
    fc.property(fc.nat(160), (statements) => {
      const sql = filledLog();
      const before = allLines(openLog(sql), 0);
      const dying = openLog(new FusedSql(sql, statements));
      crashes(() => sealAll(dying, NOW));
      const log = openLog(sql);
      expect(allLines(log, 0)).toEqual(before);
      sealAll(log, NOW);
      expect(allLines(log, 0)).toEqual(before);
      const query = { filter: { q: "document.shared" }, order: "asc", limit: 100 } as const;
      expect(log.search(query, 0).lines).toEqual(before);
      sql.close();
    }),
    { numRuns: 60 },
  );
});

test("sealing the beginning of a block, and the rest of it later, dies anywhere and changes no line", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(40), (first, second) => {
      const sql = filledLog();
      sealAll(openLog(sql), NOW);
      crashes(() => sealTail(openLog(new FusedSql(sql, first)), NOW));
      const beginning = openLog(sql);
      sealTail(beginning, NOW);
      expect(beginning.unsealedSince).toBe(undefined);
      for (let n = EVENTS; n < EVENTS + 5; n++) {
        append(beginning, n, NOW + EVENTS * DAY_MS);
      }
      const before = allLines(beginning, 0);
      expect(before).toHaveLength(EVENTS + 5);
      crashes(() => sealAll(openLog(new FusedSql(sql, second)), NOW));
      const log = openLog(sql);
      expect(allLines(log, 0)).toEqual(before);
      sealAll(log, NOW);
      expect(allLines(log, 0)).toEqual(before);
      const query = { filter: { q: "document.shared" }, order: "asc", limit: 100 } as const;
      expect(log.search(query, 0).lines).toEqual(before);
      sql.close();
    }),
    { numRuns: 60 },
  );
});

test("a purge that dies anywhere removes nothing that has not expired, and is recorded once", () => {
  const now = NOW + 40 * DAY_MS;
  fc.assert(
    fc.property(fc.nat(100), fc.boolean(), (statements, isSealed) => {
      const sql = filledLog();
      const filled = openLog(sql);
      if (isSealed) {
        sealAll(filled, NOW);
      }
      const kept = allLines(filled, now - 30 * DAY_MS);
      const dying = openLog(new FusedSql(sql, statements));
      crashes(() => {
        while (!dying.purge(now, 30).done) {
          // Until it is done, or dead.
        }
      });
      const log = openLog(sql);
      while (!log.purge(now, 30).done) {
        // Until it is done.
      }
      const lines = allLines(log, 0);
      const records = lines.filter((line) => line.includes("rekishi.retention_purged"));
      expect(lines.slice(0, kept.length)).toEqual(kept);
      expect(lines).toHaveLength(kept.length + 1);
      expect(records.map((line) => parseLine(line).event.metadata?.["count"])).toEqual([
        EVENTS - kept.length,
      ]);
      sql.close();
    }),
    { numRuns: 60 },
  );
});
