/** Settings: what the organization's people set themselves, as far as their session may. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Client } from "../server/client.ts";
import { makeEvent } from "../support/events.ts";
import { client, inBrowser, newOrganization, open } from "./page.ts";

async function openSettings(): Promise<{ page: Page; organization: string }> {
  const organization = newOrganization();
  await client().store(organization, makeEvent({ action: "document.shared" }));
  const page = await open({ organization, path: "/settings" });
  await page.locator(".section").first().waitFor();
  return { page, organization };
}

inBrowser("settings", () => {
  test("a shorter retention says that it deletes before it does, and then holds", async () => {
    const { page, organization } = await openSettings();
    // No event of a test was stored weeks ago.
    await page.route("**/audit_logs_retention?preview_days=30", (route) =>
      route.fulfill({ json: { retention_period_in_days: 365, preview: { events: 1 } } }),
    );
    await page.getByLabel("Days (30 to 3,650)").fill("30");
    await page.getByRole("button", { name: "Save" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 event would expire now").waitFor();
    await dialog.getByText("cannot be undone").waitFor();
    const path = `/organizations/${organization}/audit_logs_retention`;
    expect(JSON.parse((await client().get(path)).text)).toEqual({ retention_period_in_days: 365 });
    await dialog.getByRole("button", { name: "Delete older events" }).click();
    await page.getByText("Retention saved").waitFor();
    expect(JSON.parse((await client().get(path)).text)).toEqual({ retention_period_in_days: 30 });
  });

  test("a shorter retention by which nothing expires is saved without a warning", async () => {
    const { page } = await openSettings();
    await page.getByLabel("Days").fill("30");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("nothing expires now").waitFor();
    expect(await dialog.getByText("cannot be undone").count()).toBe(0);
    expect(await dialog.locator(".danger").count()).toBe(0);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("Retention saved").waitFor();
  });

  test("on a phone a key with all scopes stays within its card, and no scope is offered in vain", async () => {
    const organization = newOrganization();
    await client().storeBatch(organization, [
      makeEvent({ action: "z.last" }),
      makeEvent({ action: "a.first" }),
      makeEvent({ action: "m.middle" }),
    ]);
    const scopes = ["events:write", "events:read", "exports:write", "keys:write"] as const;
    await client().withKey([...scopes, "portal:write", "retention:write"], organization);
    const page = await open({ organization, path: "/settings", width: 390, height: 844 });
    await page.locator(".scopes code").first().waitFor();
    const overflows = await page.locator(".section").evaluateAll((sections) =>
      sections.flatMap((section) => {
        const { right } = section.getBoundingClientRect();
        const parts = [...section.querySelectorAll("td, tr, code, button")];
        return parts.filter((part) => part.getBoundingClientRect().right > right).length;
      }),
    );
    expect(overflows.every((count) => count === 0)).toBe(true);
    await page.locator("table", { hasText: "a.first" }).waitFor();
    const actions = await page.locator("table:has-text('a.first') bdi").allInnerTexts();
    expect(actions.filter((name) => /^[azm]\./.test(name))).toEqual([
      "a.first",
      "m.middle",
      "z.last",
    ]);
    await page.getByRole("button", { name: "Create a key" }).tap();
    const offered = await page
      .locator("dialog input[name=scope]")
      .evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value));
    expect(offered).toContain("events:read");
    expect(offered).not.toContain("schemas:write");
    expect(offered).not.toContain("metrics:read");
  });

  test("a new key is shown once, works, gets a new text when it is rotated, and ends when it is revoked", async () => {
    const { page, organization } = await openSettings();
    await page.getByRole("button", { name: "Create a key" }).click();
    await page.getByLabel("Name").fill("Backend");
    await page.getByLabel("events:read").check();
    await page.locator("dialog button[type=submit]").click();
    const shown = page.locator("dialog .secret code");
    const key = await shown.innerText();
    const read = `/audit_logs/events?organization_id=${organization}`;
    expect((await new Client(client().url, key).get(read)).status).toBe(200);
    await page.keyboard.press("Escape");
    await shown.waitFor({ state: "detached" });
    expect(await page.content()).not.toContain(key);

    await page.getByRole("button", { name: "Rotate" }).click();
    await page.locator("dialog .danger").click();
    const next = await shown.innerText();
    expect(next).not.toBe(key);
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Revoke" }).click();
    await page.locator("dialog .danger").click();
    await page.getByText("There is no key of this organization.").waitFor();
    expect((await new Client(client().url, next).get(read)).status).toBe(401);
  });

  test("what was seen of an action is proposed as its schema, and refuses what does not fit once it is locked", async () => {
    const { page, organization } = await openSettings();
    const action = `locked.${organization}`;
    const event = makeEvent({ action, metadata: { pages: 3 } });
    await client().store(organization, event);
    await page.reload();
    await page.locator("tr", { hasText: action }).getByRole("button", { name: "Propose" }).click();
    await page.locator("dialog pre", { hasText: '"pages"' }).waitFor();
    await page.getByRole("button", { name: "Lock this schema" }).click();
    await page.locator("tr", { hasText: action }).getByText("Version 1").waitFor();
    await expect
      .poll(
        async () => {
          const misfit = { ...event, metadata: { pages: "three" } };
          const body = { organization_id: organization, event: misfit };
          return (await client().send("POST", "/audit_logs/events", body)).status;
        },
        { timeout: 40_000, interval: 1_000 },
      )
      .toBe(400);
  });

  test("a session sees only the sections that it may change", async () => {
    const organization = newOrganization();
    await client().store(organization, makeEvent());
    const { key } = await client().withKey(["events:read", "retention:write"], organization);
    const page = await open({ organization, key, path: "/settings" });
    await page.getByRole("heading", { name: "Retention" }).waitFor();
    expect(await page.locator(".section").count()).toBe(1);
  });
});
