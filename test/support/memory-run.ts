/**
 * Fills a log, then searches and counts it in every way, and prints the most memory that was kept, in bytes. A process
 * of its own, so that its heap can be limited: `node --expose-gc --max-old-space-size=… memory-run.ts <file> <events>`.
 */
import { Corpus } from "../../scripts/bench/corpus.ts";
import { NodeSql } from "../../src/cli/node-sql.ts";
import type { EventFilter } from "../../src/contract/event-query.ts";
import { canonicalJson } from "../../src/kernel/canonical-json.ts";
import type { Json } from "../../src/kernel/strict-json.ts";
import { FINGERPRINT_BYTES, fingerprintOf } from "../../src/log/idempotency.ts";
import { Log } from "../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../src/log/schema.ts";
import { migrate } from "../../src/sql/migrate.ts";

const BATCH = 1_000;
const MEASURED_EVENTS = 50_000;
const START_AT = Date.UTC(2026, 0, 1);
const [, , file = "", events = ""] = process.argv;

let peakBytes = 0;
function measure(): void {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  peakBytes = Math.max(peakBytes, heapUsed + external);
}

const sql = new NodeSql(file);
sql.run("PRAGMA synchronous = OFF");
migrate(sql, "log", LOG_MIGRATIONS);
const log = new Log(sql, { organizationId: "org_memory", random: () => 7 });
const corpus = new Corpus({ seed: 7, startAt: START_AT, meanGapMs: 864 });

let now = START_AT;
for (let done = 0; done < Number(events); done += BATCH) {
  const texts = Array.from({ length: BATCH }, () => {
    const event = corpus.next();
    now = Date.parse(event.occurred_at);
    return canonicalJson(event as unknown as Json);
  });
  const fingerprints = new Uint8Array(BATCH * FINGERPRINT_BYTES);
  texts.forEach((text, index) =>
    fingerprints.set(fingerprintOf(text, undefined), index * FINGERPRINT_BYTES),
  );
  log.append([{ events: texts, fingerprints }], now);
  while (log.sealable > 0) {
    log.sealStep(now);
  }
  if (done % MEASURED_EVENTS === 0) {
    measure();
  }
}

const filters: EventFilter[] = [
  {},
  { actions: ["document.viewed"] },
  { q: "action:document.viewed action:document.downloaded" },
  { q: "viewed downloaded" },
  { q: '"budget suzuki"' },
  { q: "-action:document.viewed" },
  { q: "契約" },
  { range_start: START_AT + 3_600_000, range_end: START_AT + 7_200_000 },
];
const facets = ["action", "actor", "actor_type", "target_type"] as const;
for (const filter of filters) {
  for (const order of ["asc", "desc"] as const) {
    const first = log.search({ filter, limit: 100, order }, 0);
    if (first.after !== null) {
      log.search({ filter, limit: 100, order, after: first.after }, 0);
    }
    measure();
  }
  log.stats({ filter, interval: "auto", timeZone: "Asia/Tokyo", facets, facetLimit: 1_000 }, 0);
  measure();
}
process.stdout.write(`${peakBytes}\n`);
