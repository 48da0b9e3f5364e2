/** axe-core in every state of the dashboard, and what people who do not see it are told. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import {
  client,
  violationsOf,
  inBrowser,
  newOrganization,
  open,
  row,
  search,
  useBrowser,
  type View,
} from "./page.ts";

useBrowser();

const LOOKS: readonly (readonly [string, View])[] = [
  ["light, English", { theme: "light", language: "en-US" }],
  ["dark, Japanese", { theme: "dark", language: "ja-JP" }],
];

/** Opens the n-th small panel of the page, has it checked, and closes it. */
async function checkPanel(page: Page, button: string): Promise<void> {
  await page.locator(button).click();
  await page.locator("[popover]:popover-open").waitFor();
  expect(await violationsOf(page, ".popover:popover-open"), button).toEqual([]);
  await page.keyboard.press("Escape");
}

inBrowser.each(LOOKS)("%s", (_, look) => {
  test("the way in breaks no rule", async () => {
    const page = await open({ ...look, isSignedIn: false });
    await page.locator("input[name=key]").waitFor();
    expect(await violationsOf(page), "sign-in").toEqual([]);
    await page.locator("input[name=key]").fill("wrong");
    await page.keyboard.press("Enter");
    await page.locator("#key-problem:not(:empty)").waitFor();
    expect(await violationsOf(page), "a refused key").toEqual([]);
    await page.locator("input[name=key]").fill(client().key);
    await page.keyboard.press("Enter");
    await page.locator(".organizations").waitFor();
    expect(await violationsOf(page), "organizations").toEqual([]);
  });

  test("Explore breaks no rule", async () => {
    const page = await open({ ...look, path: "/?last=30d", height: 560 });
    await page.locator(".u-over").waitFor();
    await row(page, 1).click();
    await page.locator(".facet-exclude").nth(12).click();
    await row(page, 0).waitFor();
    expect(await violationsOf(page), "an open event").toEqual([]);
    await checkPanel(page, ".time-button");
    await checkPanel(page, ".columns-button");
    await checkPanel(page, ".organization");
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    expect(await violationsOf(page, "dialog[open]"), "help").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.getByRole("combobox").fill("act");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option").first().waitFor();
    expect(await violationsOf(page, ".query-bar"), "suggestions").toEqual([]);
    await search(page, "(act");
    await page.locator(".query-error:not(:empty)").waitFor();
    expect(await violationsOf(page, ".toolbar"), "a query that is wrong").toEqual([]);
    await search(page, "zzz_nothing");
    await page.locator(".notice button").first().waitFor();
    expect(await violationsOf(page), "nothing found").toEqual([]);
    await page.route("**/audit_logs/events**", (route) => route.abort());
    await search(page, "push");
    await page.locator("[role=alert] .notice").waitFor();
    expect(await violationsOf(page), "no answer").toEqual([]);
  });

  test("Live and the phone break no rule", async () => {
    const organization = newOrganization();
    const store = (count: number) =>
      client().storeBatch(
        organization,
        Array.from({ length: count }, (_, n) => makeEvent({ metadata: { n, count } })),
      );
    await store(3);
    const page = await open({ ...look, organization, path: "/live", width: 390, height: 844 });
    await row(page, 0).waitFor();
    expect(await violationsOf(page), "live").toEqual([]);
    await row(page, 0).tap();
    await store(2);
    await page.locator(".new-pill").waitFor();
    expect(await violationsOf(page), "live, held back").toEqual([]);
    await page.locator(".views a").first().tap();
    await page.locator(".facets-button > button").waitFor();
    await row(page, 0).waitFor();
    expect(await violationsOf(page), "Explore on a phone").toEqual([]);
    await checkPanel(page, ".facets-button > button");
  });
});

inBrowser("who does not see the page", () => {
  test("is told the language, how many events there are, and where in the list the focus is", async () => {
    const page = await open({ language: "ja-JP", path: "/?last=all" });
    await row(page, 0).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("ja");
    await page
      .getByRole("status")
      .getByText(/件のイベント$/)
      .waitFor();
    await page.keyboard.press("j");
    const focused = page.locator(":focus");
    expect(await focused.getAttribute("role")).toBe("row");
    expect(await focused.getAttribute("aria-rowindex")).toBe("2");
    expect(await focused.getAttribute("aria-expanded")).toBe("false");
  });
});
