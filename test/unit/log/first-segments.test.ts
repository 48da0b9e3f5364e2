/**
 * Data folders of earlier versions. The first: segments of bare zstd frames with wide items, and loose blocks at the new
 * end. Later ones: codes that are bytes, ids of targets beside their types, an index that does not tell the words of kinds apart, and a row for
 * each vector of a small segment.
 */
import { zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { AuditEvent } from "../../../src/contract/event.ts";
import type { Codes } from "../../../src/log/bit-planes.ts";
import { blocksBetween, parseLines, readLines } from "../../../src/log/blocks.ts";
import type { CodedColumn } from "../../../src/log/coded-column.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { allSegments, readColumns, type SegmentInfo } from "../../../src/log/segments.ts";
import { unpackVectors, VECTOR_NAMES, type VectorName } from "../../../src/log/vector-codec.ts";
import { verifyLog } from "../../../src/log/verify.ts";
import { eventTerms } from "../../../src/query/index-terms.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { firstRow } from "../../../src/sql/sql.ts";
import { makeEvent } from "../../support/events.ts";
import { appendRequest, localReader, sealAll } from "../../support/log-files.ts";

const NOW = Date.UTC(2026, 10, 22);
const OPTIONS = { organizationId: "org_first", random: () => 1, geometry: new Geometry(4, 2) };

function append(log: Log, from: number, count: number): void {
  const events = Array.from({ length: count }, (_, index) => {
    const n = from + index;
    return makeEvent({
      action: n % 3 === 0 ? "document.printed" : "document.shared",
      occurred_at: new Date(NOW + (n % 5) * 1_000).toISOString(),
      actor: { id: `user_${n % 7}`, type: n % 2 === 0 ? "user" : "system" },
      targets: Array.from({ length: n % 3 }, (_, t) => ({ id: `d${n}_${t}`, type: `kind ${t}` })),
      metadata: { n },
    });
  });
  log.append([appendRequest(events)], NOW + from);
}

function pack(...parts: ArrayBufferView[]): Uint8Array {
  return zstdCompressSync(behindLengths(parts));
}

function behindLengths(parts: readonly ArrayBufferView[]): Buffer {
  const bytes = parts.flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(part.byteLength);
    return [length, Buffer.from(part.buffer, part.byteOffset, part.byteLength)];
  });
  return Buffer.concat(bytes);
}

function coded({ dictionary, codes }: { readonly dictionary: string; readonly codes: Codes }) {
  return [new TextEncoder().encode(dictionary), Uint16Array.from(codes)];
}

/** Writes a segment's vectors in a row each. */
function makeApart(sql: NodeSql, { id }: SegmentInfo): void {
  const all = firstRow<{ data: Uint8Array }>(
    sql,
    "SELECT data FROM vector WHERE id = ?",
    id * 8 + 7,
  );
  sql.run("DELETE FROM vector WHERE id = ?", id * 8 + 7);
  [...unpackVectors(all?.data ?? new Uint8Array()).values()].forEach((data, number) =>
    sql.run("INSERT INTO vector VALUES (?, ?)", id * 8 + number, data),
  );
}

/** Writes a segment's columns as the first release did. */
function makeFirst(sql: NodeSql, segment: SegmentInfo): void {
  const { times, actions, actors, actorTypes, targets } = readColumns(sql, segment);
  const vectors = [
    pack(times),
    pack(...coded(actions)),
    pack(...coded(actors)),
    pack(...coded(actorTypes)),
    pack(targets.starts, targets.idHashes, ...coded(targets.types)),
  ];
  makeApart(sql, segment);
  vectors.forEach((data, number) =>
    sql.run("UPDATE vector SET data = ? WHERE id = ?", data, segment.id * 8 + number),
  );
  forgetNewer(sql, segment);
}

/** Vectors and counts that came later. */
function forgetNewer(sql: NodeSql, { id }: SegmentInfo): void {
  sql.run("DELETE FROM vector WHERE id BETWEEN ? AND ?", id * 8 + 5, id * 8 + 7);
  sql.run(
    "UPDATE segment SET summary = json_remove(summary, '$.actors', '$.quarterRuns') WHERE id = ?",
    id,
  );
}

/** Writes a segment's targets as they were while their ids stood beside their types. */
function makeTargetsWithIds(sql: NodeSql, segment: SegmentInfo): void {
  const { starts, idHashes, types } = readColumns(sql, segment).targets;
  const counts = Uint8Array.from(starts.subarray(1), (end, event) => end - (starts[event] ?? 0));
  rewrite(sql, segment, "targets", [counts, idHashes, ...plainlyCoded(types)]);
  sql.run("DELETE FROM vector WHERE id = ?", segment.id * 8 + 5);
}

/** Writes a segment's codes as they were before they were planes of bits: bytes, whose number stands before them. */
function makePlainCodes(sql: NodeSql, segment: SegmentInfo): void {
  const { actions, actors, actorTypes } = readColumns(sql, segment);
  const [, ...actorCodes] = plainlyCoded(actors);
  rewrite(sql, segment, "actions", plainlyCoded(actions));
  rewrite(sql, segment, "actors", actorCodes);
  rewrite(sql, segment, "actorTypes", plainlyCoded(actorTypes));
}

/** Writes a segment's actors as they were before their names were a vector of their own. */
function makeActorsWithNames(sql: NodeSql, segment: SegmentInfo): void {
  rewrite(sql, segment, "actors", plainlyCoded(readColumns(sql, segment).actors));
  sql.run("DELETE FROM vector WHERE id = ?", segment.id * 8 + VECTOR_NAMES.indexOf("actorNames"));
}

function plainlyCoded({ dictionary, codes }: CodedColumn): ArrayBufferView[] {
  const bytes = Uint8Array.from(codes);
  return [new TextEncoder().encode(dictionary), Uint8Array.of(bytes.BYTES_PER_ELEMENT), bytes];
}

/** Stores a vector without compression. */
function rewrite(
  sql: NodeSql,
  { id }: SegmentInfo,
  name: VectorName,
  parts: readonly ArrayBufferView[],
): void {
  const body = behindLengths(parts);
  const head = Buffer.alloc(5);
  head.writeUInt8(1);
  head.writeUInt32LE(body.byteLength, 1);
  const data = Buffer.concat([head, body]);
  sql.run("UPDATE vector SET data = ? WHERE id = ?", data, id * 8 + VECTOR_NAMES.indexOf(name));
}

/** Indexes every word as any other, as it was before words of kinds were told apart. */
function makePlainIndex(sql: NodeSql): void {
  for (const { id } of blocksBetween(sql, 0, Infinity)) {
    const terms = new Set<string>();
    eventTerms(parseLines(readLines(sql, id)), (term) => terms.add(term));
    sql.run("DELETE FROM term WHERE rowid = ?", id);
    sql.run("INSERT INTO term (rowid, terms) VALUES (?, ?)", id, [...terms].join(" "));
  }
}

/** Two segments, a loose block, and a tail. */
function firstLog(): NodeSql {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const log = new Log(sql, { ...OPTIONS, geometry: new Geometry(4, 2) });
  append(log, 1, 38);
  sealAll(log, NOW);
  const [older, newer, single] = allSegments(sql);
  for (const segment of [older, newer]) {
    makeFirst(sql, segment as SegmentInfo);
  }
  sql.run("DELETE FROM segment WHERE id = ?", single?.id ?? 0);
  sql.run(
    "DELETE FROM vector WHERE id BETWEEN ? AND ?",
    8 * (single?.id ?? 0),
    8 * (single?.id ?? 0) + 7,
  );
  sql.run("UPDATE block SET segment_id = NULL WHERE id = ?", single?.id ?? 0);
  return sql;
}

function answersOf(log: Log) {
  const filters = [
    {},
    { actions: ["document.printed"] },
    { actor_ids: ["user_3"], actor_types: ["user"] },
    { target_types: ["kind 1"] },
    { target_ids: ["d20_1"] },
    { range_start: NOW + 1_000, range_end: NOW + 3_000 },
    { q: "printed" },
    { q: "printed user" },
    { q: "-printed kind" },
  ];
  const facets = ["action", "actor", "actor_type", "target_type"] as const;
  return filters.map((filter) => [
    log.search({ filter, limit: 100, order: "desc" }, 0).lines,
    log.stats({ filter, interval: "minute", timeZone: "UTC", facets, facetLimit: 50 }, 0),
  ]);
}

test("a log of a later version gives the same answers as one of today, also when it has grown", () => {
  const [sql, today] = [new NodeSql(":memory:"), new NodeSql(":memory:")];
  const [expected, log] = [today, sql].map((file) => {
    migrate(file, "log", LOG_MIGRATIONS);
    const filled = new Log(file, OPTIONS);
    append(filled, 1, 38);
    sealAll(filled, NOW);
    return filled;
  }) as [Log, Log];
  for (const makeOlder of [makeApart, makeTargetsWithIds, makePlainCodes, makeActorsWithNames]) {
    allSegments(sql).forEach((segment) => makeOlder(sql, segment));
    expect(answersOf(log)).toEqual(answersOf(expected));
  }
  makePlainIndex(sql);
  expect(answersOf(log)).toEqual(answersOf(expected));
  for (const each of [log, expected]) {
    append(each, 39, 30);
    sealAll(each, NOW);
  }
  expect(answersOf(log)).toEqual(answersOf(expected));
  expect(allSegments(sql)).toEqual(allSegments(today));
});

test("a log of the first release gives the same answers as one of today, and is joined as it grows", async () => {
  const today = new NodeSql(":memory:");
  migrate(today, "log", LOG_MIGRATIONS);
  const expected = new Log(today, OPTIONS);
  append(expected, 1, 38);
  const sql = firstLog();
  const first = new Log(sql, OPTIONS);
  expect(answersOf(first)).toEqual(answersOf(expected));
  for (const log of [first, expected]) {
    append(log, 39, 30);
    sealAll(log, NOW);
  }
  expect(answersOf(first)).toEqual(answersOf(expected));
  expect((await verifyLog(sql, localReader(sql))).faults).toEqual([]);
  const stored = first.search({ filter: {}, limit: 100, order: "asc" }, 0).lines;
  const events = stored.map((line) => (JSON.parse(line) as { event: AuditEvent }).event);
  expect(
    events.map(({ metadata }) => metadata?.["n"]).toSorted((a, b) => Number(a) - Number(b)),
  ).toEqual(Array.from({ length: 68 }, (_, index) => index + 1));
  // Blocks of four, joined by two and then by four: 17 blocks.
  expect(allSegments(sql).map(({ id, lastBlockId }) => [id, lastBlockId])).toEqual([
    [1, 4],
    [5, 8],
    [9, 12],
    [13, 16],
    [17, 17],
  ]);
});
