/** How much a search reads, where answers alone would not show it. */
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { Position } from "../../../src/contract/event-query.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { makeEvent } from "../../support/events.ts";
import { appendRequest, sealAll } from "../../support/log-files.ts";

const NOW = Date.UTC(2026, 10, 22);
const BLOCKS = 64;

test.each(["asc", "desc"] as const)(
  "a search %s of words that never meet reads no block of a large segment twice",
  (order) => {
    const sql = new NodeSql(":memory:");
    migrate(sql, "log", LOG_MIGRATIONS);
    const geometry = new Geometry(4, 8);
    const options = { organizationId: "org_work", random: () => 1, searchBlocksMax: 4 };
    const log = new Log(sql, { ...options, geometry });
    const events = Array.from({ length: 4 * BLOCKS }, (_, n) =>
      makeEvent({
        action: n % 2 === 0 ? "alpha" : "beta",
        occurred_at: new Date(NOW + n * 1_000).toISOString(),
        metadata: { n },
      }),
    );
    log.append([appendRequest(events)], NOW);
    sealAll(log, NOW);
    let pages = 0;
    let after: Position | null | undefined;
    do {
      const from = after && { after };
      const page = log.search({ filter: { q: "alpha beta" }, limit: 5, order, ...from }, 0);
      expect(page.lines).toEqual([]);
      after = page.after;
      pages++;
    } while (after !== null);
    expect(pages).toBeLessThan(BLOCKS / 3);
  },
);
