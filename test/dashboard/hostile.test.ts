/** Events whose sender means ill: whatever they hold is shown as text. */
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { client, inBrowser, newOrganization, open } from "./page.ts";

const MARKUP = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
const TURNED = "invoice_\u202Efdp.exe\u202C \u2066\u2067שלום";
const FORMULA = `=HYPERLINK("https://evil.example","a")`;

inBrowser("a hostile event", () => {
  test("is shown as text, in the list, open, in the filters and as a query, and breaks nothing", async () => {
    const organization = newOrganization();
    const metadata = Object.fromEntries(
      Array.from({ length: 42 }, (_, n) => [`m${n}`, `${n} ${"長い".repeat(240)}`]),
    );
    await client().storeBatch(organization, [
      makeEvent({ action: "harmless.before" }),
      makeEvent({
        action: MARKUP,
        actor: { id: `"); alert(1) //`, type: `<b>type</b>`, name: TURNED },
        targets: [{ id: "javascript:alert(1)", type: "a\u0000b", name: "x".repeat(1_000) }],
        context: { location: "</script>", user_agent: FORMULA },
        metadata: { ...metadata, formula: FORMULA, "": "no name" },
      }),
      makeEvent({ action: "harmless.after" }),
    ]);
    const page = await open({ organization, path: "/?last=all" });
    const hostile = page.locator(".event-row", { hasText: "onerror" });
    await hostile.waitFor();
    const columns = await page
      .locator(".event-row .cell.location")
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
    expect(new Set(columns).size).toBe(1);
    await hostile.click();
    const json = await page.locator(".json").innerText();
    expect(json).toContain(String.raw`invoice_\u202efdp.exe\u202c`);
    const copies = page.getByRole("button", { name: "Copy actor.name" });
    await copies.click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(TURNED);
    // Nowhere on the page is a character that is not seen, or that turns others around.
    expect(await page.locator("body").innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(JSON.parse(json)).toMatchObject({ action: MARKUP, metadata: { formula: FORMULA } });
    await page.getByRole("button", { name: `Only action ${MARKUP}` }).click();
    await page.locator(".list-bar p", { hasText: "1 event" }).waitFor();
    await page.locator(".facet-value", { hasText: "onerror" }).click();
    await page.locator(".list-bar p", { hasText: "3 events" }).waitFor();
    const state = await page.evaluate(() => ({
      hacked: "hacked" in globalThis,
      images: document.images.length,
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    expect(state).toEqual({ hacked: false, images: 0, overflow: 0 });
  });
});
