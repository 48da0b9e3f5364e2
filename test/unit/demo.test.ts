/** What `npm run demo` sends, and how it lays out what it prints. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { auditEvent, type UntimedEvent } from "../../scripts/demo/audit-event.ts";
import { readOptions } from "../../scripts/demo/options.ts";
import { type Delivery, type Payload, readDeliveries } from "../../scripts/demo/payloads.ts";
import { eventSet, planEvents, summarize } from "../../scripts/demo/plan.ts";
import { sendAll } from "../../scripts/demo/send.ts";
import { spreadTimes } from "../../scripts/demo/spread.ts";
import { rowLayout } from "../../src/cli/table.ts";
import { readEvent } from "../../src/contract/event.ts";
import { ORGANIZATION_ID } from "../../src/contract/organization.ts";
import type { Json } from "../../src/kernel/strict-json.ts";

const NOW = Date.parse("2026-11-23T09:30:00.000Z");
const DAY_MS = 24 * 60 * 60 * 1_000;
const SENDER = { id: 7, login: "mona", type: "User", html_url: "https://github.com/mona" };

const deliveries = readDeliveries();
const set = eventSet(deliveries);

function eventOf(webhook: string, payload: Payload): UntimedEvent {
  const event = auditEvent({ webhook, payload });
  if (event === undefined) {
    throw new Error("The payload gave no event.");
  }
  return event;
}

/** Every text, number and boolean anywhere in a value, as text. */
function scalarsOf(value: unknown): string[] {
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(scalarsOf)
    : [String(value)];
}

describe("an audit event of a webhook payload", () => {
  it("is one that the contract accepts, for every published payload that names a sender", () => {
    const events = deliveries.map(auditEvent).filter((event) => event !== undefined);
    const refused = events
      .map((event) => ({ ...event, occurred_at: new Date(NOW).toISOString() }))
      .map((event) => readEvent(event as unknown as Json, "event"))
      .filter((result) => !result.ok);

    expect(refused).toEqual([]);
    expect(deliveries).toHaveLength(329);
    expect(events).toHaveLength(325);
  });

  it("says nothing that does not stand in its payload", () => {
    const invented = (delivery: Delivery): string[] => {
      const { actor, targets, metadata } = eventOf(delivery.webhook, delivery.payload);
      const known = new Set(scalarsOf(delivery.payload));
      const said = [actor.id, actor.name, metadata, targets.map(({ id, name }) => [id, name])];
      return scalarsOf(said).filter((text) => text !== "undefined" && !known.has(text));
    };

    const withSender = deliveries.filter((delivery) => auditEvent(delivery) !== undefined);
    expect(withSender.flatMap(invented)).toEqual([]);
  });

  it("has no address of a client and no user agent, because a payload has none", () => {
    const contexts = new Set(set.map(({ event }) => JSON.stringify(event.context)));

    expect([...contexts]).toEqual(['{"location":"github.com"}']);
  });

  it("names its action after the webhook, and after the payload's action where there is one", () => {
    expect(eventOf("push", { sender: SENDER }).action).toBe("push");
    expect(eventOf("issues", { action: "opened", sender: SENDER }).action).toBe("issues.opened");
  });

  it("does not exist for a payload that does not say who did it", () => {
    expect(auditEvent({ webhook: "security_advisory", payload: { action: "published" } })).toBe(
      undefined,
    );
  });

  it("names first among its targets what it is about", () => {
    const { targets } = eventOf("issues", {
      action: "labeled",
      sender: SENDER,
      repository: { id: 1, full_name: "mona/hello" },
      label: { id: 2, name: "bug" },
      issue: { id: 3, title: "It is broken" },
    });

    expect(targets).toEqual([
      { id: "3", type: "issue", name: "It is broken" },
      { id: "2", type: "label", name: "bug" },
      { id: "1", type: "repository", name: "mona/hello" },
    ]);
  });

  it("has a target for each object of a list", () => {
    const { targets } = eventOf("installation_repositories", {
      sender: SENDER,
      repositories_added: [
        { id: 1, full_name: "mona/one" },
        { id: 2, full_name: "mona/two" },
      ],
    });

    expect(targets.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  it("keeps in its metadata what a changed field was before", () => {
    const changes = { title: { from: "Old title" } };

    expect(eventOf("issues", { sender: SENDER, changes }).metadata).toEqual({
      title_from: "Old title",
    });
  });

  it("leaves out of its metadata a text that is longer than the contract allows", () => {
    const changes = { body: { from: "x".repeat(501) }, title: { from: "x".repeat(500) } };

    const { metadata } = eventOf("issues", { sender: SENDER, changes });
    expect(Object.keys(metadata)).toEqual(["title_from"]);
  });
});

describe("a set of events", () => {
  it("is divided among three to six organizations, none of them tiny", () => {
    const summaries = summarize(set);

    expect(summaries.length).toBeGreaterThanOrEqual(3);
    expect(summaries.length).toBeLessThanOrEqual(6);
    expect(Math.min(...summaries.map(({ events }) => events))).toBeGreaterThanOrEqual(10);
    expect(summaries.filter(({ organizationId }) => !ORGANIZATION_ID.test(organizationId))).toEqual(
      [],
    );
  });

  it("is planned as often as asked, oldest first", () => {
    const planned = planEvents(set, 3, NOW);
    const times = planned.map(({ occurredAt }) => occurredAt.getTime());

    expect(planned).toHaveLength(set.length * 3);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("is spread over the last 30 days, with the newest near now, the same way every time", () => {
    const times = spreadTimes(325, NOW);

    expect(times).toEqual(spreadTimes(325, NOW));
    expect(Math.min(...times)).toBeGreaterThan(NOW - 30 * DAY_MS);
    expect(Math.min(...times)).toBeLessThan(NOW - 29 * DAY_MS);
    expect(Math.max(...times)).toBeLessThanOrEqual(NOW);
    expect(Math.max(...times)).toBeGreaterThan(NOW - DAY_MS / 24);
  });

  it("is sent no further once an event was refused", async () => {
    const sent: unknown[] = [];
    const send = async (planned: unknown): Promise<void> => {
      sent.push(planned);
      await Promise.resolve();
      if (sent[3] === planned) {
        throw new Error("refused");
      }
    };

    const sending = sendAll(send, planEvents(set, 1, NOW), () => undefined);
    await expect(sending).rejects.toThrow("refused");
    await sleep(10);
    expect(sent.length).toBeLessThan(30);
  });
});

describe("a table", () => {
  const rows = [
    ["NAME", "COUNT"],
    ["a", "1"],
    ["long name", "1,000"],
  ];

  it("has columns as wide as their widest cell, and numbers set to the right", () => {
    expect(rows.map(rowLayout(rows, 80))).toEqual([
      "NAME       COUNT",
      "a              1",
      "long name  1,000",
    ]);
  });

  it("is never wider than the terminal, and shows where it was cut", () => {
    expect(rows.map(rowLayout(rows, 10)).at(-1)).toBe("long name…");
  });

  it("does not let an event break its line or steer the terminal", () => {
    expect(rowLayout(rows, 80)(["\u001B[31mred\nnext", "1"])).toBe("[31mred next      1");
  });
});

describe("the options", () => {
  it("are one set and the live tail, unless others are given", () => {
    expect(readOptions([])).toMatchObject({ repeat: 1, isTailWanted: true });
    expect(readOptions(["--repeat", "20", "--no-tail"])).toMatchObject({
      repeat: 20,
      isTailWanted: false,
    });
  });

  it.each(["0", "-1", "1.5", "many", "1001"])("refuse to send '%s' sets", (repeat) => {
    expect(() => readOptions([`--repeat=${repeat}`])).toThrow("whole number");
  });
});
