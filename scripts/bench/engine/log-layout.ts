/** The engine as it stands in an object, without the object. */
import type { EventFilter, EventQuery } from "../../../src/contract/event-query.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { FINGERPRINT_BYTES } from "../../../src/log/idempotency.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import type { Sql } from "../../../src/sql/sql.ts";
import { Random } from "../random.ts";
import type { Found, Layout, PreparedEvent } from "./layout.ts";

const FACETS = ["action", "actor", "actor_type", "target_type"] as const;
/** Everything is visible until a purge is measured. */
const NO_CUTOFF = 0;
/** Far below the time after which the benchmark's own request for it would be given up. */
const SEARCH_MS_MAX = 60_000;

export class LogLayout implements Layout {
  readonly #log: Log;

  constructor(sql: Sql) {
    migrate(sql, "log", LOG_MIGRATIONS);
    const random = new Random(1);
    this.#log = new Log(sql, { organizationId: "org_bench", random: () => random.uint32() });
  }

  append(events: readonly PreparedEvent[], now: number): void {
    const fingerprints = new Uint8Array(events.length * FINGERPRINT_BYTES);
    events.forEach(({ fingerprint }, index) =>
      fingerprints.set(fingerprint, index * FINGERPRINT_BYTES),
    );
    this.#log.append([{ events: events.map(({ text }) => text), fingerprints }], now);
    while (this.#log.sealable > 0) {
      this.#log.sealStep(now);
    }
  }

  search(filter: EventFilter, limit: number): Found {
    const endsAt = performance.now() + SEARCH_MS_MAX;
    let [hits, requests] = [0, 0];
    let after: EventQuery["after"] | null;
    do {
      const from = after && { after };
      const query: EventQuery = { filter, limit: limit - hits, order: "desc", ...from };
      const page = this.#log.search(query, NO_CUTOFF);
      after = page.after;
      hits += page.lines.length;
      requests++;
    } while (after !== null && hits < limit && performance.now() < endsAt);
    return { hits, requests, isCut: after !== null && hits < limit };
  }

  stats(filter: EventFilter): number {
    const query = {
      filter,
      interval: "auto",
      timeZone: "UTC",
      facets: FACETS,
      facetLimit: 20,
    } as const;
    return this.#log.stats(query, NO_CUTOFF).total;
  }

  purgeStep(before: number, now: number): boolean {
    return this.#log.purge(now, (now - before) / DAY_MS).done;
  }
}
