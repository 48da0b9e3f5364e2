/** More than one log can take at once: what does not fit is refused, and what was accepted is there. */
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { type Answer, type Client, failureOf, type NewEvent, parsed } from "./client.ts";
import { useServer } from "./server.ts";
import { expectWellOrdered } from "./stored-log.ts";

const server = useServer();

const BATCHES = 12;
const PATIENT_BATCHES = 8;
const BATCH_EVENTS = 900;
/** Makes a batch some 3.5 MB, so that six of them are more than may wait. */
const FILLER = "x".repeat(490);

function batch(n: number): NewEvent[] {
  return Array.from({ length: BATCH_EVENTS }, (_, index) =>
    makeEvent({
      actor: { id: `${n}-${index}`, type: "writer" },
      metadata: { a: FILLER, b: FILLER, c: FILLER, d: FILLER, e: FILLER, f: FILLER, g: FILLER },
    }),
  );
}

function expectRetryable(answer: Answer): void {
  expect([429, 502]).toContain(answer.status);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  const { code } = failureOf(answer);
  expect(code).toBe(answer.status === 429 ? "rate_limit_exceeded" : "tenant_unavailable");
}

async function expectHealthy(client: Client): Promise<void> {
  expect((await client.get("/health")).status).toBe(200);
  expect((await client.append("org_other", makeEvent(), String(Math.random()))).status).toBe(200);
}

test("many large batches at once are accepted or refused to be retried, and none is half there", async () => {
  const client = server.client();
  await client.createOrganization("org_busy");
  const sending = Promise.all(
    Array.from({ length: BATCHES }, (_, n) => client.appendBatch("org_busy", batch(n))),
  );
  // Another organization is not in the way of the busy one, nor the other way round.
  await expectHealthy(client);
  const answers = await sending;

  const accepted = new Map<string, string>();
  for (const [n, answer] of answers.entries()) {
    if (answer.status === 200) {
      const { events } = parsed<{ events: { id: string }[] }>(answer);
      events.forEach(({ id }, index) => accepted.set(`${n}-${index}`, id));
    } else {
      expectRetryable(answer);
    }
  }
  expect(accepted.size).toBeGreaterThan(0);
  expect(accepted.size).toBeLessThan(BATCHES * BATCH_EVENTS);

  const stored = await client.all("org_busy", { order: "asc" });
  expectWellOrdered(stored.toSorted((a, b) => a.seq - b.seq));
  expect(new Map(stored.map(({ actor, id }) => [actor.id, id]))).toEqual(accepted);
  await expectHealthy(client);
});

test("what was refused is accepted once when it is sent again", async () => {
  const client = server.client();
  await client.createOrganization("org_patient");
  let waiting = Array.from({ length: PATIENT_BATCHES }, (_, n) => n);
  while (waiting.length > 0) {
    const answers = await Promise.all(
      waiting.map((n) => client.appendBatch("org_patient", batch(n))),
    );
    const refused = answers.map(({ status }) => status !== 200);
    expect(refused).toContain(false);
    waiting = waiting.filter((_, index) => refused[index]);
  }
  const stored = await client.all("org_patient", {
    actor_ids: Array.from({ length: PATIENT_BATCHES }, (_, n) => `${n}-0`),
  });
  expect(stored.map(({ actor }) => actor.id).toSorted()).toEqual(
    Array.from({ length: PATIENT_BATCHES }, (_, n) => `${n}-0`),
  );
  expect((await client.store("org_patient", makeEvent())).seq).toBe(
    PATIENT_BATCHES * BATCH_EVENTS + 1,
  );
});
