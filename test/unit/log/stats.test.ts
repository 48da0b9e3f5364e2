/**
 * Statistics of segments that are large enough for their summaries to say when events occurred, against counting one event
 * after the other.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { EventFilter } from "../../../src/contract/event-query.ts";
import type { AuditEvent } from "../../../src/contract/event.ts";
import { Geometry } from "../../../src/log/geometry.ts";
import { Log } from "../../../src/log/log.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import { allSegments, readSummary } from "../../../src/log/segments.ts";
import { migrate } from "../../../src/sql/migrate.ts";
import { makeEvent } from "../../support/events.ts";
import { meetsFilter } from "../../support/filter.ts";
import { appendRequest, sealAll } from "../../support/log-files.ts";

const START = Date.UTC(2026, 10, 22, 9, 7);
/** Those that are appended together expire together. */
const BATCH = 10;
const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

type Event = ReturnType<typeof makeEvent>;

/** Events in order but for some that are late, a few of each action, actor and types. */
const anyLog = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  gapMs: fc.constantFrom(3_000, 5_000, 60_000),
  /** One of so many events is late. */
  lateOneOf: fc.constantFrom(20, 200, 10_000),
  types: fc.integer({ min: 1, max: 2 }),
  filter: fc.constantFrom<EventFilter>(
    { actions: ["frequent"] },
    { actions: ["rare"] },
    { actor_ids: ["user 3"] },
    { actions: ["frequent"], actor_ids: ["user 0", "user 1"] },
    { actor_types: ["type 1"] },
    { target_types: ["kind 0"] },
    { range_start: START + 500_000, range_end: START + 2_000_000 },
    {},
  ),
  interval: fc.constantFrom("minute" as const, "hour" as const, "day" as const),
  /** So many events have expired. */
  expired: fc.constantFrom(0, 70, 300),
});

function eventsOf({
  seed,
  gapMs,
  lateOneOf,
  types,
}: {
  readonly seed: number;
  readonly gapMs: number;
  readonly lateOneOf: number;
  readonly types: number;
}): Event[] {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: 700 }, (_, index) => {
    const late = random(lateOneOf) === 0 ? 3_600_000 : 0;
    const kinds = random(types + 1);
    return makeEvent({
      action: random(5) < 3 ? "frequent" : random(40) === 0 ? "rare" : `other ${random(4)}`,
      occurred_at: new Date(START + index * gapMs - late).toISOString(),
      actor: { id: `user ${random(9)}`, type: `type ${random(types)}` },
      targets: Array.from({ length: types === 1 ? 1 : kinds }, (_, t) => ({
        id: `${index}/${t}`,
        type: `kind ${t}`,
      })),
    });
  });
}

function logOf(events: readonly Event[]): { readonly log: Log; readonly sql: NodeSql } {
  const sql = new NodeSql(":memory:");
  migrate(sql, "log", LOG_MIGRATIONS);
  const geometry = new Geometry(64, 2);
  const log = new Log(sql, { organizationId: "org_1", random: () => 1, geometry });
  for (let first = 0; first < events.length; first += BATCH) {
    log.append([appendRequest(events.slice(first, first + BATCH))], START + first);
  }
  sealAll(log, START);
  return { log, sql };
}

function countsOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

test("statistics are those of the events that match, one after the other", () => {
  let segmentsWithRuns = 0;
  fc.assert(
    fc.property(anyLog, ({ filter, interval, expired, ...how }) => {
      const events = eventsOf(how);
      const { log, sql } = logOf(events);
      const facets = ["action", "actor", "actor_type", "target_type"] as const;
      const query = { filter, interval, timeZone: "UTC", facets, facetLimit: 100 };
      const stats = log.stats(query, START + expired);
      const found = events
        .slice(expired)
        .filter((event) => meetsFilter(filter, event as AuditEvent));
      const step = STEP_MS[interval];
      const starts = found.map(({ occurred_at }) => {
        return Math.floor(Date.parse(occurred_at) / step) * step;
      });
      expect(stats.total).toBe(found.length);
      expect(new Map(stats.histogram)).toEqual(countsOf(starts));
      const expected = {
        action: found.map(({ action }) => action),
        actor: found.map(({ actor }) => actor.id),
        actor_type: found.map(({ actor }) => actor.type),
        target_type: found.flatMap(({ targets }) => [...new Set(targets.map(({ type }) => type))]),
      };
      for (const { name, values, other, lowBy } of stats.facets) {
        expect(new Map(values)).toEqual(countsOf(expected[name]));
        expect([other, lowBy]).toEqual([0, 0]);
      }
      for (const { id } of allSegments(sql)) {
        segmentsWithRuns += (readSummary(sql, id).quarterRuns?.length ?? 0) > 1 ? 1 : 0;
      }
    }),
    { numRuns: 25 },
  );
  expect(segmentsWithRuns).toBeGreaterThan(0);
});
