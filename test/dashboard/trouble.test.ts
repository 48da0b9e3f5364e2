/** What a person sees when the server, the network or a new deployment get in the way. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { TailServerMessage } from "../../src/contract/tail.ts";
import { makeEvent } from "../support/events.ts";
import { client, inBrowser, newOrganization, open, row, search } from "./page.ts";

const EVENTS = "**/audit_logs/events**";
const SCRIPTS = "**/assets/*.js";

inBrowser("a request that is not answered", () => {
  test("ends after 20 seconds, says that it took too long, and can be tried again", async () => {
    const page = await open({ isOwnTab: true });
    await row(page, 0).waitFor();
    await page.clock.install();
    await page.route(EVENTS, () => {
      // Never answered.
    });
    const asked = page.waitForRequest(EVENTS);
    await search(page, "push");
    await asked;
    await page.clock.fastForward(19_000);
    expect(await page.getByRole("alert").getByRole("heading").count()).toBe(0);
    await page.clock.fastForward(2_000);
    await page.getByRole("heading", { name: "This takes too long" }).waitFor();
    await page.unroute(EVENTS);
    await page.getByRole("button", { name: "Try again" }).click();
    await row(page, 0).getByText("push").waitFor();
  });

  test.each([
    [429, "リクエストが多すぎます"],
    [502, "ログが混み合っています"],
  ])("with %i is explained in words, in the chosen language", async (status, title) => {
    const page = await open({ language: "ja-JP" });
    await row(page, 0).waitFor();
    await page.route(EVENTS, (route) =>
      route.fulfill({ status, json: { code: "some_code", message: "In English." } }),
    );
    await search(page, "push");
    await page.getByRole("alert").getByRole("heading", { name: title }).waitFor();
    await page.unroute(EVENTS);
    await page.getByRole("button", { name: "再試行" }).click();
    await row(page, 0).waitFor();
    expect(await page.getByText("In English.").count()).toBe(0);
  });

  test("because the session has ended leads to the way in, which says so", async () => {
    const organization = newOrganization();
    await client().store(organization, makeEvent());
    const reader = await client().withKey(["events:read"], organization);
    const page = await open({ organization, key: reader.key });
    await row(page, 0).waitFor();
    await client().send("DELETE", `/api_keys/${reader.keyId}`);
    await page.route(EVENTS, (route) => route.fulfill({ status: 401, json: {} }));
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("You were signed out").waitFor();
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(reader.key);
  });
});

inBrowser("a script that is gone after a new deployment", () => {
  test("is explained where its view should be, and a reload opens the view", async () => {
    const page = await open();
    await row(page, 0).waitFor();
    await page.route(SCRIPTS, (route) => route.fulfill({ status: 404, body: "" }));
    await page.getByRole("link", { name: "Live" }).click();
    await page.getByRole("heading", { name: /could not be loaded/ }).waitFor();
    await page.unroute(SCRIPTS);
    await page.getByRole("button", { name: "Reload the page" }).click();
    await page.locator(".live-state").waitFor();
    await row(page, 0).waitFor();
    expect(await page.getByRole("heading", { name: /could not be loaded/ }).count()).toBe(0);
  });

  test("leaves the words as they are when another language is chosen, and says why", async () => {
    const page = await open();
    await row(page, 0).waitFor();
    await page.route(SCRIPTS, (route) => route.fulfill({ status: 404, body: "" }));
    await page.getByRole("button", { name: "Display", exact: true }).click();
    await page.getByRole("button", { name: "日本語" }).click();
    await page
      .getByRole("status")
      .getByText(/could not be loaded/)
      .waitFor();
    expect(await page.getByRole("link", { name: "Live" }).count()).toBe(1);
  });
});

inBrowser("a page that does not keep up with the log", () => {
  test("says how many events were skipped, and loads them into their places when asked", async () => {
    const organization = newOrganization();
    const store = (action: string) =>
      client().storeBatch(
        organization,
        Array.from({ length: 3 }, (_, n) => makeEvent({ action, metadata: { n } })),
      );
    await store("before");
    const page = await open({ organization, path: "/?last=all", isOwnTab: true });
    await row(page, 0).waitFor();
    const skip = await skipNext(page);
    await page.getByRole("link", { name: "Live" }).click();
    await page.locator(".live-state", { hasText: /^Live$/ }).waitFor();
    await row(page, 2).waitFor();
    skip();
    await store("skipped");
    await page.getByText("3 events were skipped").waitFor();
    await store("after");
    await row(page, 0).getByText("after").waitFor();

    await page.route(EVENTS, (route) => route.abort());
    await page.getByRole("button", { name: "Load them" }).click();
    await page.locator(".banner").getByText("The server did not answer").waitFor();
    await page.unroute(EVENTS);
    await page.getByRole("button", { name: "Load them" }).click();
    await row(page, 8).waitFor();
    expect(await page.locator(".banner").count()).toBe(0);
    expect(await page.locator(".event-row .cell.action").allInnerTexts()).toEqual(
      ["after", "skipped", "before"].flatMap((action) => [action, action, action]),
    );
  });
});

/** Stands between the page and the tail. @returns what makes the next events be skipped, as for a slow reader. */
async function skipNext(page: Page): Promise<() => void> {
  let isSkipping = false;
  await page.routeWebSocket(/\/audit_logs\/tail/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const message = data === "pong" ? undefined : (JSON.parse(String(data)) as TailServerMessage);
      if (!isSkipping || message?.type !== "events") {
        socket.send(data);
        return;
      }
      isSkipping = false;
      const seqs = message.events.map(({ seq }) => seq);
      const skipped: TailServerMessage = {
        type: "skipped",
        from: Math.min(...seqs),
        to: Math.max(...seqs),
      };
      socket.send(JSON.stringify(skipped));
    });
  });
  return () => {
    isSkipping = true;
  };
}
