import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { fingerprintOf } from "../../../src/log/idempotency.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { makeEvent } from "../../support/events.ts";
import { sealAll, textOf } from "../../support/log-files.ts";

const NOW = Date.UTC(2026, 10, 22);

function openLog(): Log {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  return new Log(sql, { organizationId: "org_1", random: () => 7 });
}

function append(log: Log, event: string, key: string | undefined, now: number) {
  const request = { events: [event], fingerprints: fingerprintOf(event, key) };
  return log.append([request], now).receipts[0]?.[0];
}

const EVENT = '{"action":"a"}';

test("a replay gets the first id and seq for 24 hours, and is a new event after them", () => {
  const log = openLog();
  const first = append(log, EVENT, "k", NOW);
  expect(append(log, EVENT, "k", NOW + DAY_MS)).toEqual({ ...first, replayed: true });
  expect(append(log, EVENT, "k", NOW + DAY_MS + 1)).toMatchObject({ seq: 2, replayed: false });
});

test("the same key with another event is another event", () => {
  const log = openLog();
  append(log, EVENT, "k", NOW);
  expect(append(log, '{"action":"b"}', "k", NOW)).toMatchObject({ seq: 2, replayed: false });
});

test("without a key the event itself is the key, apart from every client key", () => {
  const log = openLog();
  append(log, EVENT, undefined, NOW);
  expect(append(log, EVENT, undefined, NOW)).toMatchObject({ seq: 1, replayed: true });
  expect(append(log, EVENT, "k", NOW)).toMatchObject({ seq: 2, replayed: false });
});

test("where the key ends and the event begins cannot be shifted", () => {
  expect(fingerprintOf("bc", "a")).not.toEqual(fingerprintOf("c", "ab"));
});

test("among thousands of sealed events, each is known by its key alone", () => {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const options = { organizationId: "org_1", random: () => 7, geometry: new Geometry(4, 16) };
  const events = Array.from({ length: 1_000 }, (_, n) => textOf(makeEvent({ metadata: { n } })));
  const log = new Log(sql, options);
  const first = events.map((event) => append(log, event, undefined, NOW));
  sealAll(log, NOW);
  const later = new Log(sql, options);
  events.forEach((event, index) => {
    const replay = { ...first[index], replayed: true };
    expect(append(later, event, undefined, NOW + 1_000)).toEqual(replay);
    if (index % 10 === 0) {
      expect(append(log, event, undefined, NOW + 1_000)).toEqual(replay);
    }
  });
  expect(append(later, EVENT, undefined, NOW + 1_000)).toMatchObject({
    seq: 1_001,
    replayed: false,
  });
});

test("a log that is sealed for days keeps no fingerprint longer than its window, and finds all that are within it", () => {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const options = { organizationId: "org_1", random: () => 7, geometry: new Geometry(4, 16) };
  const log = new Log(sql, options);
  const eventOf = (n: number) => textOf(makeEvent({ metadata: { n } }));
  const stepMs = DAY_MS / 400;
  let now = NOW;
  for (let n = 0; n < 1_300; n++) {
    now += stepMs;
    append(log, eventOf(n), undefined, now);
    sealAll(log, now);
  }
  const rows = Array.from(sql.rows("SELECT first_seq FROM fingerprint_run"));
  expect(rows.length).toBeLessThan(110);
  for (const n of [1_299, 1_200, 1_040, 1_000, 920, 902]) {
    expect(append(log, eventOf(n), undefined, now)).toMatchObject({ seq: n + 1, replayed: true });
  }
  expect(append(log, eventOf(890), undefined, now)).toMatchObject({
    seq: 1_301,
    replayed: false,
  });
  expect(append(log, eventOf(890), undefined, now)).toMatchObject({ seq: 1_301, replayed: true });
});
