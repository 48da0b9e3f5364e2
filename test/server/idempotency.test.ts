/** The same event, sent again, is stored once and gets the first answer. */
import { describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { type Answer, parsed, type Receipt } from "./client.ts";
import { useServer } from "./server.ts";

const server = useServer();
let organizations = 0;

function newOrganization(): string {
  organizations++;
  return `org_${organizations}`;
}

function isReplayed(answer: Answer): boolean {
  return answer.headers.get("idempotency-replayed") === "true";
}

async function storedCount(organizationId: string): Promise<number> {
  return (await server.client().all(organizationId)).length;
}

describe("a request that is sent again", () => {
  test.each([
    ["with a key", "key-1"],
    ["without a key, where the content is the key", undefined],
  ])("%s is answered with the first id and seq and says so", async (_, key) => {
    const organization = newOrganization();
    const client = server.client();
    const first = await client.append(organization, makeEvent(), key);
    const second = await client.append(organization, makeEvent(), key);
    expect(first.status).toBe(200);
    expect(isReplayed(first)).toBe(false);
    expect(second.status).toBe(200);
    expect(isReplayed(second)).toBe(true);
    expect(parsed(second)).toEqual(parsed(first));
    expect(await storedCount(organization)).toBe(1);
  });

  test("is known although its JSON is spelled differently", async () => {
    const organization = newOrganization();
    const client = server.client();
    const first = await client.store(organization, makeEvent());
    const reordered = Object.fromEntries(Object.entries(makeEvent()).reverse());
    const text = JSON.stringify({ event: reordered, organization_id: organization }, null, 4);
    const second = await client.send("POST", "/audit_logs/events", text);
    expect(parsed(second)).toEqual(first);
    expect(isReplayed(second)).toBe(true);
  });

  test("is answered as before after other events were stored", async () => {
    const organization = newOrganization();
    const client = server.client();
    const first = await client.store(organization, makeEvent(), "a");
    await client.store(organization, makeEvent({ action: "other" }), "b");
    expect(await client.store(organization, makeEvent(), "a")).toEqual(first);
  });

  test("20 times at once is stored once and answered alike, all but once as replayed", async () => {
    const organization = newOrganization();
    const client = server.client();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.append(organization, makeEvent(), "same")),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter((answer) => !isReplayed(answer))).toHaveLength(1);
    expect(await storedCount(organization)).toBe(1);
  });
});

describe("what is another event", () => {
  test("the same key with another body", async () => {
    const organization = newOrganization();
    const client = server.client();
    const first = await client.append(organization, makeEvent({ action: "one" }), "key");
    const second = await client.append(organization, makeEvent({ action: "two" }), "key");
    expect([first, second].map(isReplayed)).toEqual([false, false]);
    expect([first, second].map((answer) => parsed<Receipt>(answer).seq)).toEqual([1, 2]);
  });

  test("the same body with another key, or with a key after none", async () => {
    const organization = newOrganization();
    const client = server.client();
    const seqs: number[] = [];
    for (const key of [undefined, "one", "two"]) {
      seqs.push((await client.store(organization, makeEvent(), key)).seq);
    }
    expect(seqs).toEqual([1, 2, 3]);
  });

  test("the same request for another organization", async () => {
    const client = server.client();
    const first = await client.append(newOrganization(), makeEvent(), "key");
    const second = await client.append(newOrganization(), makeEvent(), "key");
    expect([first, second].map(isReplayed)).toEqual([false, false]);
    expect(parsed<Receipt>(first).id).not.toBe(parsed<Receipt>(second).id);
  });
});

describe("batches", () => {
  test("an event that is twice in one batch is stored once, in the order of the batch", async () => {
    const organization = newOrganization();
    const receipts = await server
      .client()
      .storeBatch(organization, [
        makeEvent({ action: "one" }),
        makeEvent({ action: "two" }),
        makeEvent({ action: "one" }),
      ]);
    expect(receipts.map(({ seq, replayed }) => [seq, replayed])).toEqual([
      [1, false],
      [2, false],
      [1, true],
    ]);
    expect(receipts[2]?.id).toBe(receipts[0]?.id);
    expect(await storedCount(organization)).toBe(2);
  });

  test("a batch sent again gets its first answer, and may hold new events", async () => {
    const organization = newOrganization();
    const client = server.client();
    const keyed = (n: number) => ({ ...makeEvent(), idempotency_key: `k${n}` });
    const first = await client.storeBatch(organization, [keyed(1), keyed(2)]);
    const second = await client.storeBatch(organization, [keyed(2), keyed(3), keyed(1)]);
    expect(second.map(({ seq, replayed }) => [seq, replayed])).toEqual([
      [2, true],
      [3, false],
      [1, true],
    ]);
    expect(second.map(({ id }) => id)).toEqual([first[1]?.id, expect.any(String), first[0]?.id]);
  });

  test.each([
    ["with a key", "key-1"],
    ["without a key", undefined],
  ])("single and batch know each other's events, %s", async (_, key) => {
    const organization = newOrganization();
    const client = server.client();
    const inBatch = (action: string) => ({
      ...makeEvent({ action }),
      ...(key === undefined ? {} : { idempotency_key: key }),
    });
    const single = await client.store(organization, makeEvent({ action: "one" }), key);
    const batch = await client.storeBatch(organization, [inBatch("one"), inBatch("two")]);
    const again = await client.append(organization, makeEvent({ action: "two" }), key);
    expect(batch[0]).toEqual({ id: single.id, seq: 1, replayed: true });
    expect(parsed(again)).toEqual({ success: true, id: batch[1]?.id, seq: 2 });
    expect(isReplayed(again)).toBe(true);
  });
});

describe("a replay outlives", () => {
  test.each([
    ["a restart", () => server.restart()],
    ["kill -9", () => server.kill().then(() => server.start())],
  ])("%s", async (_, goDownAndUp) => {
    const organization = newOrganization();
    const event = makeEvent({ metadata: { n: 1 } });
    const first = [
      await server.client().store(organization, event),
      await server.client().store(organization, event, "key"),
    ];
    await goDownAndUp();
    const second = [
      await server.client().append(organization, event),
      await server.client().append(organization, event, "key"),
    ];
    expect(second.map((answer) => parsed(answer))).toEqual(first);
    expect(second.map(isReplayed)).toEqual([true, true]);
    expect((await server.client().store(organization, makeEvent())).seq).toBe(3);
  });
});
