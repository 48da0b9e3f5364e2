/**
 * `npm run screenshot`: makes the pictures of the dashboard in `docs/` from a running server with the demo's events.
 *
 *     npm start
 *     npm run demo -- --repeat 6 --no-tail
 *     npm run screenshot
 */
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { findServer, type Server } from "../demo/server.ts";
import { REPOSITORY } from "../server/bundle.ts";
import { CHROMIUM, CHROMIUM_ARGUMENTS } from "./chromium.ts";

const ORGANIZATION = "github_codertocat";
const PATH = `/?organization=${ORGANIZATION}&last=30d&zone=UTC`;

interface Picture {
  readonly file: string;
  readonly locale: string;
  readonly colorScheme: "light" | "dark";
  /** The row that is open, from 1. */
  readonly openRow: number;
}

const PICTURES: readonly Picture[] = [
  { file: "docs/dashboard.png", locale: "en-US", colorScheme: "light", openRow: 4 },
  { file: "docs/dashboard-ja.png", locale: "ja-JP", colorScheme: "dark", openRow: 4 },
];

async function take(browser: Browser, server: Server, picture: Picture): Promise<void> {
  const { locale, colorScheme } = picture;
  const page = await browser.newPage({
    viewport: { width: 1_360, height: 850 },
    deviceScaleFactor: 1.5,
    locale,
    colorScheme,
    timezoneId: "UTC",
  });
  await page.goto(new URL(PATH, server.url).href);
  await page.locator("input[name=key]").fill(server.key);
  await page.keyboard.press("Enter");
  await page.locator(".u-over").waitFor();
  await page
    .locator(".event-row")
    .nth(picture.openRow - 1)
    .click();
  await page.locator(".detail").waitFor();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(REPOSITORY, picture.file) });
  await page.close();
}

if (CHROMIUM === undefined) {
  throw new Error("There is no Chromium here. Install one, or set REKISHI_CHROMIUM to it.");
}
const server = await findServer(process.env);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS });
for (const picture of PICTURES) {
  await take(browser, server, picture);
  process.stdout.write(`${picture.file}\n`);
}
await browser.close();
