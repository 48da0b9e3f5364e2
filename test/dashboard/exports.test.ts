/** Exports from the dashboard: the file holds what the list showed. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../server/server.ts";
import { inBrowser, open, untilCount, violationsOf } from "./page.ts";

inBrowser("exports", () => {
  test("what Explore shows becomes a file, whose hash is beside it", async () => {
    const page = await open({ path: "/?last=30d&q=action:star.*" });
    await untilCount(page, "event");
    const shown = Number.parseInt(await page.locator(".list-bar p").first().innerText(), 10);
    expect(shown).toBeGreaterThan(0);
    await page.locator(".list-bar").getByRole("button", { name: "Export" }).click();
    await page.getByText("action:star.*").waitFor();
    await page.getByLabel("Format").selectOption("ndjson");
    await page.getByRole("button", { name: "Create export" }).click();
    const row = page.locator("tbody tr").first();
    await row.getByText("Ready").waitFor();
    const downloading = page.waitForEvent("download");
    await row.getByRole("button", { name: "Download" }).click();
    const file = join(testFolder(), "export.ndjson");
    await (await downloading).saveAs(file);
    const bytes = await readFile(file);
    const events = bytes.toString().trimEnd().split("\n");
    expect(events).toHaveLength(shown);
    expect(events.every((line) => line.includes('"action":"star.'))).toBe(true);
    await row.getByRole("button", { name: "SHA-256" }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(await violationsOf(page)).toEqual([]);
    await row.getByRole("button", { name: "Delete this export" }).click();
    await page.getByText("Nothing was exported yet.").waitFor();
  });
});
