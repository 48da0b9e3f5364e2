/** A tail that nothing happened on for a while, so that its object left the memory, goes on as if it had not. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { useServer } from "./server.ts";
import { openTail } from "./tail-reader.ts";

const server = useServer();

/** workerd lets an object hibernate after ten seconds without a request, and does not say so. */
const UNTIL_HIBERNATION_MS = 12_000;

test("place, filter and a changed filter survive hibernation, and a ping is answered in it", async () => {
  const client = server.client();
  await client.store("org_1", makeEvent({ action: "wanted" }));
  const filtered = await openTail(client, "org_1", { after: 0, actions: ["wanted"] });
  const changed = await openTail(client, "org_1", { actions: ["wanted"] });
  onTestFinished(() => {
    filtered.close();
    changed.close();
  });
  await filtered.untilEvents(1);
  await changed.untilMessage("hello");
  changed.send({ type: "filter", actions: ["other"] });
  await changed.untilMessage("hello", 1);

  await pause(UNTIL_HIBERNATION_MS);
  filtered.send("ping");
  await filtered.until("pong", () => filtered.plain.includes("pong"));
  await client.storeBatch("org_1", [
    makeEvent({ action: "other" }),
    makeEvent({ action: "wanted", metadata: { n: 2 } }),
  ]);
  await filtered.untilEvents(2);
  await changed.untilEvents(1);
  expect(filtered.events.map(({ action, seq }) => [action, seq])).toEqual([
    ["wanted", 1],
    ["wanted", 3],
  ]);
  expect(changed.events.map(({ action, seq }) => [action, seq])).toEqual([["other", 2]]);

  // A new filter is taken by an object that woke up, too.
  changed.send({ type: "filter", actions: ["wanted"] });
  await changed.untilMessage("hello", 3);
  await client.store("org_1", makeEvent({ action: "wanted", metadata: { n: 3 } }));
  expect((await changed.untilEvents(2))[1]).toMatchObject({ action: "wanted", seq: 4 });
});
