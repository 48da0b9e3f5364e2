/** What is written in the query bar and is no query: a mistake, or a key in the wrong field. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { mintApiKey } from "../../src/kernel/api-key.ts";
import { makeEvent } from "../support/events.ts";
import { client, inBrowser, newOrganization, open, row, search } from "./page.ts";

const MISTAKE = "There is a mistake in the search";

/** What is left of a page anywhere that outlives it, or is seen by others. */
async function tracesOf(page: Page): Promise<string> {
  const stored = await page.evaluate(() => JSON.stringify(localStorage));
  return page.url() + stored;
}

inBrowser("a key in the query bar", () => {
  test("is neither searched for nor kept, in Live neither, and that is said at once", async () => {
    const key = mintApiKey();
    const requests: string[] = [];
    const page = await open();
    page.on("request", (request) => requests.push(request.url()));
    await row(page, 0).waitFor();
    await page.getByRole("combobox").fill(`actor.id:${key}`);
    await page.getByText("This looks like a key, so it is not searched for or kept.").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: MISTAKE }).waitFor();
    await page.getByRole("link", { name: "Live" }).click();
    await page.locator(".live-state").waitFor();
    await search(page, key);
    await page.getByText("This looks like a key").waitFor();
    expect(await tracesOf(page)).not.toContain(key);
    expect(requests.filter((url) => url.includes(key))).toEqual([]);
    await page.getByRole("button", { name: "Clear the search" }).click();
    await row(page, 0).waitFor();
  });

  test("does not stay in the address of a link that has it, which says so", async () => {
    const key = mintApiKey();
    const page = await open({ path: `/?q=${key}&last=30d` });
    await page.getByRole("status").getByText("This looks like a key").waitFor();
    await row(page, 0).waitFor();
    expect(await tracesOf(page)).not.toContain(key);
    expect(page.url()).toContain("last=30d");
  });
});

inBrowser("a query with a mistake", () => {
  test("shows nothing as its result, until it is mended", async () => {
    const page = await open();
    await row(page, 0).waitFor();
    await search(page, "acton:x");
    await page.getByRole("heading", { name: MISTAKE }).waitFor();
    expect(await page.locator(".event-row, .histogram, .facet-line").count()).toBe(0);
    expect(await page.locator(".list-bar p").first().innerText()).toBe("");
    await search(page, "push");
    await row(page, 0).waitFor();
    await page.locator(".histogram").waitFor();
  });

  test("in a link says what is wrong, and does not look as if it was still loading", async () => {
    const page = await open({ path: "/?q=acton:x" });
    await page.getByRole("heading", { name: MISTAKE }).waitFor();
    await page.getByText("Character 1").waitFor();
    expect(await page.locator(".ghost, .progress").count()).toBe(0);
  });
});

inBrowser("an organization that is not there", () => {
  test("is said to be none, without a chart, and another one can be chosen", async () => {
    const organization = newOrganization();
    await client().store(organization, makeEvent({ action: "found.it" }));
    const page = await open({ organization: "org_nope" });
    await page.getByRole("heading", { name: "There is no organization “org_nope”" }).waitFor();
    expect(await page.locator(".histogram").count()).toBe(0);
    await page.getByRole("button", { name: "Choose another organization" }).click();
    await page.getByRole("button", { name: organization }).click();
    await row(page, 0).getByText("found.it").waitFor();
  });
});

inBrowser("an event of the far future", () => {
  test("is not among the last seven days, and among all time shows its year", async () => {
    const organization = newOrganization();
    await client().storeBatch(organization, [
      makeEvent({ action: "far.future", occurred_at: "2099-03-04T05:06:07.000Z" }),
      makeEvent({ action: "just.now", occurred_at: new Date(Date.now() + 60_000).toISOString() }),
    ]);
    const page = await open({ organization });
    await row(page, 0).getByText("just.now").waitFor();
    expect(await page.locator(".event-row").count()).toBe(1);
    await page.goto(`${page.url()}&last=all`);
    await row(page, 0).getByText("2099").waitFor();
  });
});
