/** Live as a person uses it: what arrives, and what waits while one reads. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { client, inBrowser, newOrganization, open, row, type View } from "./page.ts";

/** An organization with `stored` events, and Live open on it. */
async function follow(
  stored: number,
  view: View = {},
): Promise<{ page: Page; store: (count: number, action: string) => Promise<unknown> }> {
  const organization = newOrganization();
  let stores = 0;
  const store = (count: number, action: string) => {
    stores++;
    return client().storeBatch(
      organization,
      Array.from({ length: count }, (_, n) => makeEvent({ action, metadata: { n, stores } })),
    );
  };
  await store(stored, "stored.before");
  const page = await open({ organization, path: "/live", ...view });
  await page.locator(".live-state", { hasText: /^(Live|ライブ)$/ }).waitFor();
  await row(page, 0).waitFor();
  return { page, store };
}

function untilFirst(page: Page, action: string): Promise<void> {
  return row(page, 0).getByText(action).waitFor();
}

function untilListed(page: Page, count: number): Promise<void> {
  return expect.poll(() => page.locator(".event-row").count(), { timeout: 10_000 }).toBe(count);
}

inBrowser("Live", () => {
  test("shows events as they are stored, the newest first, after some from before", async () => {
    const { page, store } = await follow(3);
    expect(await page.locator(".event-row").count()).toBe(3);
    await store(1, "one.first");
    await untilFirst(page, "one.first");
    await store(1, "one.second");
    await untilFirst(page, "one.second");
    expect(await page.locator(".event-row .cell.action").allInnerTexts()).toEqual([
      "one.second",
      "one.first",
      "stored.before",
      "stored.before",
      "stored.before",
    ]);
  });

  test("is narrowed by the filters as Explore is: a click asks for a value, Alt and a click leaves it out", async () => {
    const { page, store } = await follow(2, { path: "/live?last=all" });
    await store(1, "document.deleted");
    await untilFirst(page, "document.deleted");
    await page.reload();
    const facet = page.locator(".facet").first();
    await facet.getByRole("button", { name: /^document\.deleted / }).click();
    await page.waitForURL(/live.*q=action:document.deleted/);
    await untilListed(page, 1);
    await store(1, "stored.before");
    await store(1, "document.deleted");
    await untilListed(page, 2);
    await facet.getByRole("button", { name: /^document\.deleted / }).click();
    await facet.getByRole("button", { name: /^document\.deleted / }).click({ modifiers: ["Alt"] });
    await page.waitForURL(/live.*q=-action:document.deleted/);
    await untilListed(page, 3);
    expect(await page.locator(".facet-line.without").innerText()).toContain("document.deleted");
  });

  test("shows only what the query asks for, and goes to Explore with it", async () => {
    const { page, store } = await follow(3, { path: "/live?q=action:stored.*" });
    await store(1, "unwanted");
    await store(1, "stored.wanted");
    await untilFirst(page, "stored.wanted");
    expect(await page.getByText("unwanted").count()).toBe(0);
    await page.getByRole("link", { name: "Explore" }).click();
    await page.waitForURL(/\/\?.*q=action:stored\.\*/);
    await page.locator(".list-bar p", { hasText: "4 events" }).waitFor();
  });

  test("holds back while an event is open, says how much, and shows it when asked", async () => {
    const { page, store } = await follow(3);
    await row(page, 1).click();
    const place = await row(page, 1).boundingBox();
    await store(7, "held.back");
    await page.getByRole("button", { name: "7 new events" }).waitFor();
    expect(await page.locator(".live-state").innerText()).toBe("Paused");
    expect(await row(page, 1).boundingBox()).toEqual(place);
    await page.getByRole("button", { name: "7 new events" }).click();
    await untilFirst(page, "held.back");
    expect(await page.locator(".event-row").count()).toBe(10);
  });

  test("holds back while one has scrolled, and goes on at the top", async () => {
    const { page, store } = await follow(100);
    await row(page, 0).hover();
    await page.mouse.wheel(0, 900);
    await page.locator(".live-state", { hasText: "Paused" }).waitFor();
    await store(2, "held.back");
    await page.getByRole("button", { name: "2 new events" }).waitFor();
    await page.mouse.wheel(0, -2_000);
    await untilFirst(page, "held.back");
    expect(await page.locator(".live-state").innerText()).toBe("Live");
  });

  test("is paused and resumed by the button and by p", async () => {
    const { page, store } = await follow(3);
    await page.keyboard.press("p");
    await store(1, "held.back");
    await page.getByRole("button", { name: "1 new event" }).waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await untilFirst(page, "held.back");
    await page.getByRole("button", { name: "Pause" }).click();
    expect(await page.locator(".live-state").innerText()).toBe("Paused");
  });
});
