/** Appends that are in the router at the same time share a call to the log; nobody must notice. */
import { connect } from "node:net";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { RESETTABLE, startChangedServer } from "./changed-server.ts";
import { type Answer, type Client, parsed, type Receipt } from "./client.ts";
import { useServer } from "./server.ts";
import { expectWellOrdered } from "./stored-log.ts";

const server = useServer();

const ORGANIZATIONS = ["org_one", "org_two", "org_three"];
const WRITERS = 40;
const TURNS = 8;

function labelled(label: string) {
  return makeEvent({ actor: { id: label, type: "writer" } });
}

/** Every writer sends one request after the other, each to the next organization. */
async function write(client: Client, writer: number): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (let turn = 0; turn < TURNS; turn++) {
    const organizationId = ORGANIZATIONS[(writer + turn) % ORGANIZATIONS.length] ?? "";
    const label = `${organizationId}/${writer}-${turn}`;
    answers.set(label, await client.append(organizationId, labelled(label), label));
  }
  return answers;
}

/** Sends a request and goes away before it can have an answer. */
async function sendAndLeave(organizationId: string, label: string): Promise<void> {
  const body = JSON.stringify({ organization_id: organizationId, event: labelled(label) });
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    socket.end(
      `POST /audit_logs/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.rootKey}\r\n` +
        `Idempotency-Key: ${label}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      () => resolve(),
    );
  });
  socket.destroy();
}

test("each of many requests at once gets the answer to its own event, in its own organization", async () => {
  const client = server.client();
  const all = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => write(client, writer)),
  );
  const answers = new Map(all.flatMap((own) => [...own]));
  expect(answers.size).toBe(WRITERS * TURNS);

  for (const organizationId of ORGANIZATIONS) {
    const stored = await client.all(organizationId, { order: "asc" });
    expectWellOrdered(stored.toSorted((a, b) => a.seq - b.seq));
    const own = [...answers].filter(([label]) => label.startsWith(`${organizationId}/`));
    expect(stored).toHaveLength(own.length);
    const byLabel = new Map(stored.map((event) => [event.actor.id, event]));
    for (const [label, answer] of own) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("idempotency-replayed")).toBeNull();
      const { id, seq } = parsed<Receipt>(answer);
      expect(byLabel.get(label)).toMatchObject({ id, seq });
    }
  }
});

test("clients that go away in the middle take nobody else's answer with them", async () => {
  const client = server.client();
  await client.createOrganization("org_left");
  const leaving = Array.from({ length: 200 }, (_, n) => sendAndLeave("org_left", `left-${n}`));
  const staying = Array.from({ length: 200 }, (_, n) =>
    client.append("org_left", labelled(`stayed-${n}`), `stayed-${n}`),
  );
  const answers = await Promise.all(staying);
  await Promise.all(leaving);

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const stored = await client.all("org_left");
  const byLabel = new Map(stored.map((event) => [event.actor.id, event]));
  expect(byLabel.size).toBe(stored.length);
  answers.forEach((answer, n) => {
    expect(byLabel.get(`stayed-${n}`)?.id).toBe(parsed<Receipt>(answer).id);
  });
  const bugs = server.logs().filter(({ level }) => level === "ERROR");
  expect(bugs).toEqual([]);
});

test("a log that is reset under appends answers each of them, stored once and not called a replay", async () => {
  const client = await startChangedServer(RESETTABLE);
  await client.store("org_reset", labelled("before"));
  const load = { isOver: false };
  const resets = (async () => {
    while (!load.isOver) {
      await client.send("POST", "/test/reset?org_reset");
    }
  })();
  const writers = await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const answers: Answer[] = [];
      for (let turn = 0; turn < TURNS; turn++) {
        const label = `${writer}-${turn}`;
        answers.push(await client.append("org_reset", labelled(label), label));
      }
      return answers;
    }),
  );
  load.isOver = true;
  await resets;

  const stored = await client.all("org_reset", { order: "asc" });
  expectWellOrdered(stored.toSorted((a, b) => a.seq - b.seq));
  const byLabel = new Map(stored.map((event) => [event.actor.id, event]));
  expect(byLabel.size).toBe(stored.length);
  writers.forEach((answers, writer) => {
    answers.forEach((answer, turn) => {
      expect([200, 502]).toContain(answer.status);
      if (answer.status === 200) {
        expect(answer.headers.get("idempotency-replayed")).toBeNull();
        expect(byLabel.get(`${writer}-${turn}`)?.id).toBe(parsed<Receipt>(answer).id);
      }
    });
  });
});
