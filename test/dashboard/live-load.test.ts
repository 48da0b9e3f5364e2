/** Live while the log is busy. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { smoothnessText, watchFrames } from "./frames.ts";
import { client, inBrowser, newOrganization, open, row } from "./page.ts";

const EVENTS = 20_000;
const EVENTS_PER_SECOND = 2_000;
const BATCH = 200;
/** A task longer than this is felt as the page not answering. */
const TASK_MS_MAX = 1_500;

async function storeAtRate(organization: string): Promise<void> {
  const startedAt = Date.now();
  for (let sent = 0; sent < EVENTS; sent += BATCH) {
    const events = Array.from({ length: BATCH }, (_, n) =>
      makeEvent({ action: "load.event", metadata: { n: sent + n } }),
    );
    await client().storeBatch(organization, events);
    const due = startedAt + ((sent + BATCH) / EVENTS_PER_SECOND) * 1_000;
    await sleep(Math.max(0, due - Date.now()));
  }
}

interface Place {
  /** Counted from the newest, from 0. */
  readonly index: number;
  readonly seq: number;
}

/** What the list shows at places all over it. */
function placesOf(page: Page): Promise<Place[]> {
  return page.evaluate(async () => {
    const places: Place[] = [];
    const list = document.querySelector<HTMLElement>(".events") ?? document.body;
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let part = 0; part <= 16; part++) {
      list.scrollTop = (list.scrollHeight * part) / 16;
      await drawn();
      await drawn();
      for (const row of list.querySelectorAll<HTMLElement>(".event-row")) {
        const index = Number(row.getAttribute("aria-rowindex")) - 2;
        places.push({ index, seq: Number(row.innerText) });
      }
    }
    return places;
  });
}

inBrowser("a busy log", () => {
  test("shows 20,000 events that arrive at 2,000 a second, none lost, none twice, and does not freeze", async () => {
    const organization = newOrganization();
    await client().storeBatch(organization, [makeEvent()]);
    const page = await open({ organization, path: "/live?columns=seq", isOwnTab: true });
    await row(page, 0).waitFor();
    const seen = await watchFrames(page);
    const startedAt = Date.now();
    await storeAtRate(organization);
    const seconds = (Date.now() - startedAt) / 1_000;
    await page.getByText("20,001 events").waitFor();
    const smoothness = await seen();
    process.stdout.write(
      smoothnessText(`live, ${EVENTS} events in ${seconds.toFixed(1)} s`, smoothness),
    );
    expect(await page.locator(".banner").count()).toBe(0);
    // As many as were stored, and each in its place: none is lost, none is twice.
    const places = await placesOf(page);
    expect(new Set(places.map(({ index }) => index)).size).toBeGreaterThan(400);
    expect(places).toEqual(places.map(({ index }) => ({ index, seq: EVENTS + 1 - index })));
    expect(smoothness.longestTaskMs).toBeLessThan(TASK_MS_MAX);
  }, 90_000);
});
