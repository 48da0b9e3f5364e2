/** A reader that is slower than the log is told what it missed; one that keeps up, and says so, misses nothing. */
import { expect, onTestFinished, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { useServer } from "./server.ts";
import { openTail, type TailReader } from "./tail-reader.ts";

const server = useServer();

const BATCHES = 24;
const BATCH_EVENTS = 1_000;
const COUNT = BATCHES * BATCH_EVENTS;
/** Makes an event about a kilobyte, so that all of them are far more than may be under way to one reader. */
const FILLER = "x".repeat(400);

interface Run {
  readonly from: number;
  readonly to: number;
  readonly isSent: boolean;
}

/** The runs of seq that a reader was sent or was told that it missed, in the order in which it was told. */
function accountOf(tail: TailReader): Run[] {
  return tail.messages.flatMap((message): Run[] => {
    switch (message.type) {
      case "events":
        return message.events.map(({ seq }) => ({ from: seq, to: seq, isSent: true }));
      case "skipped":
        return [{ from: message.from, to: message.to, isSent: false }];
      default:
        return [];
    }
  });
}

/** Four batches at a time, which is as much as may wait. */
async function storeAll(): Promise<void> {
  const client = server.client();
  const store = async (writer: number): Promise<void> => {
    for (let n = writer; n < BATCHES; n += 4) {
      const events = Array.from({ length: BATCH_EVENTS }, (_, index) =>
        makeEvent({ metadata: { n, index, a: FILLER, b: FILLER } }),
      );
      await client.storeBatch("org_1", events);
    }
  };
  await Promise.all([0, 1, 2, 3].map(store));
}

/** Handles every message and says so, until the reader was told of everything up to `seq`. */
function keepUp(tail: TailReader, seq: number): Promise<void> {
  let handled = 0;
  return tail.until(`event ${seq}`, () => {
    if (tail.messages.length > handled && tail.position > 0) {
      handled = tail.messages.length;
      tail.send({ type: "ack", seq: tail.position });
    }
    const last = tail.messages.at(-1);
    const skippedTo = last?.type === "skipped" ? last.to : 0;
    return Math.max(tail.position, skippedTo) >= seq;
  });
}

test("every event is either sent or named as skipped, and what was skipped can be had", async () => {
  const client = server.client();
  await client.createOrganization("org_1");
  const [slow, quick] = await Promise.all([openTail(client, "org_1"), openTail(client, "org_1")]);
  onTestFinished(() => {
    slow.close();
    quick.close();
  });
  await Promise.all([slow.untilMessage("hello"), quick.untilMessage("hello")]);
  slow.pause();
  await Promise.all([keepUp(quick, COUNT), storeAll()]);
  expect(quick.events).toHaveLength(COUNT);
  expect(quick.messages.map(({ type }) => type)).not.toContain("skipped");

  slow.resume();
  await keepUp(slow, COUNT);
  const account = accountOf(slow);
  expect(account.map(({ from }) => from)).toEqual([
    1,
    ...account.slice(0, -1).map(({ to }) => to + 1),
  ]);
  const missed = account.filter(({ isSent }) => !isSent);
  expect(missed.length).toBeGreaterThan(0);

  for (const { from, to } of missed) {
    const again = await openTail(client, "org_1", { after: from - 1 });
    await keepUp(again, to);
    again.close();
    const had = again.events.filter(({ seq }) => seq <= to).map(({ seq }) => seq);
    expect(had).toEqual(Array.from({ length: to - from + 1 }, (_, n) => from + n));
  }
});
