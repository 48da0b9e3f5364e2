/** Live through a crash of the server. */
import { expect, test } from "vitest";
import { startServer } from "../server/server.ts";
import { makeEvent } from "../support/events.ts";
import { inBrowser, open, row } from "./page.ts";

inBrowser("a server that is killed and started again", () => {
  test("is found again by itself: what was stored meanwhile is filled in once, and the page says so", async () => {
    const server = await startServer({ REKISHI_LOG_LEVEL: "error" });
    const store = (count: number, action: string) =>
      server.client().storeBatch(
        "org_acme",
        Array.from({ length: count }, (_, n) => makeEvent({ action, metadata: { n } })),
      );
    await store(5, "before");
    const page = await open({
      url: server.url,
      key: server.rootKey,
      organization: "org_acme",
      path: "/live",
    });
    await page.locator(".live-state", { hasText: "Live" }).waitFor();
    await store(2, "live");
    await row(page, 0).getByText("live").waitFor();

    await server.kill();
    await page.getByText("The connection was lost.").waitFor();
    expect(await page.locator(".live-state").innerText()).toBe("Disconnected");
    // The page must not be back before the events are there that it is to fill in.
    await page.context().setOffline(true);
    await server.start();
    await store(9, "meanwhile");
    await page.context().setOffline(false);
    await page.getByText("9 events from meanwhile were filled in.").waitFor();
    await store(1, "after");
    await row(page, 0).getByText("after").waitFor();
    expect(await page.locator(".event-row .cell.action").allInnerTexts()).toEqual([
      "after",
      ...Array.from({ length: 9 }, () => "meanwhile"),
      "live",
      "live",
      ...Array.from({ length: 5 }, () => "before"),
    ]);
  });
});
