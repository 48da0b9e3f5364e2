/** Portal links in a browser, and the log inside another site's page. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../server/server.ts";
import { makeEvent } from "../support/events.ts";
import { client, inBrowser, newOrganization, open, row, violationsOf } from "./page.ts";

interface LinkOptions {
  readonly role?: string;
  readonly return_url?: string;
}

async function newLink(on = client(), options: LinkOptions = {}) {
  const organization = newOrganization();
  await on.store(organization, makeEvent());
  const body = { organization, intent: "audit_logs", ...options };
  const { link } = JSON.parse((await on.send("POST", "/portal/generate_link", body)).text) as {
    link: string;
  };
  return { organization, path: link.slice(new URL(link).origin.length) };
}

inBrowser("a portal link", () => {
  test("opens one organization's log, leads back, and leaves no trace of its code", async () => {
    const { path, organization } = await newLink(client(), {
      return_url: "https://app.example.com/settings",
    });
    const page = await open({ path, isSignedIn: false, isOwnTab: true });
    await row(page, 0).waitFor();
    expect(page.url()).toContain(`organization=${organization}`);
    expect(page.url()).not.toContain("#");
    const back = page.getByRole("link", { name: "Back" });
    expect(await back.getAttribute("href")).toBe("https://app.example.com/settings");
    expect(await page.evaluate(() => document.cookie)).toBe("");
    // Another tab of the same browser is signed in too.
    const tab = await page.context().newPage();
    await tab.goto(new URL("/live", page.url()).href);
    await tab.locator(".live-state").waitFor();
  });

  test("works once: the second visit is told so, in words that help", async () => {
    const { path } = await newLink();
    await row(await open({ path, isSignedIn: false }), 0).waitFor();
    const page = await open({ path, isSignedIn: false, language: "ja-JP", theme: "dark" });
    await page.getByRole("heading", { name: "このリンクは使用済みです" }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  test("a viewer's link shows neither exports nor settings", async () => {
    const { path } = await newLink(client(), { role: "viewer" });
    const page = await open({ path, isSignedIn: false });
    await row(page, 0).waitFor();
    expect(await page.locator(".views a").allInnerTexts()).toEqual(["Explore", "Live"]);
  });
});

inBrowser("<rekishi-log>", () => {
  test("shows the log in the page of an allowed site, dressed as the site says, and keeps nothing", async () => {
    const host = await startHost();
    const server = await startServer({ REKISHI_ALLOWED_ORIGINS: host.url });
    const on = server.client();
    const { path } = await newLink(on);
    host.show(`${server.url}${path}`);
    const page = await open({ url: host.url, isSignedIn: false });
    const frame = page.frameLocator("rekishi-log iframe");
    await frame.locator(".event-row").first().waitFor();
    const root = frame.locator(":root");
    await expect
      .poll(() => root.evaluate((each) => getComputedStyle(each).getPropertyValue("--accent")))
      .toBe("#8a4b16");
    expect(await root.getAttribute("lang")).toBe("ja");
    expect(await root.evaluate(() => sessionStorage.length)).toBe(0);
    expect(await page.context().cookies()).toEqual([]);
    // The frame knows no code any more, and asks for another link.
    const expired = page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          document
            .querySelector("rekishi-log")
            ?.addEventListener("expired", () => resolve(), { once: true });
        }),
    );
    // Later, because the answer to this would be lost with the page.
    await root.evaluate(() => {
      setTimeout(() => location.reload());
    });
    await expired;
  });

  test("is refused to any other site by the browser", async () => {
    const host = await startHost();
    const { path } = await newLink();
    const page = await open({ url: host.url, isSignedIn: false });
    host.show(`${client().url}${path}`);
    // A page of its own, because what it complains about is what is wanted.
    const embedding = await page.context().newPage();
    const refused = embedding.waitForEvent("console", (message) =>
      message.text().includes("frame-ancestors"),
    );
    await embedding.goto(host.url);
    expect((await refused).text()).toContain("'none'");
  });
});

/** A product's page, on an origin of its own. */
async function startHost() {
  let link = "";
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(
      link === ""
        ? ""
        : `<!doctype html><title>Acme</title>
           <script type="module" src="${new URL("/embed.js", link).href}"></script>
           <rekishi-log link="${link}" lang="ja" style="--rekishi-accent: #8a4b16"></rekishi-log>`,
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    show: (next: string) => {
      link = next;
    },
  };
}
