import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import {
  DELETION_MIGRATIONS,
  Deletions,
  type DeletionStage,
} from "../../../src/objects/directory/deletions.ts";
import { migrate } from "../../../src/sql/migrate.ts";

const NOW = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;

/** Deletions in three stages: the first takes three steps, the second may be broken, the third comes an hour later. */
function makeDeletions() {
  const sql = new NodeSql(":memory:");
  migrate(sql, "deletions", DELETION_MIGRATIONS);
  const state = { now: NOW, broken: new Set<string>(), done: [] as string[] };
  const steps = new Map<string, number>();
  const stages: DeletionStage[] = [
    {
      name: "first",
      step: ({ organizationId }) => {
        steps.set(organizationId, (steps.get(organizationId) ?? 0) + 1);
        state.done.push(`${organizationId} first`);
        return Promise.resolve(steps.get(organizationId) === 3);
      },
    },
    {
      name: "second",
      step: ({ organizationId, region }) => {
        if (state.broken.has(organizationId)) {
          return Promise.reject(new Error("not now"));
        }
        state.done.push(`${organizationId} second ${region}`);
        return Promise.resolve(true);
      },
    },
    {
      name: "third",
      delayMs: HOUR_MS,
      step: ({ organizationId }) => {
        state.done.push(`${organizationId} third`);
        return Promise.resolve(true);
      },
    },
  ];
  const open = () => new Deletions(sql, () => state.now, stages);
  const add = (organizationId: string) => open().add({ organizationId, region: "eu" });
  return { state, open, add };
}

test("every stage is done, in order and in its time, and then the deletion is forgotten", async () => {
  const { state, open, add } = makeDeletions();
  add("a");
  await open().run("a");
  expect(state.done).toEqual(["a first", "a first", "a first", "a second eu"]);
  expect(open().nextDueAt()).toBe(NOW + HOUR_MS);
  expect(await open().runDue()).toBe(NOW + HOUR_MS);
  state.now += HOUR_MS;
  expect(await open().runDue()).toBeUndefined();
  expect(state.done.at(-1)).toBe("a third");
  await open().run("a");
  expect(state.done).toHaveLength(5);
});

test("the alarm finishes what nobody went on with, and a stage that fails keeps no other waiting", async () => {
  const { state, open, add } = makeDeletions();
  state.broken.add("a");
  add("a");
  add("b");
  state.now += 5_000;
  const delays: number[] = [];
  for (let run = 0; run < 8; run++) {
    const dueAt = (await open().runDue()) ?? 0;
    delays.push(dueAt - state.now);
    state.now = dueAt;
  }
  expect(state.done).toContain("b second eu");
  expect(delays.slice(3)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  state.broken.clear();
  state.now += HOUR_MS;
  await open().runDue();
  expect(state.done).toContain("a second eu");
});

test("two that go on with one deletion at once end it once", async () => {
  const { state, open, add } = makeDeletions();
  add("a");
  state.now += 5_000;
  await Promise.all([open().run("a"), open().runDue(), open().run("a")]);
  state.now += HOUR_MS;
  while ((await open().runDue()) !== undefined) {
    state.now += HOUR_MS;
  }
  expect(state.done.at(-1)).toBe("a third");
});
