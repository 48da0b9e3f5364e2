/** Tickets: how a browser, which cannot send a key, opens a live tail. */
import { describe, expect, onTestFinished, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, failureOf } from "./client.ts";
import { type Server, startServer, useServer } from "./server.ts";
import { expireTickets } from "./stored-files.ts";
import { connectTail, TAIL_PROTOCOL, type TailReader, TailRefused } from "./tail-reader.ts";

const server = useServer();

interface Ticket {
  readonly object: string;
  readonly ticket: string;
  readonly expires_at: string;
}

async function newTicket(organizationId: string, of: Server = server): Promise<Ticket> {
  const client = of.client();
  await client.store(organizationId, makeEvent());
  const input = { organization_id: organizationId };
  return accepted<Ticket>(await client.send("POST", "/audit_logs/tail/tickets", input));
}

/** Opens a tail as a browser does: with the ticket as a subprotocol and without any header of its own. */
async function openAsBrowser(
  organizationId: string,
  ticket: string,
  of: Server = server,
): Promise<TailReader> {
  const query = { organization_id: organizationId };
  const tail = await connectTail(of.url, query, [TAIL_PROTOCOL, ticket]);
  onTestFinished(() => tail.close());
  return tail;
}

/** How the server refused to open a tail. */
async function refusalOf(opening: Promise<TailReader>): Promise<unknown> {
  const error: unknown = await opening.then(
    () => new Error("The live tail was to be refused and was opened."),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TailRefused)) {
    throw error;
  }
  const { request_id: _, ...body } = JSON.parse(error.body) as { request_id: string };
  return { status: error.status, ...body };
}

const REFUSED = { status: 401, code: "invalid_api_key", message: expect.any(String) as string };

test("a ticket is valid for 30 seconds", async () => {
  const { object, ticket, expires_at: expiresAt } = await newTicket("org_1");
  expect(object).toBe("tail_ticket");
  expect(ticket).toMatch(/^[0-9A-Za-z_]{34}$/);
  const seconds = (Date.parse(expiresAt) - Date.now()) / 1_000;
  expect(seconds).toBeGreaterThan(20);
  expect(seconds).toBeLessThanOrEqual(30);
});

test("a ticket alone opens the tail of its organization, and is not the protocol", async () => {
  const { ticket } = await newTicket("org_1");
  const tail = await openAsBrowser("org_1", ticket);
  expect(tail.protocol).toBe(TAIL_PROTOCOL);
  await tail.untilMessage("hello");
  const { seq } = await server.client().store("org_1", makeEvent({ action: "live" }));
  expect((await tail.untilEvents(1))[0]?.seq).toBe(seq);
});

test("a ticket works before the protocol as well as after it", async () => {
  const { ticket } = await newTicket("org_1");
  const query = { organization_id: "org_1" };
  const tail = await connectTail(server.url, query, [ticket, TAIL_PROTOCOL]);
  onTestFinished(() => tail.close());
  expect(tail.protocol).toBe(TAIL_PROTOCOL);
});

describe("a ticket is refused", () => {
  test("when it was used before", async () => {
    const { ticket } = await newTicket("org_1");
    await openAsBrowser("org_1", ticket);
    expect(await refusalOf(openAsBrowser("org_1", ticket))).toEqual(REFUSED);
  });

  test("all but once when it is offered many times at once", async () => {
    const { ticket } = await newTicket("org_1");
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => openAsBrowser("org_1", ticket)),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("for another organization, known or not, with the same answer", async () => {
    await newTicket("org_2");
    const { ticket } = await newTicket("org_1");
    const known = await refusalOf(openAsBrowser("org_2", ticket));
    const unknown = await refusalOf(openAsBrowser("org_nobody_knows", ticket));
    expect(known).toEqual(REFUSED);
    expect(unknown).toEqual(known);
  });

  test("when nobody gave it out", async () => {
    const { ticket } = await newTicket("org_1");
    const forged = `${ticket.slice(0, -4)}0000`;
    expect(await refusalOf(openAsBrowser("org_1", forged))).toEqual(REFUSED);
  });

  test("as a ticket, when it is not whole", async () => {
    expect(await refusalOf(openAsBrowser("org_1", "rkt_foo"))).toEqual(REFUSED);
  });

  test("when it has expired", async () => {
    const own = await startServer();
    const { ticket } = await newTicket("org_1", own);
    await own.stop();
    expireTickets(own, "org_1");
    await own.start();
    expect(await refusalOf(openAsBrowser("org_1", ticket, own))).toEqual(REFUSED);
  });

  test("beside a key that is wrong", async () => {
    const { ticket } = await newTicket("org_1");
    const opening = connectTail(server.url, { organization_id: "org_1" }, [TAIL_PROTOCOL, ticket], {
      headers: { authorization: "Bearer rk_live_wrong" },
    });
    expect(await refusalOf(opening)).toEqual(REFUSED);
  });
});

describe("a ticket is not given", () => {
  const ask = (key: string | undefined, organizationId: string) =>
    server
      .client(key)
      .send("POST", "/audit_logs/tail/tickets", { organization_id: organizationId });

  test("to a key that may not read", async () => {
    await newTicket("org_1");
    const { key } = await server.client().withKey(["events:write"]);
    const answer = await ask(key, "org_1");
    expect(answer.status).toBe(403);
    expect(failureOf(answer).code).toBe("forbidden");
  });

  test("for another organization, known or not", async () => {
    await newTicket("org_1");
    await newTicket("org_2");
    const { key } = await server.client().withKey(["events:read"], "org_1");
    for (const organizationId of ["org_2", "org_nobody_knows"]) {
      const answer = await ask(key, organizationId);
      expect(answer.status).toBe(404);
      expect(failureOf(answer).code).toBe("not_found");
    }
  });
});
