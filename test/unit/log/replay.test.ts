/** What it costs when events come again that were stored before. */
import { beforeEach, expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import { FINGERPRINT_BYTES } from "../../../src/log/idempotency.ts";
import { type AppendRequest, Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import type { Sql, SqlRow, SqlValue } from "../../../src/sql/sql.ts";
import { makeEvent } from "../../support/events.ts";
import { heapBytes, MEBIBYTE } from "../../support/heap.ts";
import { appendRequest, sealAll } from "../../support/log-files.ts";

const NOW = Date.UTC(2026, 10, 22);
const BATCH_EVENTS = 1_000;

/** Counts what is read. */
class CountedSql implements Sql {
  readonly #sql = new NodeSql(":memory:");
  bytesRead = 0;

  *rows<Row extends SqlRow>(statement: string, ...bindings: readonly SqlValue[]): Iterable<Row> {
    for (const row of this.#sql.rows<Row>(statement, ...bindings)) {
      this.bytesRead += Object.values(row).reduce<number>((sum, value) => sum + sizeOf(value), 0);
      yield row;
    }
  }

  run(statement: string, ...bindings: readonly SqlValue[]): void {
    this.#sql.run(statement, ...bindings);
  }

  transaction<T>(body: () => T): T {
    return this.#sql.transaction(body);
  }
}

function sizeOf(value: SqlValue): number {
  return typeof value === "object" || typeof value === "string" ? (value?.length ?? 0) : 8;
}

function batchOf(from: number): AppendRequest {
  return appendRequest(
    Array.from({ length: BATCH_EVENTS }, (_, n) => makeEvent({ metadata: { n: from + n } })),
  );
}

function storedBytes({ events }: AppendRequest): number {
  return events.reduce((sum, { length }) => sum + length, 0);
}

let sql = new CountedSql();
let log: Log;

beforeEach(() => {
  sql = new CountedSql();
  migrate(sql, "log", LOG_MIGRATIONS);
  log = new Log(sql, { organizationId: "org_1", random: () => 7 });
});

function bytesReadBy(body: () => void): number {
  const before = sql.bytesRead;
  body();
  return sql.bytesRead - before;
}

function appendAgain(batch: AppendRequest): void {
  const [receipts] = log.append([batch], NOW).receipts;
  expect(receipts?.every(({ seq, replayed }, n) => replayed && seq === n + 1)).toBe(true);
}

test("a batch that comes again is read once, whether it is sealed by then or not", () => {
  const batch = batchOf(0);
  log.append([batch], NOW);
  expect(bytesReadBy(() => appendAgain(batch))).toBeLessThan(3 * storedBytes(batch));
  sealAll(log, NOW);
  expect(bytesReadBy(() => appendAgain(batch))).toBeLessThan(3 * storedBytes(batch));
});

test("a batch that comes again hours later reads its fingerprints once", () => {
  const batch = batchOf(0);
  log.append([batch], NOW);
  // So many that the fingerprints of the first are known by a filter only.
  for (let n = 1; n <= 18; n++) {
    log.append([batchOf(n * BATCH_EVENTS)], NOW);
    sealAll(log, NOW);
  }
  expect(bytesReadBy(() => appendAgain(batch))).toBeLessThan(3 * storedBytes(batch));
});

test("of a batch with one new event among many known ones, only that is kept in memory", () => {
  const known = batchOf(0);
  log.append([known], NOW);
  const withOneNew = (n: number): AppendRequest => {
    const added = appendRequest([makeEvent({ metadata: { n: BATCH_EVENTS + n } })]);
    const fingerprints = Uint8Array.from(known.fingerprints);
    fingerprints.set(added.fingerprints, fingerprints.length - FINGERPRINT_BYTES);
    return { events: [...known.events.slice(0, -1), ...added.events], fingerprints };
  };
  const appendNew = (from: number) => {
    for (let n = from; n < from + 100; n++) {
      expect(log.append([withOneNew(n)], NOW).lines).toHaveLength(1);
    }
  };
  appendNew(0);
  const before = heapBytes();
  appendNew(100);
  expect((heapBytes() - before) / MEBIBYTE).toBeLessThan(0.5);
});
