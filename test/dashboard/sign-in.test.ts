/** The way in: keys, organizations, and out again. */
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { client, inBrowser, newOrganization, open, row, search } from "./page.ts";

inBrowser("signing in with a key", () => {
  test("says what is wrong with a key that is none", async () => {
    const page = await open({ isSignedIn: false });
    await page.getByLabel("API key").fill("rk_live_wrong");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").getByText("This key is not valid").waitFor();
    expect(await page.getByLabel("API key").getAttribute("aria-invalid")).toBe("true");
  });

  test("says so too of a text that could not even be sent, and sends nothing", async () => {
    const page = await open({ isSignedIn: false, language: "ja-JP" });
    let requests = 0;
    await page.route("**/session", async (route) => {
      requests++;
      await route.continue();
    });
    await page.getByLabel("APIキー").fill("これはキーです");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("このキーは無効です").waitFor();
    expect(requests).toBe(0);
  });

  test("offers the organizations of a key that sees many, and the link says which", async () => {
    const page = await open({ isSignedIn: false });
    await page.getByLabel("API key").fill(client().key);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "github_octocat" }).click();
    await row(page, 0).waitFor();
    expect(page.url()).toContain("organization=github_octocat");
    await page.reload();
    await row(page, 0).waitFor();
  });

  test("opens the log of a key of one organization at once, and forgets the key at the end", async () => {
    const organization = newOrganization();
    await client().store(organization, makeEvent());
    const { key } = await client().withKey(["events:read"], organization);
    const page = await open({ isSignedIn: false, language: "ja-JP" });
    await page.getByLabel("APIキー").fill(key);
    await page.keyboard.press("Enter");
    await row(page, 0).waitFor();
    await page.getByRole("button", { name: "表示", exact: true }).click();
    await page.getByRole("button", { name: "サインアウト" }).click();
    await page.getByLabel("APIキー").waitFor();
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain(key);
  });

  test("forgets at the end what was searched for", async () => {
    const page = await open();
    await search(page, "action:star.*");
    await row(page, 0).waitFor();
    const kept = () => page.evaluate(() => localStorage.getItem("rekishi.recent"));
    expect(await kept()).toContain("action:star.*");
    await page.getByRole("button", { name: "Display", exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    expect(await kept()).not.toContain("star");
  });
});
