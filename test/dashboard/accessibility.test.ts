/**
 * axe-core in every state of the dashboard, and what people who do not see it are told.
 *
 * Each state is looked at light and dark. The suite takes every second one in Japanese; `npm run test:axe` takes all of
 * them in both languages.
 */
import { expect, test } from "vitest";
import { inBrowser, open, row, useBrowser, type View, violationsOf } from "./page.ts";
import { STATES, type Visit } from "./states.ts";

useBrowser();

const LANGUAGES = ["en-US", "ja-JP"] as const;
const IS_EVERYTHING = process.env["REKISHI_AXE"] === "all";

const VISITS = Object.entries(STATES).flatMap(([place, visits]) =>
  Object.entries(visits).map(([state, visit]) => ({ place, state, visit })),
);

inBrowser("every state breaks no rule", () => {
  test.each(VISITS.map((each, index) => ({ ...each, index })))(
    "$place: $state",
    async ({ visit, index }) => {
      const language = LANGUAGES[index % 2] ?? "en-US";
      for (const each of IS_EVERYTHING ? LANGUAGES : [language]) {
        expect(await violationsIn(visit, { language: each, theme: "light" }), each).toEqual([]);
      }
    },
  );
});

/** In the dark only the colours are others. */
async function violationsIn(visit: Visit, look: View): Promise<readonly unknown[]> {
  const page = await visit(look);
  const light = await violationsOf(page);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await violationsOf(page, ["color-contrast"]);
  return [...light, ...dark];
}

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
