/** A reader that goes from run to run decodes exactly the log, however it is cut, sealed and purged. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { EventFilter } from "../../../src/contract/event-query.ts";
import { readEvent } from "../../../src/contract/event.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { decodeBlock } from "../../../src/log/block-lines.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { fingerprintOf } from "../../../src/log/idempotency.ts";
import { parseLine } from "../../../src/log/line.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { SEALING_STEPS } from "../../../src/log/seal.ts";
import { compile } from "../../../src/query/match.ts";
import { whereOf } from "../../../src/query/where.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { makeEvent } from "../../support/events.ts";

const NOW = Date.UTC(2026, 10, 22);

function logOf(events: number, sealed: number): Log {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const geometry = new Geometry(4, 2);
  const log = new Log(sql, { organizationId: "org_encoded", random: () => 1, geometry });
  for (let n = 0; n < events; n++) {
    const occurredAt = new Date(NOW - ((n * 7) % 11) * 60_000).toISOString();
    const input = makeEvent({ action: `a.${n % 5}`, occurred_at: occurredAt, metadata: { n } });
    const text = readEvent(input as unknown as Json, "event");
    const event = text.ok ? text.value : "";
    log.append(
      [{ events: [event], fingerprints: fingerprintOf(event, undefined) }],
      NOW + n * DAY_MS,
    );
  }
  for (let step = 0; step < sealed * SEALING_STEPS && log.sealable > 0; step++) {
    log.sealStep(NOW);
  }
  return log;
}

/** All stored lines that a reader of `encodedRun` sees, in the order in which it sees them. */
function readEncodedLog(
  log: Log,
  fromSeq: number,
  toSeq: number,
  filter: EventFilter,
  cutoff: number,
) {
  const lines: string[] = [];
  let lost = 0;
  for (let seq = fromSeq; seq <= toSeq;) {
    const run = log.encodedRun({ fromSeq: seq, toSeq }, filter, cutoff);
    lost += run.firstSeq - seq;
    for (const piece of run.pieces) {
      if (piece.kind === "stored") {
        throw new Error("Nothing of this log is in a blob store.");
      }
      const decoded = piece.kind === "block" ? decodeBlock(piece.bytes) : piece.lines;
      expect(decoded).toHaveLength(piece.lastSeq - piece.firstSeq + 1);
      lines.push(...decoded.slice(Math.max(0, run.firstSeq - piece.firstSeq)));
    }
    expect(run.nextSeq).toBeGreaterThan(seq);
    seq = run.nextSeq;
  }
  return { lines: lines.filter((line) => parseLine(line).seq <= toSeq), lost };
}

const anyLog = fc.record({
  events: fc.nat(40),
  sealed: fc.nat(20),
  fromSeq: fc.integer({ min: 1, max: 20 }),
  toSeq: fc.nat(40),
  cutoffDays: fc.nat(45),
  filter: fc.constantFrom<EventFilter>(
    {},
    { actions: ["a.3"] },
    { q: "a.2" },
    { q: "nowhere" },
    { range_start: NOW - 5 * 60_000, range_end: NOW - 2 * 60_000 },
  ),
});

test("runs that follow one another hold every event that matches and has not expired, once and in order", () => {
  fc.assert(
    fc.property(anyLog, ({ events, sealed, fromSeq, toSeq: wanted, cutoffDays, filter }) => {
      const log = logOf(events, sealed);
      const toSeq = Math.min(wanted, log.headSeq);
      const cutoff = NOW + cutoffDays * DAY_MS;
      const where = whereOf(filter);
      const matches = where.ok ? compile(where.value) : () => false;
      const matching = (lines: readonly string[]) =>
        lines
          .map(parseLine)
          .filter(matches)
          .map(({ seq }) => seq);
      const all = Array.from(
        { length: log.headSeq },
        (_, index) => log.after(index, 0).lines[0] ?? "",
      );
      const expected = all.filter((line) => {
        const { seq, ingested_at } = parseLine(line);
        return seq >= fromSeq && seq <= toSeq && Date.parse(ingested_at) >= cutoff;
      });
      const { lines, lost } = readEncodedLog(log, fromSeq, toSeq, filter, cutoff);
      expect(matching(lines)).toEqual(matching(expected));
      const expired = Math.min(Math.max(0, cutoffDays + 1 - fromSeq), toSeq + 1 - fromSeq);
      expect(fromSeq <= toSeq ? lost : 0).toBe(fromSeq <= toSeq ? expired : 0);
    }),
  );
});

test("what the extents of sealed events say holds for every event in them", () => {
  const log = logOf(40, 20);
  const extents = log.sealedExtents({ fromSeq: 6, toSeq: 30 }, 0);
  expect(extents.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
    [1, 8],
    [9, 16],
    [17, 24],
    [25, 32],
  ]);
  const { lines } = readEncodedLog(log, 1, 32, {}, 0);
  for (const { seq, event } of lines.map(parseLine)) {
    const extent = extents.find(({ firstSeq, lastSeq }) => seq >= firstSeq && seq <= lastSeq);
    const occurredAt = Date.parse(event.occurred_at);
    expect(occurredAt).toBeGreaterThanOrEqual(extent?.minOccurredAt ?? Infinity);
    expect(occurredAt).toBeLessThanOrEqual(extent?.maxOccurredAt ?? -Infinity);
  }
});
