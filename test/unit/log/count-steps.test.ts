/** A count takes many steps, between which the log goes on. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventFilter } from "../../../src/contract/event-query.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import type { FetchedBlocks } from "../../../src/log/fetched-blocks.ts";
import type { StatsSteps } from "../../../src/log/log.ts";
import { COUNT_LIMITS } from "../../../src/log/offload/offload-reader.ts";
import { offloadStep } from "../../../src/log/offload/offload-step.ts";
import { retentionCutoff } from "../../../src/log/retention.ts";
import type { LogStats } from "../../../src/log/stats.ts";
import { makeEvent } from "../../support/events.ts";
import { appendRequest, sealAll } from "../../support/log-files.ts";
import { OffloadedLog } from "../../support/offloaded-log.ts";

const START = Date.UTC(2026, 10, 1);
const RETENTION_DAYS = 30;
const FACETS = ["action", "actor", "actor_type", "target_type"] as const;

/** An event, of which everything follows from its number. */
interface Numbered {
  readonly n: number;
}

const isOdd = ({ n }: Numbered) => n % 2 === 1;
const isSeven = ({ n }: Numbered) => n % 7 === 0;
const actorOf = ({ n }: Numbered) => `user ${n % 5}`;

const MEANWHILE = ["append", "seal", "seal tail", "purge", "offload"] as const;
type Meanwhile = (typeof MEANWHILE)[number];

const anyCount = fc.record({
  /** Events that have expired, … */
  expired: fc.integer({ min: 0, max: 40 }),
  /** … those that are to be counted, … */
  visible: fc.integer({ min: 0, max: 60 }),
  /** … and after how many of them the blocks that are full were sealed. */
  sealedAfter: fc.integer({ min: 0, max: 60 }),
  isTailSealed: fc.boolean(),
  asked: fc.constantFrom<{
    readonly filter: EventFilter;
    readonly matches: (event: Numbered) => boolean;
  }>(
    { filter: {}, matches: () => true },
    { filter: { actions: ["odd"] }, matches: isOdd },
    { filter: { actor_ids: ["user 2"] }, matches: (event) => actorOf(event) === "user 2" },
    { filter: { q: "seven" }, matches: isSeven },
    { filter: { q: "odd seven" }, matches: (event) => isOdd(event) && isSeven(event) },
    { filter: { q: "-seven" }, matches: (event) => !isSeven(event) },
  ),
  meanwhile: fc.array(fc.constantFrom(...MEANWHILE), { maxLength: 60 }),
});

function eventOf({ n }: Numbered): ReturnType<typeof makeEvent> {
  return makeEvent({
    action: isOdd({ n }) ? "odd" : "even",
    actor: { id: actorOf({ n }), type: "user" },
    occurred_at: new Date(START + n * 60_000).toISOString(),
    metadata: { n, word: isSeven({ n }) ? "seven" : "other" },
  });
}

test("a count is of the events that were there when it began, whatever happens between its steps", async () => {
  await fc.assert(
    fc.asyncProperty(anyCount, async (given) => {
      const { expired, visible, sealedAfter, isTailSealed, asked, meanwhile } = given;
      const subject = new OffloadedLog({ now: START });
      let next = 0;
      const append = (count: number) => {
        const events = Array.from({ length: count }, () => ({ n: next++ }));
        subject.log.append([appendRequest(events.map(eventOf))], subject.time.now);
        return events;
      };
      append(expired);
      subject.time.now += 10 * DAY_MS;
      const counted = append(Math.min(visible, sealedAfter));
      sealAll(subject.log, subject.time.now);
      counted.push(...append(visible - counted.length));
      if (isTailSealed) {
        subject.log.sealTailStep(subject.time.now);
      }
      subject.time.now += 25 * DAY_MS;
      const cutoff = retentionCutoff(subject.time.now, RETENTION_DAYS);
      const query = {
        filter: asked.filter,
        interval: "hour",
        timeZone: "UTC",
        facets: FACETS,
      } as const;
      const step = subject.log.count({ ...query, facetLimit: 100 }, cutoff);
      let stats: LogStats | undefined;
      for (let turn = 0; stats === undefined; turn++) {
        await during(subject, meanwhile[turn], append);
        stats = await oneStep(subject, step);
      }
      const expected = counted.filter(asked.matches);
      expect(stats.total).toBe(expected.length);
      expect(stats.histogram.reduce((sum, [, count]) => sum + count, 0)).toBe(expected.length);
      const actors = new Map(stats.facets.find(({ name }) => name === "actor")?.values);
      for (const [actor, count] of actors) {
        expect(count).toBe(expected.filter((event) => actorOf(event) === actor).length);
      }
    }),
    { numRuns: 60 },
  );
});

async function oneStep(subject: OffloadedLog, step: StatsSteps): Promise<LogStats | undefined> {
  const stats = await subject.reader.read((fetched: FetchedBlocks) => step(fetched), COUNT_LIMITS);
  expect(stats).toMatchObject({ ok: true });
  return stats.ok ? stats.value : undefined;
}

async function during(
  subject: OffloadedLog,
  what: Meanwhile | undefined,
  append: (count: number) => unknown,
): Promise<void> {
  const { log, time } = subject;
  switch (what) {
    case "append":
      append(9);
      break;
    case "seal":
      sealAll(log, time.now);
      break;
    case "seal tail":
      if (log.sealable === 0) {
        log.sealTailStep(time.now);
      }
      break;
    case "purge":
      log.purge(time.now, RETENTION_DAYS);
      break;
    case "offload":
      await offloadStep(subject.ports());
      break;
    case undefined:
  }
}
