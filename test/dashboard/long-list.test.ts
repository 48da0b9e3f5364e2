/**
 * Explore with a very long list. `npm run test:list` loads 100,000 rows; the suite does the same with fewer. What is
 * asserted does not depend on how fast the machine is; how smoothly the page was drawn is printed.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { smoothnessText, watchFrames } from "./frames.ts";
import { client, inBrowser, newOrganization, open, row, untilCount } from "./page.ts";

const ROWS = Number(process.env["REKISHI_LIST_ROWS"] ?? 2_000);
/** Enough to see how smoothly a long list is drawn; a short one is only moved about. */
const FRAMES = ROWS < 100_000 ? 60 : 240;
/** Live makes room for new events by those it has had longest, from 100,000 on. */
const LIVE_ROWS = Math.min(ROWS, 99_000);
const BATCH = 1_000;
/** What is in sight, what is kept ready above and below it, and the rest of the page. */
const ELEMENTS_MAX = 2_500;
const HEAP_BYTES_MAX = 64_000_000 + ROWS * 4_000;
const OLDEST_AT = Date.parse("2026-11-20T09:30:00.000Z");

/** Stores the rows from the n-th on, each a second after the one before. */
async function storeRows(organization: string, first: number, count: number): Promise<void> {
  for (let from = first; from < first + count; from += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, first + count - from) }, (_, index) => {
      const n = from + index;
      return makeEvent({
        action: `document.${["shared", "created", "deleted", "viewed"][n % 4]}`,
        occurred_at: new Date(OLDEST_AT + n * 1_000).toISOString(),
        actor: { id: `user_${n % 97}`, type: "user", name: `利用者 ${n % 97}` },
        metadata: { request_id: `request-${n}`, n },
      });
    });
    await client().storeBatch(organization, events);
  }
}

/** Scrolls on to the end until all rows are here. */
async function loadAll(page: Page): Promise<void> {
  const list = page.locator(".events");
  await expect
    .poll(
      async () => {
        await list.evaluate((each) => each.scrollTo(0, each.scrollHeight));
        return list.getAttribute("aria-rowcount");
      },
      { timeout: 20_000 + ROWS * 5, interval: 20 },
    )
    .toBe(String(ROWS + 1));
}

/** Scrolls by `stepPx` in each of `frames` frames, from the place `from`, a share of the whole. */
function scroll(page: Page, options: { frames: number; stepPx: number; from: number }) {
  return page.locator(".events").evaluate(async (list, { frames, stepPx, from }) => {
    list.scrollTo(0, list.scrollHeight * from);
    for (let frame = 0; frame < frames; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      list.scrollBy(0, stepPx);
    }
  }, options);
}

/** Goes to places all over the list, as one does with the scroll bar. */
function jump(page: Page, frames: number) {
  return page.locator(".events").evaluate(async (list, frames) => {
    for (let frame = 0; frame < frames; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      list.scrollTo(0, list.scrollHeight * ((frame * 0.618) % 1));
    }
  }, frames);
}

async function measured(page: Page, what: string, action: () => Promise<void>): Promise<void> {
  const seen = await watchFrames(page);
  await action();
  process.stdout.write(`list of ${ROWS}: ${smoothnessText(what, await seen())}`);
}

inBrowser("a very long list", () => {
  test(
    "draws only what is in sight, in its order, and holds the events once",
    async () => {
      const organization = newOrganization();
      await storeRows(organization, 0, ROWS);
      const page = await open({
        organization,
        path: "/?last=all&columns=seq,time,actor,action",
        isOwnTab: true,
      });
      await row(page, 0).waitFor();
      await measured(page, "loading", () => loadAll(page));
      await measured(page, "slow scroll", () =>
        scroll(page, { frames: FRAMES, stepPx: 40, from: 0.3 }),
      );
      await measured(page, "fast scroll", () =>
        scroll(page, { frames: FRAMES, stepPx: 900, from: 0.2 }),
      );
      await measured(page, "scroll bar", () => jump(page, FRAMES / 2));
      await measured(page, "j, and open", async () => {
        for (let n = 0; n < 20; n++) {
          await page.keyboard.press("j");
        }
        await page.keyboard.press("Enter");
        await page.locator(".detail").waitFor();
      });

      const session = await page.context().newCDPSession(page);
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      const elements = await page.locator("*").count();
      process.stdout.write(
        `list of ${ROWS}: ${elements} elements, ${Math.round(usedSize / 1e6)} MB of heap\n`,
      );
      expect(elements).toBeLessThan(ELEMENTS_MAX);
      expect(usedSize).toBeLessThan(HEAP_BYTES_MAX);
      await page.keyboard.press("Escape");
      await page.keyboard.press("End");
      await page.locator(".list-end").waitFor();
      const shown = await page
        .locator(".event-row")
        .evaluateAll((rows) =>
          rows.map((each) => [
            Number(each.getAttribute("aria-rowindex")) - 2,
            Number(each.querySelector(".cell")?.textContent),
          ]),
        );
      expect(shown).toEqual(shown.map(([index = 0]) => [index, ROWS - index]));
      expect(shown.some(([index]) => index === ROWS - 1)).toBe(true);
    },
    60_000 + ROWS * 10,
  );

  test(
    "is followed live: the newest event stands first, however many there are",
    async () => {
      const organization = newOrganization();
      await storeRows(organization, 0, 1);
      const page = await open({
        organization,
        path: "/live?columns=seq,time,actor,action",
        isOwnTab: true,
      });
      await row(page, 0).waitFor();
      await measured(page, "filling Live", async () => {
        await storeRows(organization, 1, LIVE_ROWS - 1);
        await untilCount(page, `${LIVE_ROWS.toLocaleString("en")} events`);
      });
      await measured(page, "following", async () => {
        for (let n = 0; n < 40; n++) {
          await storeRows(organization, LIVE_ROWS + n, 1);
          await row(page, 0)
            .getByText(String(LIVE_ROWS + n + 1), { exact: true })
            .waitFor();
        }
      });
      await measured(page, "Live, scroll bar", () => jump(page, FRAMES / 2));
      expect(await page.locator("*").count()).toBeLessThan(ELEMENTS_MAX);
    },
    60_000 + ROWS * 10,
  );
});
