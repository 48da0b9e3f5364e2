/** What was answered 200 is there after `kill -9`, once, and what was not answered can be sent again. */
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { type Answer, type BatchReceipt, type Client, type NewEvent, parsed } from "./client.ts";
import { type Server, useServer } from "./server.ts";
import { expectWellOrdered, readWhole } from "./stored-log.ts";

const server = useServer();

const ORGANIZATIONS = ["org_a", "org_b", "org_c"];
const ROUNDS = 3;
const WRITERS = 12;
const BATCH_EVENTS = 40;
/** A round is killed after this many events were answered, while every writer has a request under way. */
const ANSWERED_BEFORE_KILL = 700;

/** One request, and what came of it. */
interface Sent {
  readonly organizationId: string;
  readonly events: readonly NewEvent[];
  /** In the order of `events`; absent when there was no answer. */
  readonly receipts?: readonly { readonly id: string; readonly seq: number }[];
}

/** A request of one writer: every third is a single event, the others are batches. All have keys. */
function newRequest(round: number, writer: number, turn: number): Sent {
  const organizationId = ORGANIZATIONS[(writer + turn) % ORGANIZATIONS.length] ?? "";
  const count = turn % 3 === 0 ? 1 : BATCH_EVENTS;
  const events = Array.from({ length: count }, (_, index) => {
    const label = `${round}-${writer}-${turn}-${index}`;
    return {
      ...makeEvent({ actor: { id: label, type: "writer" }, metadata: { text: "x".repeat(400) } }),
      idempotency_key: label,
    };
  });
  return { organizationId, events };
}

/** Sends a request; without an answer it comes back as it is, because a kill leaves requests unanswered. */
async function send(client: Client, request: Sent): Promise<Sent> {
  const answer = await append(client, request).catch(() => undefined);
  if (answer === undefined) {
    return request;
  }
  expect([200, 502]).toContain(answer.status);
  return answer.status === 200 ? { ...request, receipts: receiptsOf(answer, request) } : request;
}

function append(client: Client, { organizationId, events }: Sent): Promise<Answer> {
  const [first] = events;
  return events.length === 1
    ? client.append(organizationId, first, first?.idempotency_key)
    : client.appendBatch(organizationId, events);
}

function receiptsOf(answer: Answer, { events }: Sent): readonly BatchReceipt[] {
  return events.length === 1
    ? [parsed<BatchReceipt>(answer)]
    : parsed<{ events: BatchReceipt[] }>(answer).events;
}

/** Writers send until one has no answer; the server is killed under them. */
async function loadUntilKilled(target: Server, round: number): Promise<Sent[]> {
  const client = target.client();
  const sent: Sent[] = [];
  const { promise: isLoaded, resolve: loaded } = Promise.withResolvers<undefined>();
  let answered = 0;
  const write = async (writer: number): Promise<void> => {
    for (let turn = 0; ; turn++) {
      const request = await send(client, newRequest(round, writer, turn));
      sent.push(request);
      if (request.receipts === undefined) {
        return;
      }
      answered += request.receipts.length;
      if (answered >= ANSWERED_BEFORE_KILL) {
        loaded(undefined);
      }
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await Promise.race([isLoaded, writers]);
  await target.kill();
  await writers;
  return sent;
}

/** The events of a log by the label that their writer gave them. */
async function readByLabel(client: Client, organizationId: string) {
  const events = await readWhole(client, organizationId);
  expectWellOrdered(events);
  const labels = new Map(events.map((event) => [event.actor.id, event]));
  expect(labels.size).toBe(events.length);
  return labels;
}

/** Checks that what was answered is there as it was answered, and the rest as a whole or not at all. */
async function expectAllThere(client: Client, sent: readonly Sent[]): Promise<void> {
  for (const organizationId of ORGANIZATIONS) {
    const stored = await readByLabel(client, organizationId);
    const own = sent.filter((request) => request.organizationId === organizationId);
    for (const { events, receipts } of own) {
      const found = events.flatMap((event) => {
        const { id, seq } = stored.get(event.actor?.id ?? "") ?? {};
        return id === undefined ? [] : [{ id, seq }];
      });
      if (receipts === undefined) {
        expect([0, events.length]).toContain(found.length);
      } else {
        expect(found).toEqual(receipts.map(({ id, seq }) => ({ id, seq })));
      }
    }
  }
}

test("nothing answered is lost and nothing is doubled by kill -9 under load, three times", async () => {
  const sent: Sent[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    sent.push(...(await loadUntilKilled(server, round)));
    await server.start();
    const client = server.client();
    await expectAllThere(client, sent);

    const unanswered = sent.filter(({ receipts }) => receipts === undefined);
    expect(unanswered.length).toBeGreaterThan(0);
    const retried = await Promise.all(unanswered.map((request) => send(client, request)));
    expect(retried.filter(({ receipts }) => receipts === undefined)).toEqual([]);
    sent.splice(0, sent.length, ...sent.filter(({ receipts }) => receipts), ...retried);
    await expectAllThere(client, sent);
  }
  const stored = await Promise.all(ORGANIZATIONS.map((id) => server.client().all(id)));
  const count = sent.reduce((sum, { events }) => sum + events.length, 0);
  expect(stored.flat()).toHaveLength(count);
});
