/** Columns come back from the database as they were written, however large they are. */
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { AuditEvent } from "../../../src/contract/event.ts";
import { type Columns, ColumnsBuilder } from "../../../src/log/columns.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import {
  columnSizes,
  deleteSegment,
  encodeSegment,
  readColumns,
  readSummary,
  writeSegment,
} from "../../../src/log/segments.ts";
import { summarize } from "../../../src/log/summary.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { firstRow } from "../../../src/sql/sql.ts";
import { makeEvent } from "../../support/events.ts";

const NOW = Date.UTC(2026, 10, 22);

function columnsOf(events: number, targets: number): Columns {
  const builder = new ColumnsBuilder();
  for (let n = 0; n < events; n++) {
    const event = makeEvent({
      action: `action.${n % 5}`,
      occurred_at: new Date(NOW + (n % 7) * 100_000).toISOString(),
      actor: { id: `actor ${n}`, type: `type ${n % 3}` },
      targets: Array.from({ length: targets }, (_, t) => ({
        id: `${n}/${t}`,
        type: `kind ${t % 2}`,
      })),
    });
    builder.add(event as AuditEvent);
  }
  return builder.columns();
}

/** With the codes as numbers: they may be wider when they are read. */
function plain({ times, actions, actors, actorTypes, targets }: Columns) {
  const coded = [actions, actors, actorTypes, targets.types];
  return {
    times,
    coded: coded.map(({ dictionary, codes }) => [dictionary, Array.from(codes)]),
    starts: targets.starts,
    idHashes: targets.idHashes,
  };
}

test.each([
  ["few events", 3, 1, 1],
  ["a block", 256, 2, 1],
  ["a block of many targets", 256, 50, 7],
  ["many blocks", 4_096, 2, 7],
])("the columns of %s", (_, events, targets, rows) => {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const columns = columnsOf(events, targets);
  const extent = { firstSeq: 1, lastSeq: events, firstIngestedAt: NOW, lastIngestedAt: NOW };
  const times = { minOccurredAt: NOW, maxOccurredAt: NOW + 600_000 };
  const [before, info, after] = [1, 2, 3].map((id) => ({
    id,
    lastBlockId: id,
    ...extent,
    ...times,
  }));
  if (before === undefined || info === undefined || after === undefined) {
    throw new Error("There are three.");
  }
  const others = columnsOf(2, 0);
  writeSegment(sql, encodeSegment(before, others));
  writeSegment(sql, encodeSegment(info, columns));
  writeSegment(sql, encodeSegment(after, others));
  expect(plain(readColumns(sql, info))).toEqual(plain(columns));
  expect(readSummary(sql, info.id)).toEqual(summarize(columns));
  // Ids of four bytes, behind their length.
  expect(columnSizes(sql, info.id)).toContain(events * targets * 4 + 4);
  const count = () => firstRow<{ rows: number }>(sql, "SELECT count(*) AS rows FROM vector")?.rows;
  expect(count()).toBe(rows + 2);
  deleteSegment(sql, info);
  expect(count()).toBe(2);
  expect(plain(readColumns(sql, before))).toEqual(plain(others));
  expect(plain(readColumns(sql, after))).toEqual(plain(others));
});
