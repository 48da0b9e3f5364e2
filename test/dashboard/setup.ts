/**
 * For all files of this suite: one server with the demo's events, and one Chromium. Tests that store events do so in
 * organizations of their own; those that take the server down start another.
 */
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import {
  CHROMIUM,
  CHROMIUM_ARGUMENTS,
  CHROMIUM_MISSING,
} from "../../scripts/dashboard/chromium.ts";
import { readDeliveries } from "../../scripts/demo/payloads.ts";
import { eventSet, planEvents } from "../../scripts/demo/plan.ts";
import { setup as build } from "../server/build.ts";
import { Server } from "../server/server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly serverUrl: string;
    readonly rootKey: string;
    /** Where the browser listens; empty without one. */
    readonly browserEndpoint: string;
  }
}

/** The demo's sets, so that there are more events than one page. */
const SETS = 3;
const BATCH = 1_000;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await build();
  const server = new Server({ REKISHI_LOG_LEVEL: "error" });
  await server.start();
  await storeDemo(server);
  project.provide("serverUrl", server.url);
  project.provide("rootKey", server.rootKey);
  if (CHROMIUM === undefined) {
    process.stderr.write(CHROMIUM_MISSING);
    project.provide("browserEndpoint", "");
    return () => server.dispose();
  }
  const browser = await chromium.launchServer({
    executablePath: CHROMIUM,
    args: CHROMIUM_ARGUMENTS,
  });
  project.provide("browserEndpoint", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await server.dispose();
  };
}

/** The events of `npm run demo`, in batches, which takes a moment instead of some seconds. */
async function storeDemo(server: Server): Promise<void> {
  const planned = planEvents(eventSet(readDeliveries()), SETS, Date.now());
  const client = server.client();
  for (const [organizationId, owned] of Map.groupBy(planned, (each) => each.organizationId)) {
    for (let at = 0; at < owned.length; at += BATCH) {
      const events = owned.slice(at, at + BATCH).map(({ event, occurredAt }, index) => ({
        ...event,
        occurred_at: occurredAt.toISOString(),
        idempotency_key: `demo-${at + index}`,
      }));
      await client.storeBatch(organizationId, events);
    }
  }
}
