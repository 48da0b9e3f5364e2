/**
 * axe-core in every state of the dashboard, and what people who do not see it are told.
 *
 * The suite looks at each state once, by turns light and dark, in English and in Japanese; `npm run test:axe` looks at
 * each in all four ways.
 */
import { expect, test } from "vitest";
import { inBrowser, open, row, type View, violationsOf } from "./page.ts";
import { STATES } from "./states.ts";

const LOOKS: readonly View[] = [
  { language: "en-US", theme: "light" },
  { language: "ja-JP", theme: "dark" },
  { language: "en-US", theme: "dark" },
  { language: "ja-JP", theme: "light" },
];
const IS_EVERYTHING = process.env["REKISHI_AXE"] === "all";

const VISITS = Object.entries(STATES).flatMap(([place, visits]) =>
  Object.entries(visits).map(([state, visit]) => ({ place, state, visit })),
);

inBrowser("every state breaks no rule", () => {
  test.each(VISITS.map((each, index) => ({ ...each, index })))(
    "$place: $state",
    async ({ visit, index }) => {
      const turn = index % LOOKS.length;
      for (const look of IS_EVERYTHING ? LOOKS : LOOKS.slice(turn, turn + 1)) {
        expect(await violationsOf(await visit(look)), JSON.stringify(look)).toEqual([]);
      }
    },
  );
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
