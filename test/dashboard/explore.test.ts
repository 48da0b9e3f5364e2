/** Explore as a person uses it, on the demo's events. */
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import {
  client,
  countText,
  inBrowser,
  newOrganization,
  open,
  row,
  search,
  untilCount,
} from "./page.ts";

inBrowser("searching", () => {
  test("narrows the list, stands in the link, and Back undoes it", async () => {
    const page = await open({ path: "/?last=all" });
    await row(page, 0).waitFor();
    const all = await countText(page);
    await search(page, "readme action:pull_request.opened");
    await page.waitForURL(/q=readme/);
    await untilCount(page, "12 events");
    expect(await row(page, 0).innerText()).toContain("pull_request.opened");
    await page.goBack();
    await untilCount(page, all);
    expect(await page.getByRole("combobox").inputValue()).toBe("");
  });

  test.each([
    ["en-US", "Character 6: Unknown field 'actoin'. Did you mean 'action'?"],
    ["ja-JP", "6文字目: 「actoin」というフィールドはありません。もしかして: action"],
  ] as const)("points at what is wrong with a query (%s)", async (language, message) => {
    const page = await open({ language });
    await search(page, "push actoin:x");
    await page.getByText(message).waitFor();
    expect(await page.locator(".query-text mark").innerText()).toBe("actoin");
    expect(await page.getByRole("combobox").getAttribute("aria-invalid")).toBe("true");
  });

  test("suggests fields and then values with their counts, by keyboard", async () => {
    const page = await open({ path: "/?last=all" });
    await row(page, 0).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("actor.t");
    await page.getByRole("option", { name: "actor.type" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: /^organization/ }).waitFor();
    await page.keyboard.type("b");
    await page.getByRole("option", { name: /^bot/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=actor.type:bot/);
    await row(page, 0).getByText("[bot]").waitFor();
    expect(await page.getByRole("combobox").inputValue()).toBe("actor.type:bot");
  });

  test("a value that was chosen stays chosen when the answer of the server comes", async () => {
    const page = await open({ path: "/?last=all" });
    await row(page, 0).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("actor.type:");
    await page.getByRole("option", { name: /^organization/ }).waitFor();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/\/events\/stats/, async (route) => {
      await asked;
      await route.continue();
    });
    await page.keyboard.type("b");
    await page.getByRole("option", { name: /^organization/ }).waitFor({ state: "detached" });
    await page.keyboard.press("ArrowDown");
    const answered = page.waitForResponse(/\/events\/stats/);
    answer();
    await (await answered).finished();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await page.keyboard.press("Enter");
    expect((await page.getByRole("combobox").inputValue()).trim()).toBe("actor.type:bot");
  });

  test("says that nothing matches, and offers a way on", async () => {
    const page = await open();
    await search(page, "zzz_nothing");
    await page.getByRole("heading", { name: "No events found" }).waitFor();
    await page.getByRole("main").getByRole("button", { name: "Clear the search" }).last().click();
    await row(page, 0).waitFor();
    expect(page.url()).not.toContain("q=");
  });

  test("says how to begin where the log is empty", async () => {
    const organization = newOrganization();
    await client().createOrganization(organization);
    const page = await open({ organization, path: "/?last=all" });
    await page.getByRole("heading", { name: "This log is empty" }).waitFor();
    expect(await page.locator("pre").innerText()).toContain(`"organization_id":"${organization}"`);
  });

  test("says that the server does not answer, and goes on when it does", async () => {
    const page = await open();
    await row(page, 0).waitFor();
    await page.route("**/audit_logs/events**", (route) => route.abort());
    await search(page, "push");
    await page.getByRole("heading", { name: "The server did not answer" }).waitFor();
    await page.unroute("**/audit_logs/events**");
    await page.getByRole("button", { name: "Try again" }).click();
    await row(page, 0).waitFor();
    expect(await page.getByRole("alert").getByRole("heading").count()).toBe(0);
  });
});

inBrowser("facets", () => {
  test("a click asks for a value, another for one more, Alt and a click leaves one out", async () => {
    const page = await open({ path: "/?last=all" });
    const facet = page.locator(".facet", {
      has: page.getByRole("heading", { name: "Actor type" }),
    });
    const bot = facet.getByRole("button", { name: /^bot / });
    const organization = facet.getByRole("button", { name: /^organization / });
    const bots = /\d+$/.exec(await bot.innerText())?.[0] ?? "";
    await bot.click();
    await untilCount(page, `${bots} events`);
    await organization.click();
    await page.waitForURL(/actor.type:bot\+OR\+actor.type:organization/);
    expect(await bot.getAttribute("aria-pressed")).toBe("true");
    await bot.click();
    await organization.click();
    await page.waitForURL((url) => !url.search.includes("q="));
    await bot.click({ modifiers: ["Alt"] });
    await page.waitForURL(/q=-actor.type:bot/);
    await page.getByRole("button", { name: "Leave out bot" }).click();
    await page.waitForURL((url) => !url.search.includes("q="));
  });
});

inBrowser("time", () => {
  test("drawing over the chart shows that period, and the table says the same", async () => {
    const page = await open({ path: "/?last=30d" });
    const chart = page.locator(".u-over");
    await chart.waitFor();
    await row(page, 0).waitFor();
    const before = await countText(page);
    const box = await chart.boundingBox();
    const x = box?.x ?? 0;
    const y = (box?.y ?? 0) + 20;
    await page.mouse.move(x + 300, y);
    await page.mouse.down();
    await page.mouse.move(x + 600, y, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*to=/);
    await page.locator(".histogram summary").focus();
    await page.keyboard.press("Enter");
    const sum = async () => {
      const bars = await page.locator(".histogram td:last-child").allInnerTexts();
      return bars.reduce((total, count) => total + Number(count), 0);
    };
    // What was shown before stays until the answers are there.
    await expect.poll(() => countText(page), { timeout: 10_000 }).not.toBe(before);
    await expect
      .poll(async () => `${await sum()} events`, { timeout: 10_000 })
      .toBe(await countText(page));
    expect(await sum()).toBeGreaterThan(10);
  });

  test("is asked for and shown in the zone that is chosen", async () => {
    const page = await open({ timeZone: "America/New_York" });
    await page.getByRole("button", { name: "Last 7 days" }).click();
    await page.getByRole("dialog", { name: "Choose a period" }).getByText("Tokyo").click();
    await page.getByLabel("From").fill("2026-01-01T00:00:00");
    await page.getByLabel("To", { exact: true }).fill("2036-01-02T00:00:00");
    await page.getByRole("button", { name: "Show this period" }).click();
    await page.waitForURL(/from=2025-12-31T15:00:00.000Z&to=2036-01-01T15:00:00.000Z/);
    expect(page.url()).toContain("zone=Asia/Tokyo");
    const time = page.locator(".event-row time").first();
    const instant = new Date((await time.getAttribute("datetime")) ?? "");
    const clock = (timeZone: string) =>
      instant.toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
    expect(await time.innerText()).toContain(clock("Asia/Tokyo"));
    await page.getByRole("button", { name: "Jan 2, 2036" }).click();
    await page.getByRole("dialog", { name: "Choose a period" }).getByText("UTC").click();
    await page.keyboard.press("Escape");
    expect(await time.innerText()).toContain(clock("UTC"));
  });
});

inBrowser("an event", () => {
  test("opens to its JSON, which can be copied, and to fields that one can ask for", async () => {
    const page = await open({ path: "/?last=all&q=action:pull_request.opened" });
    await row(page, 0).click();
    const detail = page.getByRole("region", { name: "Event pull_request.opened" });
    await detail.getByRole("button", { name: "Copy JSON" }).click();
    await page.getByText("JSON copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ object: "audit_log_event" });
    await detail.locator(".field-line", { hasText: "metadata.draft" }).hover();
    await detail.getByRole("button", { name: "Only metadata.draft false" }).click();
    await page.waitForURL(/metadata.draft:false/);
    // The event is still in the list, and still open.
    await page.getByRole("button", { name: "Without actor.type user" }).click();
    await page.waitForURL(/-actor.type:user/);
  });

  test("has a link that shows it whatever the period is", async () => {
    const organization = newOrganization();
    const event = makeEvent({ action: "long.ago", occurred_at: "2026-01-02T03:04:05.000Z" });
    await client().store(organization, event);
    const page = await open({ organization, path: "/?last=all" });
    await row(page, 0).click();
    await page.getByRole("button", { name: "Copy link" }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    const linked = page.getByRole("region", { name: "The event of the link" });
    await linked.getByRole("heading", { name: "long.ago" }).waitFor();
    await linked.getByRole("button", { name: "5 minutes around it" }).click();
    await untilCount(page, "1 event");
    expect(page.url()).toContain("from=2026-01-02T02:59:05.000Z");
  });

  test("is reached, opened and closed by keys", async () => {
    const page = await open();
    await row(page, 0).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    expect(await row(page, 1).getAttribute("aria-expanded")).toBe("true");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-rowindex"))).toBe(
      "3",
    );
    await page.keyboard.press("Escape");
    expect(await row(page, 1).getAttribute("aria-expanded")).toBe("false");
    await page.keyboard.press("End");
    await page.locator('.event-row[aria-rowindex="101"]').waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys and search" }).waitFor();
    await page.keyboard.press("Escape");
  });
});

inBrowser("what a browser remembers", () => {
  test("the columns, which the link says too", async () => {
    const page = await open({ path: "/?last=all&q=action:pull_request.opened" });
    await row(page, 0).waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByLabel("Location", { exact: true }).uncheck();
    await page.getByLabel("draft").check();
    await page.waitForURL(/columns=time,actor,action,target,metadata.draft/);
    await page.reload();
    await row(page, 0).waitFor();
    expect(await page.getByRole("columnheader").allInnerTexts()).toEqual([
      "Time",
      "Actor",
      "Action",
      "Target",
      "draft",
    ]);
    await page.goto(page.url().replace(/&columns=[^&]*/, ""));
    await page.getByRole("columnheader", { name: "draft" }).waitFor();
  });

  test("views that were given a name", async () => {
    const page = await open({ path: "/?last=all&q=action:push" });
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByLabel("Name of this view").fill("Pushes");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.keyboard.press("Escape");
    await search(page, "");
    await page.waitForURL((url) => !url.search.includes("q="));
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("button", { name: "Pushes", exact: true }).click();
    await page.waitForURL(/q=action:push/);
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("button", { name: "Remove Pushes" }).click();
    expect(await page.getByRole("button", { name: "Pushes", exact: true }).count()).toBe(0);
  });
});

inBrowser("a phone", () => {
  test("shows the list, the filters and an event within its width", async () => {
    const page = await open({ width: 390, height: 844 });
    await row(page, 0).tap();
    await page.getByRole("button", { name: "Copy JSON" }).waitFor();
    await page.getByRole("button", { name: "Filters" }).tap();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^organization / })
      .first()
      .tap();
    await page.waitForURL(/actor.type:organization/);
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBe(widths[1]);
  });
});
