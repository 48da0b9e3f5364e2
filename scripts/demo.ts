/**
 * `npm run demo`: fills a running server with the webhook payloads that GitHub publishes, sent as audit events with
 * the WorkOS SDK, and then shows the newest ones and the live tail.
 *
 * It only uses the public API, as a product would. Run it again for another set; it never changes what is there.
 */
import type { EventResource } from "../src/contract/event.ts";
import type { List } from "../src/contract/list.ts";
import { DemoError } from "./demo/demo-error.ts";
import { showLiveTail } from "./demo/live.ts";
import { type Options, readOptions, USAGE } from "./demo/options.ts";
import { readDeliveries } from "./demo/payloads.ts";
import {
  busiestOrganization,
  eventSet,
  type OwnedEvent,
  planEvents,
  summarize,
} from "./demo/plan.ts";
import { startProgress } from "./demo/progress.ts";
import { eventRow, say, sayDetail, sayTable, sayTitle } from "./demo/screen.ts";
import { eventSender, sendAll, type SendEvent } from "./demo/send.ts";
import { findServer, readJson, type Server } from "./demo/server.ts";

const NEWEST_LIMIT = 12;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.isHelpWanted) {
    say(USAGE);
    return;
  }
  const server = await findServer(process.env);
  sayTitle(`rekishi demo on ${server.url.origin}`);
  const set = readSet();
  const send = eventSender(server);
  await fill(send, set, options);
  const busiest = busiestOrganization(set);
  await showNewest(server, busiest);
  if (options.isTailWanted) {
    const owned = set.filter(({ organizationId }) => organizationId === busiest);
    await showLiveTail(server, send, owned);
  }
  showWhatNext(server, busiest);
}

function readSet(): OwnedEvent[] {
  const deliveries = readDeliveries();
  const set = eventSet(deliveries);
  const skipped = deliveries.length - set.length;
  sayDetail(
    `${deliveries.length} webhook payloads published by GitHub give ${set.length} audit events;`,
  );
  sayDetail(`the ${skipped} that name no sender are skipped.`);
  return set;
}

async function fill(
  send: SendEvent,
  set: readonly OwnedEvent[],
  { repeat }: Options,
): Promise<void> {
  const events = planEvents(set, repeat, Date.now());
  const sets = repeat === 1 ? "Spread" : `${repeat} sets, spread`;
  sayTitle("Sending them with the official WorkOS SDK, pointed at this server");
  sayDetail(`${sets} over the last 30 days.\n`);
  const progress = startProgress(events.length);
  const startedAt = performance.now();
  try {
    await sendAll(send, events, progress.advance);
  } finally {
    progress.stop();
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  sayDetail(`${events.length.toLocaleString("en")} events stored in ${seconds} s.\n`);
  sayTable(
    ["ORGANIZATION", "EVENTS", "ACTORS", "ACTIONS"],
    summarize(events).map(({ organizationId, events, actors, actions }) => [
      organizationId,
      events.toLocaleString("en"),
      actors.toLocaleString("en"),
      actions.toLocaleString("en"),
    ]),
  );
}

async function showNewest(server: Server, organizationId: string): Promise<void> {
  const query = new URLSearchParams({
    organization_id: organizationId,
    limit: String(NEWEST_LIMIT),
  });
  const page = await readJson<List<EventResource>>(
    server,
    `/audit_logs/events?${query.toString()}`,
  );
  sayTitle(`The newest events of ${organizationId}`);
  sayTable(
    ["OCCURRED (UTC)", "ACTION", "ACTOR", "TARGET"],
    page.data.map((event) => eventRow([event.occurred_at.slice(5, 19).replace("T", " ")], event)),
  );
}

function showWhatNext(server: Server, organizationId: string): void {
  sayTitle(`Search them on ${server.url.origin}`);
  say(`
  curl -sG ${server.url.origin}/audit_logs/events \\
    -H "Authorization: Bearer ${server.keyInShell}" \\
    -d organization_id=${organizationId} -d limit=3 --data-urlencode 'q=readme action:pull_request.*'
`);
}

/** A reader such as `head` that has seen enough closes the pipe; that is no failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") {
    process.exit(0);
  }
  throw error;
});

try {
  await main();
} catch (error) {
  if (!(error instanceof DemoError)) {
    throw error;
  }
  process.stderr.write(`rekishi demo: ${error.message}\n`);
  process.exitCode = 1;
}
