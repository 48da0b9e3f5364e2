/**
 * The engine against a simple model: an array. Random interleavings of append, replay, seal, offload, search, count,
 * read, purge and restart must give the same answers as the array does. Blocks are of 4 events and segments of 2
 * blocks, so that a short history has many of them; a page may read 2 blocks, so that many a search stops early.
 *
 * The blob store fails and lies at random. Then a read may fail, and never answers wrongly.
 *
 * `npm run test:nightly` runs many more cases, with a seed that it prints.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventFilter, EventQuery, Position } from "../../../src/contract/event-query.ts";
import type { AuditEvent } from "../../../src/contract/event.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { IDEMPOTENCY_WINDOW_MS } from "../../../src/kernel/limits.ts";
import { type FetchedBlocks, NOTHING_FETCHED } from "../../../src/log/fetched-blocks.ts";
import { parseLine } from "../../../src/log/line.ts";
import type { LineRun, Log } from "../../../src/log/log.ts";
import { deletionStep, offloadStep, returnBlocks } from "../../../src/log/offload/offload-step.ts";
import { PURGED_ACTION, retentionCutoff } from "../../../src/log/retention.ts";
import { SEALING_STEPS } from "../../../src/log/seal.ts";
import type { LogStats } from "../../../src/log/stats.ts";
import { verifyLog } from "../../../src/log/verify.ts";
import { compile } from "../../../src/query/match.ts";
import { parseQuery } from "../../../src/query/parse.ts";
import { anyEvent, anyFilter } from "../../support/arbitraries.ts";
import type { EventInput } from "../../support/events.ts";
import { anyFaults, type Fault } from "../../support/faulty-disk.ts";
import { meetsFilter } from "../../support/filter.ts";
import { appendRequest, textOf } from "../../support/log-files.ts";
import { OffloadedLog, ORGANIZATION } from "../../support/offloaded-log.ts";

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
  | { readonly kind: "seal"; readonly steps: number }
  | {
      readonly kind: "count";
      readonly filter: EventFilter;
      readonly interval: keyof typeof STEP_MS;
    }
  | { readonly kind: "purge"; readonly steps: number }
  | { readonly kind: "seal tail"; readonly steps: number }
  | { readonly kind: "offload"; readonly steps: number }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] }
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
      ms: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(-5_000, 1, 1_000, 12 * 3_600_000, DAY_MS) },
        { weight: 1, arbitrary: fc.constantFrom(10 * DAY_MS, 25 * DAY_MS, 30 * DAY_MS) },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("purge" as const),
      steps: fc.constantFrom(1, 3, Infinity),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("seal tail" as const),
      steps: fc.constantFrom(1, 3, SEALING_STEPS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("seal" as const),
      steps: fc.constantFrom(1, 3, 7, 40),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("count" as const),
      filter: anyFilter,
      interval: fc.constantFrom("minute" as const, "hour" as const, "day" as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("offload" as const),
      steps: fc.constantFrom(1, 2, 5, 20),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("faults" as const), faults: anyFaults }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

const steps = fc.array(step, { maxLength: 60, size: "max" });

/** Half of the histories begin with a log that is old and mostly in the blob store: by chance few would get there. */
const history: fc.Arbitrary<Step[]> = fc.oneof(
  steps,
  fc
    .tuple(
      fc.array(newEvent, { minLength: 20, maxLength: 40, size: "max" }),
      fc.constantFrom(0, 20 * DAY_MS),
      steps,
    )
    .map(([events, ms, later]): Step[] => [
      ...chunks(events, 3).flatMap((request): Step[] => [
        { kind: "append", requests: [request] },
        { kind: "wait", ms: DAY_MS },
      ]),
      { kind: "wait", ms: 2 * DAY_MS },
      { kind: "seal", steps: 40 },
      { kind: "offload", steps: 20 },
      { kind: "wait", ms },
      ...later,
    ]),
);

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

class Model {
  now = Date.UTC(2026, 10, 22);
  headIngestedAt = 0;
  nextSeq = 1;
  events: ModelEvent[] = [];
  /** What the purge under way removes. */
  gone: readonly ModelEvent[] = [];

  visible(): ModelEvent[] {
    const cutoff = retentionCutoff(this.now, RETENTION_DAYS);
    return this.events.filter((event) => event.ingestedAt >= cutoff);
  }

  replayOf(key: string): ModelEvent | undefined {
    const since = this.now - IDEMPOTENCY_WINDOW_MS;
    return this.events.findLast((event) => event.key === key && event.ingestedAt >= since);
  }
}

/** A log that offloads, and a store that the model knows to be faulty. */
class Subject extends OffloadedLog {
  /** The answer, which may take a second attempt when the store is faulty. */
  async read<T>(ask: (log: Log, fetched: FetchedBlocks) => T): Promise<T> {
    const run = (fetched: FetchedBlocks) => ask(this.log, fetched);
    const limits = { firstBlocks: 1, blocks: 2, ms: Infinity };
    const faulty = await this.reader.read(run, limits);
    if (faulty.ok) {
      return faulty.value;
    }
    expect(faulty.failure.code).toBe("tenant_unavailable");
    this.disk.faults = [];
    const sound = await this.reader.read(run, limits);
    expect(sound.ok).toBe(true);
    return sound.ok ? sound.value : run(NOTHING_FETCHED);
  }

  async verify(): Promise<void> {
    this.disk.faults = [];
    expect((await verifyLog(this.file, this.reader)).faults).toEqual([]);
  }

  async offload(steps: number): Promise<void> {
    const ports = { ...this.ports(), keepMs: 1_000 };
    for (let step = 0; step < steps; step++) {
      this.time.now += 600;
      // Jobs are tried again later, as here in the next step.
      await offloadStep(ports).catch(ignoreStoreError);
      await deletionStep(ports).catch(ignoreStoreError);
    }
  }

  async bringHome(blockId: number): Promise<void> {
    await returnBlocks(this.ports(), blockId).catch(async (error: unknown) => {
      ignoreStoreError(error);
      this.disk.faults = [];
      await returnBlocks(this.ports(), blockId);
    });
  }

  /** When all that was to be deleted is deleted, the store holds what the database knows of and nothing else. */
  async settle(): Promise<void> {
    this.disk.faults = [];
    await deletionStep({ ...this.ports(), clock: () => Infinity });
    const { known, stored } = this.keys();
    const confirmed = this.file.rows<{ key: string }>(
      "SELECT key FROM offload WHERE copied_at > 0",
    );
    expect(known).toEqual(expect.arrayContaining(stored));
    expect(stored).toEqual(expect.arrayContaining(Array.from(confirmed, ({ key }) => key)));
  }
}

function ignoreStoreError(error: unknown): void {
  expect(String(error)).toMatch(/blob_(unavailable|corrupt|not_found|range)|are sent again/);
}

test("any interleaving of append, replay, read, offload, purge by steps and restart agrees with a plain list", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const model = new Model();
      const subject = new Subject(model);
      for (const each of steps) {
        await run(subject, model, each);
        expect(subject.log.headSeq).toBe(model.nextSeq - 1);
      }
      await subject.settle();
      subject.file.close();
    }),
    { numRuns: Number(process.env["REKISHI_CASES"] ?? 120) },
  );
});

async function run(subject: Subject, model: Model, each: Step): Promise<void> {
  switch (each.kind) {
    case "append":
      return append(subject.log, model, each.requests);
    case "search":
      return search(subject, model, each);
    case "read":
      return readOne(subject, model, each.at);
    case "wait":
      model.now += each.ms;
      return;
    case "seal":
      for (let step = 0; step < each.steps && subject.log.sealable > 0; step++) {
        subject.log.sealStep(model.now);
      }
      return;
    case "seal tail":
      for (let step = 0; step < each.steps && subject.log.sealable === 0; step++) {
        subject.log.sealTailStep(model.now);
      }
      return;
    case "count":
      return count(subject, model, each.filter, each.interval);
    case "purge":
      return purge(subject, model, each.steps);
    case "offload":
      return subject.offload(each.steps);
    case "faults":
      subject.disk.faults = [...each.faults];
      return;
    case "restart":
      subject.restart();
      return subject.verify();
  }
}

function append(log: Log, model: Model, requests: readonly (readonly NewEvent[])[]): void {
  model.headIngestedAt = Math.max(model.headIngestedAt, model.now);
  const appended = log.append(
    requests.map((events) =>
      appendRequest(
        events.map(({ event }) => event),
        events.map(({ key }) => key),
      ),
    ),
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

async function search(
  subject: Subject,
  model: Model,
  { filter, limit, order }: { filter: EventFilter; limit: number; order: "asc" | "desc" },
): Promise<void> {
  const cutoff = retentionCutoff(model.now, RETENTION_DAYS);
  const expected = model
    .visible()
    .filter((event) => selects(filter, event))
    .toSorted((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq)
    .map((event) => event.id);
  if (order === "desc") {
    expected.reverse();
  }
  const walk = async (direction: "after" | "before", start?: Position): Promise<string[]> => {
    const ids: string[] = [];
    let pages = 0;
    let cursor: Position | null = start ?? null;
    do {
      const query: EventQuery = { filter, limit, order, ...(cursor && { [direction]: cursor }) };
      const page = await subject.read((log, fetched) => log.search(query, cutoff, fetched));
      const found = page.lines.map((line) => parseLine(line).id);
      ids.push(...(direction === "after" ? found : found.toReversed()));
      cursor = page[direction];
      // A cursor that stands still would go round for ever.
      expect(++pages).toBeLessThan(1_000);
    } while (cursor !== null);
    return ids;
  };
  expect(await walk("after")).toEqual(expected);
  const lastSeen = model.visible().find((event) => event.id === expected.at(-1));
  if (lastSeen !== undefined) {
    const end = { occurredAt: lastSeen.occurredAt, seq: lastSeen.seq };
    expect(await walk("before", end)).toEqual(expected.slice(0, -1).toReversed());
  }
}

async function count(
  subject: Subject,
  model: Model,
  filter: EventFilter,
  interval: keyof typeof STEP_MS,
): Promise<void> {
  const cutoff = retentionCutoff(model.now, RETENTION_DAYS);
  const found = model.visible().filter((event) => selects(filter, event));
  const facets = ["action", "actor", "actor_type", "target_type"] as const;
  const query = { filter, interval, timeZone: "UTC", facets, facetLimit: 1_000 };
  const counting = subject.log.count(query, cutoff);
  let stats: LogStats | undefined;
  while (stats === undefined) {
    stats = await subject.read((_, fetched) => counting(fetched));
  }
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

async function readOne(subject: Subject, model: Model, at: number): Promise<void> {
  const cutoff = retentionCutoff(model.now, RETENTION_DAYS);
  const event = model.events[at];
  const line = event && (await subject.read((log, fetched) => log.get(event.id, cutoff, fetched)));
  if (event !== undefined) {
    const isVisible = event.ingestedAt >= cutoff;
    expect(line === undefined ? undefined : JSON.stringify(parseLine(line).event)).toBe(
      isVisible ? JSON.stringify(JSON.parse(event.text)) : undefined,
    );
  }
  if (event !== undefined && line !== undefined) {
    expect(parseLine(line).ingested_at).toBe(new Date(event.ingestedAt).toISOString());
  }
  const run = await subject.read((log, fetched) => log.after(at, cutoff, fetched));
  const following = model.visible().filter(({ seq }) => seq > at);
  expect(run.lines.map((line) => parseLine(line).seq)).toEqual(
    following.slice(0, run.lines.length).map(({ seq }) => seq),
  );
  expect(run.lines.length > 0).toBe(following.length > 0);
}

async function purge(subject: Subject, model: Model, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    if (model.gone.length === 0) {
      const visible = model.visible();
      model.gone = model.events.slice(0, model.events.length - visible.length);
      model.events = visible;
    }
    const { done, record, awayBlockId } = subject.log.purge(model.now, RETENTION_DAYS);
    if (awayBlockId !== undefined) {
      await subject.bringHome(awayBlockId);
    }
    if (done) {
      return recordPurge(model, record);
    }
  }
}

function recordPurge(model: Model, { lines }: LineRun): void {
  const { gone } = model;
  if (gone.length === 0) {
    expect(lines).toEqual([]);
    return;
  }
  model.gone = [];
  const [line = ""] = lines;
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
