/**
 * The engine against a simple model: an array. Random interleavings of append, replay, seal, search, count, read,
 * purge and restart must give the same answers as the array does. Blocks are of 4 events and segments of 2 blocks, so
 * that a short history has many of them; a page may read 2 blocks, so that many a search stops early.
 *
 * `npm run test:nightly` runs many more cases, with a seed that it prints.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { EventFilter, EventQuery, Position } from "../../../src/contract/event-query.ts";
import { type AuditEvent, readEvent } from "../../../src/contract/event.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { IDEMPOTENCY_WINDOW_MS } from "../../../src/kernel/limits.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { FINGERPRINT_BYTES, fingerprintOf } from "../../../src/log/idempotency.ts";
import { parseLine } from "../../../src/log/line.ts";
import { Log } from "../../../src/log/log.ts";
import { PURGED_ACTION, retentionCutoff } from "../../../src/log/retention.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { verifyLog } from "../../../src/log/verify.ts";
import { compile } from "../../../src/query/match.ts";
import { parseQuery } from "../../../src/query/parse.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { anyEvent, anyFilter } from "../../support/arbitraries.ts";
import type { EventInput } from "../../support/events.ts";
import { meetsFilter } from "../../support/filter.ts";

const ORGANIZATION = "org_model";
const RETENTION_DAYS = 30;

interface ModelEvent {
  readonly seq: number;
  readonly id: string;
  readonly text: string;
  readonly occurredAt: number;
  readonly ingestedAt: number;
  readonly key: string;
}

type NewEvent = { readonly event: EventInput; readonly key: string | undefined };

type Step =
  | { readonly kind: "append"; readonly requests: readonly (readonly NewEvent[])[] }
  | {
      readonly kind: "search";
      readonly filter: EventFilter;
      readonly limit: number;
      readonly order: "asc" | "desc";
    }
  | { readonly kind: "read"; readonly at: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "seal"; readonly blocks: number }
  | {
      readonly kind: "count";
      readonly filter: EventFilter;
      readonly interval: keyof typeof STEP_MS;
    }
  | { readonly kind: "purge" }
  | { readonly kind: "restart" };

const newEvent: fc.Arbitrary<NewEvent> = fc.record({
  event: anyEvent,
  key: fc.option(fc.constantFrom("k1", "k2"), { nil: undefined }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      requests: fc.array(fc.array(newEvent, { minLength: 1, maxLength: 5 }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("search" as const),
      filter: anyFilter,
      limit: fc.integer({ min: 1, max: 7 }),
      order: fc.constantFrom("asc" as const, "desc" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), at: fc.nat(60) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      // Also backwards: a clock may be set back.
      ms: fc.constantFrom(-5_000, 1, 1_000, 12 * 3_600_000, DAY_MS, 10 * DAY_MS, 30 * DAY_MS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("purge" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("seal" as const), blocks: fc.constantFrom(1, 2, 9) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("count" as const),
      filter: anyFilter,
      interval: fc.constantFrom("minute" as const, "hour" as const, "day" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

class Model {
  now = Date.UTC(2026, 10, 22);
  headIngestedAt = 0;
  nextSeq = 1;
  events: ModelEvent[] = [];

  visible(): ModelEvent[] {
    const cutoff = retentionCutoff(this.now, RETENTION_DAYS);
    return this.events.filter((event) => event.ingestedAt >= cutoff);
  }

  replayOf(key: string): ModelEvent | undefined {
    const since = this.now - IDEMPOTENCY_WINDOW_MS;
    return this.events.find((event) => event.key === key && event.ingestedAt >= since);
  }
}

function openLog(sql: NodeSql): Log {
  let random = 0;
  return new Log(sql, {
    organizationId: ORGANIZATION,
    random: () => random++,
    purgeStepRows: 2,
    geometry: new Geometry(4, 2),
    searchBlocksMax: 2,
  });
}

function textOf(event: EventInput): string {
  const text = readEvent(event as unknown as Json, "event");
  if (!text.ok) {
    throw new Error(text.failure.message);
  }
  return text.value;
}

test("any interleaving of append, replay, read, purge and restart agrees with a plain list", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const sql = new NodeSql(":memory:");
      migrate(sql, "log", LOG_MIGRATIONS);
      let log = openLog(sql);
      const model = new Model();
      for (const each of steps) {
        if (each.kind === "restart") {
          log = openLog(sql);
          expect(verifyLog(sql).faults).toEqual([]);
        } else {
          run(log, model, each);
        }
        expect(log.headSeq).toBe(model.nextSeq - 1);
      }
      sql.close();
    }),
    { numRuns: Number(process.env["REKISHI_CASES"] ?? 150) },
  );
});

function run(log: Log, model: Model, each: Exclude<Step, { kind: "restart" }>): void {
  switch (each.kind) {
    case "append":
      return append(log, model, each.requests);
    case "search":
      return search(log, model, each);
    case "read":
      return readOne(log, model, each.at);
    case "wait":
      model.now += each.ms;
      return;
    case "seal":
      for (let block = 0; block < each.blocks && log.sealable > 0; block++) {
        log.sealStep(model.now);
      }
      return;
    case "count":
      return count(log, model, each.filter, each.interval);
    case "purge":
      return purge(log, model);
  }
}

function append(log: Log, model: Model, requests: readonly (readonly NewEvent[])[]): void {
  model.headIngestedAt = Math.max(model.headIngestedAt, model.now);
  const appended = log.append(
    requests.map((events) => {
      const texts = events.map(({ event }) => textOf(event));
      const fingerprints = new Uint8Array(events.length * FINGERPRINT_BYTES);
      texts.forEach((text, index) =>
        fingerprints.set(fingerprintOf(text, events[index]?.key), index * FINGERPRINT_BYTES),
      );
      return { events: texts, fingerprints };
    }),
    model.now,
  );
  const receipts = appended.receipts.flat();
  requests.flat().forEach(({ event, key }, index) => {
    const receipt = receipts[index];
    const text = textOf(event);
    const identity = JSON.stringify([key ?? null, text]);
    const known = model.replayOf(identity);
    if (known !== undefined) {
      expect(receipt).toEqual({ id: known.id, seq: known.seq, replayed: true });
      return;
    }
    expect(receipt).toMatchObject({ seq: model.nextSeq, replayed: false });
    model.events.push({
      seq: model.nextSeq++,
      id: receipt?.id ?? "",
      text,
      occurredAt: Date.parse(event.occurred_at ?? ""),
      ingestedAt: model.headIngestedAt,
      key: identity,
    });
  });
}

function search(
  log: Log,
  model: Model,
  { filter, limit, order }: { filter: EventFilter; limit: number; order: "asc" | "desc" },
): void {
  const cutoff = retentionCutoff(model.now, RETENTION_DAYS);
  const expected = model
    .visible()
    .filter((event) => selects(filter, event))
    .toSorted((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq)
    .map((event) => event.id);
  if (order === "desc") {
    expected.reverse();
  }
  const walk = (direction: "after" | "before", start?: Position): string[] => {
    const ids: string[] = [];
    let pages = 0;
    let cursor: Position | null = start ?? null;
    do {
      const query: EventQuery = { filter, limit, order, ...(cursor && { [direction]: cursor }) };
      const page = log.search(query, cutoff);
      const found = page.lines.map((line) => parseLine(line).id);
      ids.push(...(direction === "after" ? found : found.toReversed()));
      cursor = page[direction];
      // A cursor that stands still would go round for ever.
      expect(++pages).toBeLessThan(1_000);
    } while (cursor !== null);
    return ids;
  };
  expect(walk("after")).toEqual(expected);
  const lastSeen = model.visible().find((event) => event.id === expected.at(-1));
  if (lastSeen !== undefined) {
    const end = { occurredAt: lastSeen.occurredAt, seq: lastSeen.seq };
    expect(walk("before", end)).toEqual(expected.slice(0, -1).toReversed());
  }
}

function count(log: Log, model: Model, filter: EventFilter, interval: keyof typeof STEP_MS): void {
  const cutoff = retentionCutoff(model.now, RETENTION_DAYS);
  const found = model.visible().filter((event) => selects(filter, event));
  const facets = ["action", "actor", "actor_type", "target_type"] as const;
  const query = { filter, interval, timeZone: "UTC", facets, facetLimit: 1_000 };
  const stats = log.stats(query, cutoff);
  expect(stats.total).toBe(found.length);
  const step = STEP_MS[interval];
  const starts = found.map(({ occurredAt }) => Math.floor(occurredAt / step) * step);
  expect(new Map(stats.histogram)).toEqual(countsOf(starts));
  const events = found.map(({ text }) => JSON.parse(text) as AuditEvent);
  const expected = {
    action: events.map(({ action }) => action),
    actor: events.map(({ actor }) => actor.id),
    actor_type: events.map(({ actor }) => actor.type),
    target_type: events.flatMap(({ targets }) => [...new Set(targets.map(({ type }) => type))]),
  };
  for (const { name, values, other } of stats.facets) {
    expect(new Map(values)).toEqual(countsOf(expected[name]));
    expect(other).toBe(0);
  }
}

const STEP_MS = { minute: 60_000, hour: 3_600_000, day: DAY_MS };

function countsOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function selects(
  { q, ...filter }: EventFilter,
  { seq, id, text, ingestedAt }: ModelEvent,
): boolean {
  const event = JSON.parse(text) as AuditEvent;
  const ingested_at = new Date(ingestedAt).toISOString();
  const stored = { event, id, seq, organization_id: ORGANIZATION, ingested_at };
  const parsed = parseQuery(q ?? "");
  return meetsFilter(filter, event) && parsed.ok && compile(parsed.value)(stored);
}

function readOne(log: Log, model: Model, at: number): void {
  const cutoff = retentionCutoff(model.now, RETENTION_DAYS);
  const event = model.events[at];
  const line = event && log.get(event.id, cutoff);
  if (event !== undefined) {
    const isVisible = event.ingestedAt >= cutoff;
    expect(line === undefined ? undefined : JSON.stringify(parseLine(line).event)).toBe(
      isVisible ? JSON.stringify(JSON.parse(event.text)) : undefined,
    );
  }
  if (event !== undefined && line !== undefined) {
    expect(parseLine(line).ingested_at).toBe(new Date(event.ingestedAt).toISOString());
  }
  const run = log.after(at, cutoff);
  const following = model.visible().filter(({ seq }) => seq > at);
  expect(run.lines.map((line) => parseLine(line).seq)).toEqual(
    following.slice(0, run.lines.length).map(({ seq }) => seq),
  );
  expect(run.lines.length > 0).toBe(following.length > 0);
}

function purge(log: Log, model: Model): void {
  const visible = model.visible();
  const gone = model.events.slice(0, model.events.length - visible.length);
  let record = log.purge(model.now, RETENTION_DAYS);
  while (!record.done) {
    record = log.purge(model.now, RETENTION_DAYS);
  }
  model.events = visible;
  if (gone.length === 0) {
    expect(record.record.lines).toEqual([]);
    return;
  }
  const [line = ""] = record.record.lines;
  const stored = parseLine(line);
  expect(stored.event.action).toBe(PURGED_ACTION);
  expect(stored.event.metadata).toEqual({
    count: gone.length,
    first_seq: gone[0]?.seq,
    last_seq: gone.at(-1)?.seq,
    retention_days: RETENTION_DAYS,
  });
  model.headIngestedAt = Math.max(model.headIngestedAt, model.now);
  model.events.push({
    seq: model.nextSeq++,
    id: stored.id,
    text: JSON.stringify(stored.event),
    occurredAt: model.now,
    ingestedAt: model.headIngestedAt,
    key: `rekishi ${stored.id}`,
  });
}
