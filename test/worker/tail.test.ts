import { evictDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { append, TailReader } from "./client.ts";
import { tenantLog } from "./objects.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a filter and the place in the log survive hibernation", async () => {
  await append("org_sleep");
  const reader = await TailReader.connect("org_sleep", "&actions[]=document.deleted");
  expect(await reader.next()).toMatchObject({ type: "hello", head: 1, oldest: 1 });

  await evictDurableObject(tenantLog("org_sleep"));
  await append("org_sleep", { action: "document.opened" });
  await append("org_sleep", { action: "document.deleted" });
  expect(await reader.nextSeqs()).toEqual([3]);

  await evictDurableObject(tenantLog("org_sleep"));
  reader.send({ type: "filter", actions: ["document.opened"] });
  expect(await reader.next()).toMatchObject({ type: "hello", head: 3 });
  await append("org_sleep", { action: "document.deleted", metadata: { n: 2 } });

  await evictDurableObject(tenantLog("org_sleep"));
  await append("org_sleep", { action: "document.opened", metadata: { n: 2 } });
  expect(await reader.nextSeqs()).toEqual([5]);
});

test("a ping is answered without waking the object", async () => {
  await append("org_ping");
  const reader = await TailReader.connect("org_ping");
  await reader.next();
  await evictDurableObject(tenantLog("org_ping"));
  reader.send("ping");
  expect(await reader.text()).toBe("pong");
});

test("a backfill that an eviction interrupts goes on where it was", async () => {
  const large = { note: "x".repeat(490) };
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        append("org_long", { metadata: { ...large, more: "y".repeat(490), round, n } }),
      ),
    );
  }
  const reader = await TailReader.connect("org_long", "&after=0");
  expect(await reader.next()).toMatchObject({ type: "hello", head: 800 });
  const seqs = await reader.nextSeqs();
  expect(seqs.length).toBeLessThan(800);
  await evictDurableObject(tenantLog("org_long"));
  await append("org_long", { metadata: { last: true } });
  while (seqs.at(-1) !== 801) {
    seqs.push(...(await reader.nextSeqs()));
  }
  expect(seqs).toEqual(Array.from({ length: 801 }, (_, index) => index + 1));
});

test.each([
  ["text that is not JSON", "nonsense"],
  ["a message of an unknown type", { type: "shout" }],
  ["a filter with a wrong value", { type: "filter", actions: "x" }],
])("%s is answered with an error, and the tail goes on", async (name, message) => {
  const organizationId = `org_bad_${name.length}`;
  await append(organizationId);
  const reader = await TailReader.connect(organizationId);
  await reader.next();
  reader.send(message);
  expect(await reader.next()).toMatchObject({ type: "error", code: "invalid_request" });
  await append(organizationId, { action: "after" });
  expect(await reader.nextSeqs()).toEqual([2]);
});

test("a reader that falls far behind is told which events it was not sent", async () => {
  await append("org_slow");
  const reader = await TailReader.connect("org_slow");
  await reader.next();
  const filler = { a: "x".repeat(500), b: "y".repeat(500), c: "z".repeat(500), d: "w".repeat(500) };
  const { append: write } = await import("./bulk.ts");
  // The clock stands still, so that the reader's steady rate lets nothing through, however slow this machine is.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  for (let batch = 0; batch < 14; batch++) {
    await write("org_slow", 1_000, filler);
  }
  vi.useRealTimers();
  let last = 1;
  let skipped = 0;
  while (last < 14_001) {
    const message = await reader.next();
    if (message.type === "skipped") {
      expect(message.from).toBe(last + 1);
      skipped += message.to - message.from + 1;
      last = message.to;
    } else if (message.type === "events") {
      expect(message.events[0]?.seq).toBe(last + 1);
      last = message.events.at(-1)?.seq ?? last;
    }
  }
  expect(skipped).toBeGreaterThan(0);
}, 60_000);

test("a filter that has not room in what survives hibernation is refused, and the one before goes on", async () => {
  await append("org_wide");
  const reader = await TailReader.connect("org_wide");
  await reader.next();
  reader.send({ type: "filter", actor_names: ["字".repeat(8_170)] });
  expect(await reader.next()).toMatchObject({ type: "error", code: "payload_too_large" });
  await append("org_wide", { metadata: { n: 2 } });
  expect(await reader.nextSeqs()).toEqual([2]);
});
