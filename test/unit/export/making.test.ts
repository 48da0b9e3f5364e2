/**
 * An export against a simple model: the events that match, sorted. Logs are cut into blocks of 4 events, files into parts
 * of some hundred bytes, and few events are held in memory, so that a short log has many of everything; the process dies
 * wherever it can.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { EventFilter } from "../../../src/contract/event-query.ts";
import { readEvent } from "../../../src/contract/event.ts";
import { fileFormat } from "../../../src/export/formats.ts";
import { type MadeExport, Making } from "../../../src/export/making.ts";
import { EXPORT_MIGRATIONS } from "../../../src/export/schema.ts";
import type { ExportSpec } from "../../../src/export/spec.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { sha256Hex } from "../../../src/kernel/sha256.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { fingerprintOf } from "../../../src/log/idempotency.ts";
import { parseLine } from "../../../src/log/line.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { SEALING_STEPS } from "../../../src/log/seal.ts";
import { compile } from "../../../src/query/match.ts";
import type { Query } from "../../../src/query/query.ts";
import { whereOf } from "../../../src/query/where.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import type { Sql } from "../../../src/sql/sql.ts";
import { anyEvent, anyFilter } from "../../support/arbitraries.ts";
import type { EventInput } from "../../support/events.ts";
import { FusedSql, isCrash } from "../../support/fused-sql.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const NOW = Date.UTC(2026, 10, 22);
const ORGANIZATION = "org_exported";

/** A log, and the store and database of an export of it. */
class Bench {
  readonly log: Log;
  readonly sql: Sql = new NodeSql(":memory:");
  readonly store: MemoryStore;
  readonly spec: ExportSpec;
  readonly where: Query;
  cutoff = 0;
  #now = NOW;
  /** Is done whenever the export asks the log for something. */
  meanwhile: () => void = () => undefined;

  constructor(events: readonly EventInput[], spec: Partial<ExportSpec>, store = new MemoryStore()) {
    const sql = new NodeSql(":memory:");
    migrate(sql, "log", LOG_MIGRATIONS);
    migrate(this.sql, "export", EXPORT_MIGRATIONS);
    this.store = store;
    this.log = new Log(sql, {
      organizationId: ORGANIZATION,
      random: () => 1,
      geometry: new Geometry(4, 2),
    });
    events.forEach((event, index) => this.append(event, index));
    this.spec = {
      id: "audit_log_export_1",
      organizationId: ORGANIZATION,
      region: null,
      filter: {},
      format: "ndjson",
      bom: false,
      firstSeq: 1,
      headSeq: this.log.headSeq,
      createdAt: NOW,
      ...spec,
    };
    const where = whereOf(this.spec.filter);
    if (!where.ok) {
      throw new Error(where.failure.message);
    }
    this.where = where.value;
  }

  /** One event a day is ingested. */
  append(input: EventInput, day: number): void {
    const text = readEvent(input as unknown as Json, "event");
    if (!text.ok) {
      throw new Error(text.failure.message);
    }
    const fingerprints = fingerprintOf(text.value, String(day));
    this.log.append([{ events: [text.value], fingerprints }], NOW + day * DAY_MS);
  }

  seal(blocks: number): void {
    for (let step = Math.min(blocks * SEALING_STEPS, this.log.sealable); step > 0; step--) {
      this.log.sealStep(NOW);
    }
  }

  making(sql: Sql, sizes: Sizes): Making {
    const ports = {
      sql,
      store: this.store,
      clock: () => this.#now++,
      pause: async () => undefined,
      isWanted: () => true,
      source: {
        extents: async (request: { fromSeq: number; toSeq: number }) => {
          this.meanwhile();
          return this.log.sealedExtents(request, this.cutoff);
        },
        run: async (request: { fromSeq: number; toSeq: number }, filter: EventFilter) => {
          this.meanwhile();
          return this.log.encodedRun(request, filter, this.cutoff);
        },
      },
    };
    return new Making(ports, this.spec, this.where, sizes);
  }

  /** Makes the export with processes that die after so many statements, the last of which does not. */
  async make(sizes: Sizes, deaths: readonly number[] = []): Promise<MadeExport> {
    for (const statements of [...deaths, Infinity]) {
      try {
        const made = await this.#untilMade(this.making(new FusedSql(this.sql, statements), sizes));
        return made;
      } catch (error) {
        isCrash(error);
      }
    }
    throw new Error("The export was never made.");
  }

  async #untilMade(making: Making): Promise<MadeExport> {
    for (let failures = 0; failures < 2_000;) {
      const made = await making.work(5);
      if (made.ok && made.value !== undefined) {
        return made.value;
      }
      failures += made.ok ? 0 : 1;
    }
    throw new Error("The export fails without end.");
  }

  file({ files }: MadeExport): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      this.store.blobs.get(files.events.key),
    );
  }

  /** What the file must be. */
  expected(lines: readonly string[]): string {
    const events = lines.map(parseLine).filter(compile(this.where));
    const at = ({ event }: (typeof events)[number]) => Date.parse(event.occurred_at);
    events.sort((a, b) => at(a) - at(b) || a.seq - b.seq);
    const format = fileFormat(this.spec);
    return format.head + events.map(format.row).join("");
  }

  lines(): string[] {
    const lines: string[] = [];
    for (let seq = 0; seq < this.log.headSeq;) {
      const run = this.log.after(seq, 0);
      lines.push(...run.lines);
      seq = run.firstSeq + run.lines.length - 1;
    }
    return lines;
  }
}

interface Sizes {
  readonly partBytes: number;
  readonly batchBytes: number;
  readonly heldBytesMax: number;
  readonly runsMax: number;
}

const anySizes: fc.Arbitrary<Sizes> = fc.record({
  partBytes: fc.integer({ min: 150, max: 3_000 }),
  batchBytes: fc.integer({ min: 1, max: 3_000 }),
  heldBytesMax: fc.integer({ min: 1, max: 4_000 }),
  runsMax: fc.integer({ min: 2, max: 3 }),
});
const anySpec = fc.record({
  filter: fc.oneof(fc.constant({}), anyFilter),
  format: fc.constantFrom("csv" as const, "ndjson" as const),
  bom: fc.boolean(),
});
const anyEvents = fc.array(anyEvent, { maxLength: 40 });
const SMALL: Sizes = { partBytes: 700, batchBytes: 500, heldBytesMax: 1_500, runsMax: 2 };

/** So many events whose times go up and down. */
function someEvents(count: number): EventInput[] {
  return Array.from({ length: count }, (_, n) => ({
    action: "document.shared",
    occurred_at: new Date(NOW + ((n * 37) % 61) * 60_000).toISOString(),
    actor: { id: `user_${n}`, type: "user" },
    targets: [],
    context: { location: "203.0.113.7" },
  }));
}

describe("the file of an export", () => {
  test("has exactly the events that match, by occurred_at and seq, wherever the process dies", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyEvents,
        anySpec,
        anySizes,
        fc.nat(10),
        fc.array(fc.nat(40), { maxLength: 6 }),
        async (events, spec, sizes, sealed, deaths) => {
          const bench = new Bench(events, spec);
          bench.seal(sealed);
          const lines = bench.lines();
          let day = events.length;
          // The log goes on: it grows, and what was in the tail becomes blocks.
          bench.meanwhile = () => {
            bench.seal(1);
            bench.append(someEvents(1)[0] as EventInput, day++);
          };
          const made = await bench.make(sizes, deaths);
          const file = bench.file(made);
          expect(file).toBe(bench.expected(lines));
          const bytes = new TextEncoder().encode(file);
          const { size, sha256 } = made.files.events;
          expect({ size, sha256 }).toEqual({ size: bytes.length, sha256: sha256Hex(bytes) });
        },
      ),
      { numRuns: 80 },
    );
  });

  test("lacks what retention removed before it was read, and the manifest counts that", async () => {
    const bench = new Bench(someEvents(40), {});
    bench.seal(10);
    const lines = bench.lines();
    let reads = 0;
    bench.meanwhile = () => {
      // After the first look, the first ten days expire.
      bench.cutoff = reads++ > 0 ? NOW + 10 * DAY_MS : 0;
    };
    const made = await bench.make(SMALL);
    expect(bench.file(made)).toBe(bench.expected(lines.slice(10)));
    const manifest = JSON.parse(
      new TextDecoder().decode(bench.store.blobs.get(made.files.manifest.key)),
    ) as unknown;
    expect(manifest).toMatchObject({ purged: 10, events: 30, seq: { first: 1, last: 40 } });
  });

  test("is made of few sorted runs, however many parts have an event that is far ahead of its time", async () => {
    const ahead = 365 * DAY_MS;
    const events = someEvents(400).map((event, n) => ({
      ...event,
      occurred_at: new Date(NOW + n * 60_000 + (n % 4 === 0 ? ahead : 0)).toISOString(),
    }));
    const bench = new Bench(events, {});
    bench.seal(100);
    const making = bench.making(bench.sql, { ...SMALL, heldBytesMax: 1_000_000 });
    let runsMax = 0;
    for (let isMade = false; !isMade;) {
      const made = await making.work(1);
      isMade = made.ok && made.value !== undefined;
      const [row] = bench.sql.rows<{ runs: number }>("SELECT count(*) AS runs FROM run");
      runsMax = Math.max(runsMax, row?.runs ?? 0);
    }
    expect(runsMax).toBeGreaterThan(1);
    expect(runsMax).toBeLessThan(12);
  });

  test("is empty but for the header when nothing matches", async () => {
    const bench = new Bench(someEvents(9), { format: "csv", filter: { actions: ["none"] } });
    bench.seal(1);
    const made = await bench.make(SMALL);
    expect(bench.file(made)).toMatch(/^id,seq,[a-z_,]+\r\n$/);
    const nothing = new Bench([], {});
    expect(nothing.file(await nothing.make(SMALL))).toBe("");
  });
});

describe("a blob store", () => {
  test.each(["refuses", "does it and does not say so"] as const)(
    "that %s every third call gets the same file",
    async (trouble) => {
      const store = new MemoryStore((call) => (call % 3 === 0 ? trouble : undefined));
      const bench = new Bench(someEvents(60), {}, store);
      bench.seal(8);
      const made = await bench.make(SMALL, [12, 25]);
      expect(bench.file(made)).toBe(bench.expected(bench.lines()));
    },
  );

  test("that cuts off what it is given is found out, and the export is not called finished", async () => {
    const store = new MemoryStore((call) => (call === 3 ? "cuts off what it is given" : undefined));
    const bench = new Bench(someEvents(60), {}, store);
    const making = bench.making(bench.sql, SMALL);
    const faults: string[] = [];
    while (faults.length < 3) {
      const made = await making.work(1);
      expect(made.ok ? made.value : undefined).toBeUndefined();
      if (!made.ok) {
        faults.push(made.failure.code);
      }
    }
    expect(new Set(faults)).toEqual(new Set(["blob_corrupt"]));
  });
});
