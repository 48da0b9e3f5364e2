/**
 * Every state in which the dashboard can be, and how one comes to it: what axe-core visits.
 *
 * A new view, state of the tail or of an export, or kind of failure is an error of types here until it has its visit.
 */
import type { Page } from "playwright-core";
import type { ExportResource } from "../../src/contract/export.ts";
import type { ApiFailure } from "../../src/dashboard/api/failure.ts";
import type { TailState } from "../../src/dashboard/api/tail-socket.ts";
import type { View as ViewName } from "../../src/dashboard/state/address.ts";
import { makeEvent } from "../support/events.ts";
import { client, newOrganization, open, row, search, type View } from "./page.ts";

/** Comes to a state. @returns the page that is in it. */
export type Visit = (look: View) => Promise<Page>;
type Visits<Name extends string = string> = Readonly<Record<Name, Visit>>;

const EVENTS = "**/audit_logs/events**";
const TICKETS = "**/audit_logs/tail/tickets";
const TAIL = /\/audit_logs\/tail/;

/** An organization with three events. */
async function smallLog(): Promise<string> {
  const organization = newOrganization();
  await client().storeBatch(
    organization,
    [1, 2, 3].map((n) => makeEvent({ metadata: { n } })),
  );
  return organization;
}

/** A few of the demo's events: axe-core looks at every element, and one row is as good as fifty. */
const FEW = "/?last=all&q=action:release.*";

/** Explore or another view of the demo's events, when its list or its page is there. */
async function demo(look: View, path: string, here = ".event-row"): Promise<Page> {
  const page = await open({ ...look, path });
  await page.locator(here).first().waitFor();
  return page;
}

async function popover(look: View, button: string): Promise<Page> {
  const page = await demo(look, FEW);
  await page.locator(button).click();
  await page.locator("[popover]:popover-open").waitFor();
  return page;
}

async function firstEventId(organization: string): Promise<string> {
  const { data } = await client().page(organization, { limit: 1 });
  return data[0]?.id ?? "";
}

async function afterKey(look: View, key: string, here: string): Promise<Page> {
  const page = await open({ ...look, isSignedIn: false });
  await page.locator("input[name=key]").fill(key);
  await page.keyboard.press("Enter");
  await page.locator(here).waitFor();
  return page;
}

const signIn: Visits = {
  "a key is asked for": async (look) => {
    const page = await open({ ...look, isSignedIn: false });
    await page.locator("input[name=key]").waitFor();
    return page;
  },
  "the key is refused": (look) => afterKey(look, "wrong", "#key-problem:not(:empty)"),
  "an organization is chosen": (look) => afterKey(look, client().key, ".organizations"),
  "an organization is named": async (look) =>
    afterKey(look, (await client().withKey(["events:read"])).key, "input[name=id]"),
};

const explore: Visits = {
  "events, histogram and a facet left out": async (look) => {
    const page = await demo(look, "/?last=30d");
    await page.locator(".u-over").waitFor();
    await page.locator(".facet-exclude").nth(12).click();
    await page.locator(".facet-line.without").waitFor();
    return page;
  },
  "an open event": async (look) => {
    const page = await demo(look, "/?last=30d");
    await row(page, 1).click();
    await page.locator(".detail").waitFor();
    return page;
  },
  "all columns": (look) =>
    demo(look, `${FEW}&columns=time,actor.id,actor.type,target.type,user_agent,version,seq,id`),
  "the event of a link": async (look) => {
    const organization = await smallLog();
    const path = `/?event=${await firstEventId(organization)}`;
    const page = await open({ ...look, organization, path });
    await page.locator(".linked .detail").waitFor();
    return page;
  },
  "a link to no event": async (look) =>
    demo(look, "/?event=01a2073b-0000-7000-8000-000000000000", ".linked p"),
  "an empty log": async (look) => {
    const organization = newOrganization();
    await client().createOrganization(organization);
    const page = await open({ ...look, organization });
    await page.locator(".notice .example").waitFor();
    return page;
  },
  "nothing found": (look) => demo(look, "/?q=zzz_nothing", ".notice button"),
  suggestions: async (look) => {
    const page = await demo(look, FEW);
    await page.keyboard.press("/");
    await page.getByRole("combobox").fill("act");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option").first().waitFor();
    return page;
  },
  "a query that is wrong": (look) => demo(look, "/?q=(act", ".query-error:not(:empty)"),
  "the histogram as a table": async (look) => {
    const page = await demo(look, FEW);
    await page.locator(".histogram-table > summary").focus();
    await page.keyboard.press("Enter");
    await page.locator(".histogram-rows").waitFor();
    return page;
  },
  "the periods": (look) => popover(look, ".time-button"),
  "the columns": (look) => popover(look, ".columns-button"),
  "the saved views": (look) => popover(look, ".list-bar .button:has(path[d^='M4.5 2.8'])"),
  "the organizations": (look) => popover(look, ".organization"),
  "the display": (look) => popover(look, ".header > .icon-button[popovertarget]"),
  "the help": async (look) => {
    const page = await demo(look, FEW);
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    return page;
  },
  "an open event on a phone": async (look) => {
    const page = await demo({ ...look, width: 390, height: 844 }, "/?last=30d");
    await row(page, 1).tap();
    await page.locator(".detail").waitFor();
    return page;
  },
  "the filters on a phone": async (look) => {
    const page = await demo({ ...look, width: 390, height: 844 }, "/?last=30d");
    await page.locator(".facets-button > button").tap();
    await page.locator("[popover]:popover-open .facet-line").first().waitFor();
    return page;
  },
};

/** What Explore shows of a failure. */
async function failing(look: View, answer: "none" | number): Promise<Page> {
  const page = await demo(look, FEW);
  await page.route(EVENTS, (route) =>
    answer === "none"
      ? route.abort()
      : route.fulfill({ status: answer, json: { code: "c", message: "Why.", request_id: "r" } }),
  );
  await search(page, "push");
  return page;
}

async function failed(look: View, answer: "none" | number, here: string): Promise<Page> {
  const page = await failing(look, answer);
  await page.locator(here).waitFor();
  return page;
}

const NOTICE = "[role=alert] .notice";

/** `cancelled` is never shown. */
const failures: Visits<Exclude<ApiFailure["kind"], "cancelled">> & Visits = {
  offline: (look) => failed(look, "none", NOTICE),
  timeout: async (look) => {
    const page = await demo({ ...look, isOwnTab: true }, FEW);
    await page.clock.install();
    await page.route(EVENTS, () => {
      // Never answered.
    });
    const asked = page.waitForRequest(EVENTS);
    await search(page, "push");
    await asked;
    await page.clock.fastForward(21_000);
    await page.locator(NOTICE).waitFor();
    return page;
  },
  refused: (look) => failed(look, 500, NOTICE),
  forbidden: (look) => failed(look, 403, NOTICE),
  "too many requests": (look) => failed(look, 429, NOTICE),
  "the session has ended": (look) => failed(look, 401, ".sign-in .warning"),
  "a view whose script is gone": async (look) => {
    const page = await demo(look, FEW);
    await page.route("**/assets/*.js", (route) => route.fulfill({ status: 404 }));
    await page.locator(".views a").nth(1).click();
    await page.locator(".notice").waitFor();
    return page;
  },
};

/** Live on a small log, opened by a click, after something was put between it and the server. */
async function live(look: View, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const organization = await smallLog();
  const page = await open({ ...look, organization, path: "/?last=all" });
  await row(page, 0).waitFor();
  await prepare?.(page);
  await page.locator(".views a").nth(1).click();
  await page.locator(".live-state").waitFor();
  return page;
}

const tailStates: Visits<TailState["kind"]> & Visits = {
  connecting: (look) =>
    live(look, (page) =>
      page.route(TICKETS, () => {
        // Never answered.
      }),
    ),
  live: async (look) => {
    const page = await live(look);
    await page.locator(".live-dot.following").waitFor();
    await row(page, 0).waitFor();
    return page;
  },
  broken: async (look) => {
    const page = await live(look, (page) => page.route(TICKETS, (route) => route.abort()));
    await page.locator(".banner").waitFor();
    return page;
  },
  refused: async (look) => {
    const page = await live(look, (page) =>
      page.route(TICKETS, (route) => route.fulfill({ status: 403, json: {} })),
    );
    await page.locator(NOTICE).waitFor();
    return page;
  },
  "held back": async (look) => {
    const page = await live({ ...look, width: 390, height: 844 });
    await row(page, 0).tap();
    const organization = new URL(page.url()).searchParams.get("organization") ?? "";
    await client().store(organization, makeEvent({ action: "held.back" }));
    await page.locator(".new-pill").waitFor();
    return page;
  },
  "connected again, and some skipped": async (look) => {
    let connections = 0;
    const page = await live({ ...look, isOwnTab: true }, (page) =>
      page.routeWebSocket(TAIL, (socket) => {
        connections++;
        const isFirst = connections === 1;
        const server = socket.connectToServer();
        server.onMessage((data) => {
          socket.send(data);
          if (isFirst) {
            void socket.close();
          } else {
            socket.send(JSON.stringify({ type: "skipped", from: 1, to: 2 }));
          }
        });
      }),
    );
    await page.locator(".banner.calm").waitFor();
    await page.locator(".banner:not(.calm)").waitFor();
    return page;
  },
};

const MADE: ExportResource = {
  object: "audit_log_export",
  id: "audit_log_export_1",
  state: "ready",
  url: null,
  created_at: "2026-11-22T09:30:00.000Z",
  updated_at: "2026-11-22T09:30:00.000Z",
  organization_id: "org",
  format: "csv",
  progress: { events: 400, total: 1_000 },
  events: 1_000,
  size: 123_456,
  sha256: "0".repeat(64),
  manifest_url: null,
  expires_at: "2026-11-29T09:30:00.000Z",
  failure: null,
};
const UNMADE = { ...MADE, events: null, size: null, sha256: null, expires_at: null };

async function exportsWith(look: View, made: readonly ExportResource[]): Promise<Page> {
  const page = await open({ ...look, path: "/exports?last=30d" });
  await page.route("**/audit_logs/exports?**", (route) =>
    route.fulfill({
      json: { object: "list", data: made, list_metadata: { before: null, after: null } },
    }),
  );
  await page.reload();
  await page.locator(made.length === 0 ? ".empty" : "tbody tr").waitFor();
  return page;
}

const exportStates: Visits<ExportResource["state"]> & Visits = {
  pending: (look) => exportsWith(look, [{ ...UNMADE, state: "pending" }]),
  ready: (look) => exportsWith(look, [MADE]),
  error: (look) =>
    exportsWith(look, [
      { ...UNMADE, state: "error", failure: { code: "c", message: "The store did not answer." } },
    ]),
  expired: (look) => exportsWith({ ...look, width: 390 }, [{ ...MADE, state: "expired" }]),
  "none yet": (look) => exportsWith(look, []),
};

async function settingsOf(look: View): Promise<Page> {
  const organization = await smallLog();
  await client().withKey(["events:read"], organization);
  const page = await open({ ...look, organization, path: "/settings" });
  await page.locator("table:has-text('document.shared')").waitFor();
  return page;
}

const settings: Visits = {
  "all sections": settingsOf,
  "a new key": async (look) => {
    const page = await settingsOf(look);
    await page.locator(".section header .button").click();
    await page.locator("dialog[open]").waitFor();
    return page;
  },
  "a shorter retention": async (look) => {
    const page = await settingsOf(look);
    await page.locator("input[type=number]").fill("30");
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    return page;
  },
  "a proposed schema, on a phone": async (look) => {
    const page = await settingsOf({ ...look, width: 390, height: 844 });
    await page.locator("tr:has-text('document.shared') button").tap();
    await page.locator("dialog[open] pre").waitFor();
    return page;
  },
  "nothing to set": async (look) => {
    const organization = await smallLog();
    const { key } = await client().withKey(["events:read"], organization);
    const page = await open({ ...look, organization, key, path: "/settings" });
    await page.locator(".notice").waitFor();
    return page;
  },
};

const portal: Visits = {
  "a link that is not complete": async (look) => {
    const page = await open({ ...look, isSignedIn: false, path: "/portal" });
    await page.locator("[role=alert] h1").waitFor();
    return page;
  },
  "in a frame, the session has ended": async (look) => {
    const page = await open({ ...look, isSignedIn: false, path: "/embed" });
    await page.locator("[role=alert] h1").waitFor();
    return page;
  },
};

export const STATES: Readonly<Record<ViewName | "sign-in" | "failures", Visits>> = {
  "sign-in": signIn,
  explore,
  failures,
  live: tailStates,
  exports: exportStates,
  settings,
  portal,
};
