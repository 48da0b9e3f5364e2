/**
 * Offloading against a process that dies at any statement or request, and a store that fails and lies at every step:
 * no event is lost, no object is forgotten, and what is read is what was written or a failure.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventFilter, EventQuery } from "../../../src/contract/event-query.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { ok } from "../../../src/kernel/result.ts";
import { decodeBlock } from "../../../src/log/block-lines.ts";
import { fetchPiece } from "../../../src/log/encoded.ts";
import { ORDERED_LIMITS, SEARCH_LIMITS } from "../../../src/log/offload/offload-reader.ts";
import { offloadStep, returnBlocks } from "../../../src/log/offload/offload-step.ts";
import { PURGED_ACTION } from "../../../src/log/retention.ts";
import { verifyLog } from "../../../src/log/verify.ts";
import { makeEvent } from "../../support/events.ts";
import type { Fault } from "../../support/faulty-disk.ts";
import { FusedSql, isCrash } from "../../support/fused-sql.ts";
import { appendRequest, sealAll } from "../../support/log-files.ts";
import { OffloadedLog } from "../../support/offloaded-log.ts";

const NOW = Date.UTC(2026, 10, 22);
const EVENTS = 30;
const DAYS = 30;

/** The event of an actor who has no other. */
const RARE = 6;

/** A log of an event a day, in 7 blocks and a tail, as it is after so many days. */
function filledLog(days = DAYS): OffloadedLog {
  const subject = new OffloadedLog({ now: NOW });
  for (let n = 1; n <= EVENTS; n++) {
    const actor = { id: n === RARE ? "rare" : "usual", type: "user" };
    const event = makeEvent({ action: n % 3 === 0 ? "a" : "b", actor, metadata: { n } });
    subject.log.append([appendRequest([event])], NOW + (n - 1) * DAY_MS);
  }
  sealAll(subject.log, NOW);
  subject.time.now = NOW + days * DAY_MS;
  return subject;
}

async function offloadedLog(days = DAYS): Promise<OffloadedLog> {
  const subject = filledLog(days);
  await subject.offloadAll();
  return subject;
}

async function readAll({ log, reader }: OffloadedLog): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const run = await reader.read((fetched) => log.after(lines.length, 0, fetched), ORDERED_LIMITS);
    if (!run.ok || run.value.lines.length === 0) {
      expect(run.ok).toBe(true);
      return lines;
    }
    lines.push(...run.value.lines);
  }
}

async function searchAll({ log, reader }: OffloadedLog, filter: EventFilter): Promise<string[]> {
  const lines: string[] = [];
  let query: EventQuery | undefined = { filter, order: "asc", limit: 100 };
  while (query !== undefined) {
    const asked: EventQuery = query;
    const page = await reader.read((fetched) => log.search(asked, 0, fetched), SEARCH_LIMITS);
    expect(page.ok).toBe(true);
    const { lines: found, after } = page.ok ? page.value : { lines: [], after: null };
    lines.push(...found);
    query = after === null ? undefined : { ...asked, after };
  }
  return lines;
}

async function purge(subject: OffloadedLog): Promise<void> {
  for (;;) {
    const { done, awayBlockId } = subject.log.purge(subject.time.now, DAYS);
    if (done) {
      return;
    }
    if (awayBlockId !== undefined) {
      await returnBlocks(subject.ports(), awayBlockId);
    }
  }
}

test("offloading that dies at any statement loses no event and forgets no object", async () => {
  const sound = await readAll(filledLog());
  await fc.assert(
    fc.asyncProperty(fc.nat(40), async (statements) => {
      const subject = filledLog();
      subject.restart(new FusedSql(subject.file, statements));
      await subject.offloadAll().catch(isCrash);
      subject.restart();
      expect(await readAll(subject)).toEqual(sound);
      await subject.offloadAll();
      expect(await readAll(subject)).toEqual(sound);
      const { known, stored } = subject.keys();
      expect(known).toHaveLength(3);
      expect(stored).toEqual(known);
      expect((await verifyLog(subject.file, subject.reader)).faults).toEqual([]);
    }),
    { numRuns: 41 },
  );
});

test("offloading that dies at any request to the store loses no event and forgets no object", async () => {
  const sound = await readAll(filledLog());
  for (let changes = 0; changes < 8; changes++) {
    const subject = filledLog();
    subject.disk.changesLeft = changes;
    await subject.offloadAll().catch(isStoreError);
    subject.restart();
    subject.disk.changesLeft = Infinity;
    expect(await readAll(subject)).toEqual(sound);
    await subject.offloadAll();
    expect(subject.keys().stored).toEqual(subject.keys().known);
    expect(await readAll(subject)).toEqual(sound);
  }
});

test("a purge of offloaded blocks that dies at any statement removes what has expired, once, and its objects", async () => {
  // Days 1 to 10 have expired: a run of 8 events whole, and the next in part.
  const days = DAYS + 10;
  await fc.assert(
    fc.asyncProperty(fc.nat(60), async (statements) => {
      const subject = await offloadedLog(days);
      subject.restart(new FusedSql(subject.file, statements));
      await purge(subject).catch(isCrash);
      subject.restart();
      await purge(subject);
      await subject.deleteAll();
      const { known, stored } = subject.keys();
      expect(known).toHaveLength(1);
      expect(stored).toEqual(known);
      const found = await searchAll(subject, { actions: [PURGED_ACTION] });
      expect(found).toHaveLength(1);
      const { faults, firstSeq } = await verifyLog(subject.file, subject.reader);
      expect([faults, firstSeq]).toEqual([[], 11]);
    }),
    { numRuns: 61 },
  );
});

describe("a store that lies", () => {
  test.each<Fault>(["lose", "lie", "cut", "fail", "late"])(
    "when it is given a copy (%s) keeps no block from staying in the database until a copy is sound",
    async (fault) => {
      const subject = filledLog();
      const sound = await readAll(subject);
      subject.disk.faults = [fault];
      await expect(subject.offloadAll()).rejects.toThrow(/blob_|sent again/);
      const away = subject.file.rows("SELECT * FROM offload WHERE ingested_at IS NOT NULL");
      expect([...away]).toEqual([]);
      await subject.offloadAll();
      expect(await readAll(subject)).toEqual(sound);
    },
  );

  test("after the copy was confirmed: a file that a power cut has emptied is sent again", async () => {
    const subject = filledLog();
    await offloadStep({ ...subject.ports(), keepMs: 60_000 });
    const [key = ""] = subject.keys().known;
    subject.disk.files.set(key, new Uint8Array());
    subject.time.now += 60_000;
    await expect(offloadStep(subject.ports())).rejects.toThrow(/sent again/);
    await subject.offloadAll();
    expect(subject.disk.files.get(key)?.byteLength).toBeGreaterThan(100);
    expect(await readAll(subject)).toHaveLength(EVENTS);
  });

  test.each<Fault>(["lie", "cut", "fail"])(
    "when it is read (%s) twice is a failure, and once is not",
    async (fault) => {
      const subject = await offloadedLog();
      const ask = (order: "asc" | "desc") =>
        subject.reader.read(
          (fetched) => subject.log.search({ filter: {}, order, limit: 1 }, 0, fetched),
          SEARCH_LIMITS,
        );
      // Before each block, the disk adapter looks whether the object is in parts.
      subject.disk.faults = ["none", fault, "none", fault];
      expect(await ask("asc")).toMatchObject({
        ok: false,
        failure: { code: "tenant_unavailable" },
      });
      expect(await ask("desc")).toMatchObject({ ok: true });
      subject.disk.faults = ["none", fault];
      expect(await ask("asc")).toMatchObject({ ok: true });
    },
  );
});

test("an append that repeats a sealed event of the last 24 hours needs no store", async () => {
  const subject = filledLog();
  const event = makeEvent({ metadata: { repeated: true } });
  const [first] = subject.log.append([appendRequest([event])], subject.time.now).receipts;
  const others = Array.from({ length: 20 }, (_, n) => makeEvent({ metadata: { other: n } }));
  subject.log.append([appendRequest(others)], subject.time.now);
  sealAll(subject.log, subject.time.now);
  subject.time.now += DAY_MS - 1;
  await subject.offloadAll();
  subject.restart();
  const [again] = subject.log.append([appendRequest([event])], subject.time.now).receipts;
  expect(again).toMatchObject([{ seq: first?.[0]?.seq, replayed: true }]);
});

test("pieces of the log that are in the store are fetched from there by whoever reads them", async () => {
  const subject = await offloadedLog();
  const sound = await readAll(subject);
  const lines: string[] = [];
  const kinds: string[] = [];
  for (let fromSeq = 1; fromSeq <= EVENTS;) {
    const run = subject.log.encodedRun({ fromSeq, toSeq: EVENTS }, {}, 0);
    kinds.push(...run.pieces.map(({ kind }) => kind));
    for (const piece of run.pieces) {
      const held = piece.kind === "stored" ? await fetchPiece(subject.store, piece) : ok([piece]);
      for (const one of held.ok ? held.value : []) {
        lines.push(...(one.kind === "block" ? decodeBlock(one.bytes) : one.lines));
      }
    }
    fromSeq = run.nextSeq;
  }
  expect(lines).toEqual(sound);
  expect(kinds).toEqual(["stored", "stored", "stored", "block", "lines"]);
});

function isStoreError(error: unknown): void {
  expect(String(error)).toMatch(/blob_/);
}

test("what columns can answer needs nothing of the store", async () => {
  const { log, reader } = await offloadedLog();
  const counting = { interval: "day", timeZone: "UTC", facets: ["actor"], facetLimit: 2 } as const;
  const rare: EventFilter = { actor_ids: ["rare"] };
  expect(log.stats({ filter: rare, ...counting }, 0).total).toBe(1);
  const query: EventQuery = { filter: { actions: ["b"], ...rare }, order: "desc", limit: 10 };
  expect(reader.now((fetched) => log.search(query, 0, fetched))?.lines).toEqual([]);
  const wanted: EventQuery = { ...query, filter: rare };
  expect(reader.now((fetched) => log.search(wanted, 0, fetched))).toBe(undefined);
});
