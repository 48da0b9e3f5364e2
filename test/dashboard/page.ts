/** The dashboard in a browser, as a person has it in front of them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished } from "vitest";
import { CHROMIUM } from "../../scripts/dashboard/chromium.ts";
import { Client } from "../server/client.ts";

export const DEMO_ORGANIZATION = "github_codertocat";

export interface View {
  readonly path?: string;
  readonly organization?: string;
  readonly key?: string;
  readonly url?: string;
  readonly language?: "en-US" | "ja-JP";
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  readonly timeZone?: string;
  readonly isSignedIn?: boolean;
}

/** Shorter than a test may take, so that the step that waits in vain is the one that is named. */
const STEP_TIMEOUT_MS = 12_000;

let browser: Browser;
let organizations = 0;

/** Tests that need a browser; skipped where there is none. */
export const inBrowser = CHROMIUM === undefined ? describe.skip : describe;

/** Stands at the top of each file with such tests. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (CHROMIUM !== undefined) {
      browser = await chromium.connect(inject("browserEndpoint"));
    }
  });
  afterAll(async () => {
    await browser?.close();
  });
}

export function client(): Client {
  return new Client(inject("serverUrl"), inject("rootKey"));
}

/** An organization of its own for a test that stores events. */
export function newOrganization(): string {
  organizations++;
  return `org_${process.pid}_${organizations}`;
}

/** Opens the dashboard. What the page complains about fails the test. */
export async function open(view: View = {}): Promise<Page> {
  const { url = inject("serverUrl"), organization = DEMO_ORGANIZATION } = view;
  const context = await newContext(view);
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_|status of [45]|WebSocket/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  const { path = "/" } = view;
  const separator = path.includes("?") ? "&" : "?";
  const place =
    view.isSignedIn === false ? path : `${path}${separator}organization=${organization}`;
  if (view.isSignedIn !== false) {
    await keepSession(context, url, view.key ?? inject("rootKey"), organization);
  }
  await page.goto(url + place);
  return page;
}

function newContext(view: View): Promise<BrowserContext> {
  const { width = 1_440, height = 900 } = view;
  const isPhone = width < 500;
  return browser.newContext({
    viewport: { width, height },
    locale: view.language ?? "en-US",
    colorScheme: view.theme ?? "light",
    timezoneId: view.timeZone ?? "Asia/Tokyo",
    hasTouch: isPhone,
    isMobile: isPhone,
    permissions: ["clipboard-read", "clipboard-write"],
  });
}

/** As after a sign-in: what that leaves in the tab. */
async function keepSession(
  context: BrowserContext,
  url: string,
  key: string,
  organizationId: string,
): Promise<void> {
  const answer = await new Client(url, key).get("/session");
  const session = {
    credential: { kind: "bearer", token: key },
    organizationId,
    holder: JSON.parse(answer.text) as unknown,
  };
  await context.addInitScript((text) => {
    if (sessionStorage.getItem("rekishi.session") === null) {
      sessionStorage.setItem("rekishi.session", text);
    }
  }, JSON.stringify(session));
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/**
 * What axe-core finds in what the page shows now: each rule that is broken, and where.
 */
export async function violationsOf(page: Page): Promise<readonly unknown[]> {
  const hasAxe = await page.evaluate(() => "axe" in globalThis);
  if (!hasAxe) {
    // The policy of the page allows no other script, and the browser's own tools are above it.
    await page.evaluate(AXE);
  }
  return page.evaluate(async () => {
    type Run = (part: Document, options: object) => Promise<AxeResults>;
    const { axe } = globalThis as unknown as { axe: { run: Run } };
    // What is right is neither described nor handed over: that takes longer than the checks.
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
    }));
  });
}

/** The row of the n-th event of the list, from 0. */
export function row(page: Page, index: number): Locator {
  return page.locator(`.event-row[aria-rowindex="${index + 2}"]`);
}

/** How many events the view says there are, such as "529 events". */
export function countText(page: Page): Promise<string> {
  return page.locator(".list-bar p").first().innerText();
}

/** Waits until the view says so; a number is enough. */
export async function untilCount(page: Page, text: string): Promise<void> {
  await page.locator(".list-bar p", { hasText: text }).first().waitFor();
}

/** Asks for something in the query bar, as one does: writes it and presses Enter. */
export async function search(page: Page, q: string): Promise<void> {
  const field = page.getByRole("combobox").first();
  await field.fill(q);
  await field.press("Enter");
}
