/** The dashboard in a browser, as a person has it in front of them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { describe, expect, inject, onTestFinished } from "vitest";
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
  /** For tests that change what cannot be undone in a tab: its clock, its sockets, its browser's network or tabs. */
  readonly isOwnTab?: boolean;
}

/** Shorter than a test may take, so that the step that waits in vain is the one that is named. */
const STEP_TIMEOUT_MS = 12_000;

/** A path of the server where nothing of the dashboard runs. */
const OUTSIDE = "/health";

/** Of all files that run in this process, with its tabs. */
let browser: Promise<Browser> | undefined;
/** Tabs that wait for the next test, by what they look like. */
const freeTabs = new Map<string, Page[]>();
let organizations = 0;

/** Tests that need a browser; skipped where there is none. */
export const inBrowser = CHROMIUM === undefined ? describe.skip : describe;

export function client(): Client {
  return new Client(inject("serverUrl"), inject("rootKey"));
}

/** An organization of its own for a test that stores events. */
export function newOrganization(): string {
  organizations++;
  return `org_${process.pid}_${organizations}`;
}

/**
 * Opens the dashboard. What the page complains about fails the test.
 *
 * To start a browser's process for a page takes longer than most tests, so a tab goes to one test after the other,
 * emptied of all that the former left.
 */
export async function open(view: View = {}): Promise<Page> {
  const { path = "/", url = inject("serverUrl"), organization = DEMO_ORGANIZATION } = view;
  const page = await takeTab(view);
  if (view.isSignedIn === false) {
    await page.goto(url + path);
    return page;
  }
  await page.goto(url + OUTSIDE);
  await keepSession(page, url, view.key ?? inject("rootKey"), organization);
  await page.goto(`${url}${path}${path.includes("?") ? "&" : "?"}organization=${organization}`);
  return page;
}

/** A tab for the running test, which is given back or closed at its end. */
async function takeTab(view: View): Promise<Page> {
  const options = contextOptions(view);
  const look = JSON.stringify(options);
  const isShared = view.isOwnTab !== true && view.url === undefined;
  const page = (isShared ? freeTabs.get(look)?.pop() : undefined) ?? (await newTab(options));
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_|status of [45]|WebSocket/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  onTestFinished(async ({ task }) => {
    const isKept = isShared && task.result?.state === "pass";
    await (isKept ? empty(page) : page.context().close());
    page.removeAllListeners();
    if (isKept) {
      freeTabs.set(look, [...(freeTabs.get(look) ?? []), page]);
    }
    expect(complaints).toEqual([]);
  });
  return page;
}

async function newTab(options: BrowserContextOptions): Promise<Page> {
  browser ??= chromium.connect(inject("browserEndpoint"));
  const context = await (await browser).newContext(options);
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  return context.newPage();
}

/** Leaves the tab at a place of the server that is no page of the dashboard, with nothing remembered. */
async function empty(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.goto(inject("serverUrl") + OUTSIDE);
  await page.evaluate(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  await page.context().clearCookies();
}

function contextOptions(view: View): BrowserContextOptions {
  const { width = 1_440, height = 900 } = view;
  const isPhone = width < 500;
  return {
    viewport: { width, height },
    locale: view.language ?? "en-US",
    colorScheme: view.theme ?? "light",
    timezoneId: view.timeZone ?? "Asia/Tokyo",
    hasTouch: isPhone,
    isMobile: isPhone,
    permissions: ["clipboard-read", "clipboard-write"],
  };
}

/** As after a sign-in: what that leaves in the tab. */
async function keepSession(
  page: Page,
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
  await page.evaluate(
    (text) => sessionStorage.setItem("rekishi.session", text),
    JSON.stringify(session),
  );
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
