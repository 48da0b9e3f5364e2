/**
 * Queries of every kind, about events of every kind, against blocks and whole logs: the answers are those of matching
 * one event after the other.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { EventFilter, Position } from "../../../src/contract/event-query.ts";
import type { StoredEvent } from "../../../src/contract/event.ts";
import { canonicalJson } from "../../../src/kernel/canonical-json.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { encodeBlock } from "../../../src/log/block-codec.ts";
import { openBlock } from "../../../src/log/block-lines.ts";
import { BlockTest } from "../../../src/log/block-test.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { fingerprintOf } from "../../../src/log/idempotency.ts";
import { buildLine, parseLine } from "../../../src/log/line.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { compile } from "../../../src/query/match.ts";
import { parseQuery } from "../../../src/query/parse.ts";
import { queryText } from "../../../src/query/query-text.ts";
import type { Query } from "../../../src/query/query.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { sealAll } from "../../support/log-files.ts";
import { queryAbout, storedEvent } from "../query/arbitraries.ts";

const START = Date.UTC(2026, 9, 31);
const FIRST_SEQ = 5;

/** The text of an event, its time as the log keeps it. */
function textOf({ event }: StoredEvent): string {
  const occurred_at = new Date(Date.parse(event.occurred_at)).toISOString();
  return canonicalJson({ ...event, occurred_at } as unknown as Json);
}

function lineOf(stored: StoredEvent, index: number): string {
  const ingestedAt = START + Math.floor(index / 2) * 3_600_000;
  const seq = FIRST_SEQ + index;
  const facts = { organizationId: "org_1", seq, ingestedAt, random: index * 77 };
  return buildLine(textOf(stored), facts).text;
}

/** Some events, and a query about one of them as it is stored. */
function eventsAndQuery(maxLength: number) {
  return fc
    .array(storedEvent, { minLength: 1, maxLength })
    .map((events) => events.map(lineOf))
    .chain((lines) =>
      fc
        .nat(lines.length - 1)
        .chain((at) => queryAbout(parseLine(lines[at] ?? "")))
        .map((query) => ({ lines, query })),
    );
}

function expected(lines: readonly string[], query: Query): boolean[] {
  const matches = compile(query);
  return lines.map((line) => matches(parseLine(line)));
}

test("what a block answers from its values is what its lines answer", () => {
  let matched = 0;
  fc.assert(
    fc.property(eventsAndQuery(12), ({ lines, query }) => {
      const block = openBlock(encodeBlock(lines, lines.map(parseLine)));
      expect(block.values).toBeDefined();
      const matches = new BlockTest(query).matching(block);
      const wanted = expected(lines, query);
      expect(Array.from({ length: block.count }, (_, event) => matches.has(event))).toEqual(wanted);
      matched += wanted.filter((matches) => matches).length;
    }),
    { numRuns: 400 },
  );
  expect(matched).toBeGreaterThan(150);
});

test("lines that a block keeps as they are answer too", () => {
  fc.assert(
    fc.property(eventsAndQuery(5), ({ lines, query }) => {
      const spaced = lines.map((line) => line.replace('{"event":', '{ "event":'));
      const block = openBlock(encodeBlock(spaced, spaced.map(parseLine)));
      expect(block.values).toBe(undefined);
      const matches = new BlockTest(query).matching(block);
      expect(Array.from({ length: block.count }, (_, event) => matches.has(event))).toEqual(
        expected(lines, query),
      );
    }),
    { numRuns: 200 },
  );
});

/** Blocks of 4 events and segments of 1, 2 and 4 of them, and a tail; a page may read 3 blocks. */
function logOf(lines: readonly string[]): Log {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const geometry = new Geometry(4, 2);
  const log = new Log(sql, {
    organizationId: "org_1",
    random: () => 1,
    geometry,
    searchBlocksMax: 3,
    countStepBlocks: 2,
  });
  lines.map(parseLine).forEach((stored, index) => {
    const text = textOf(stored);
    const fingerprints = fingerprintOf(text, `key ${index}`);
    log.append([{ events: [text], fingerprints }], START + index * 1_000);
  });
  sealAll(log, START);
  return log;
}

function searchAll(log: Log, filter: EventFilter): string[] {
  const found: string[] = [];
  let after: Position | null | undefined;
  do {
    const page = log.search({ filter, order: "desc", limit: 3, ...(after && { after }) }, 0);
    found.push(...page.lines);
    after = page.after;
  } while (after !== null);
  return found;
}

test("what a log answers from columns, index, blocks and tail is what its lines answer", () => {
  const anyLog = fc
    .array(storedEvent, { minLength: 14, maxLength: 24, size: "max" })
    .map((events) => logOf(events.map(lineOf)))
    .chain((log) => {
      const lines = searchAll(log, {});
      return fc
        .tuple(...[0, 5, 13].map((at) => queryAbout(parseLine(lines[at] ?? ""))))
        .map((queries) => ({ log, lines, queries }));
    });
  fc.assert(
    fc.property(anyLog, ({ log, lines, queries }) => {
      for (const query of queries) {
        const q = queryText(query);
        if (q.length < 2_000 && parseQuery(q).ok) {
          const matches = compile(query);
          const wanted = lines.filter((line) => matches(parseLine(line)));
          expect(searchAll(log, { q }), q).toEqual(wanted);
          const { total } = log.stats(
            { filter: { q }, interval: "day", timeZone: "UTC", facets: [], facetLimit: 10 },
            0,
          );
          expect(total, q).toBe(wanted.length);
        }
      }
    }),
    { numRuns: 25 },
  );
});
