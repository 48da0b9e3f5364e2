/** Exports of a server as its users make them. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { Corpus } from "../../scripts/bench/corpus.ts";
import type { ExportResource } from "../../src/contract/export.ts";
import type { makeEvent } from "../support/events.ts";
import { type Client, parsed } from "./client.ts";

const START = Date.UTC(2026, 9, 1);
const DAY_MS = 86_400_000;

/** When the events of `fill` occurred. */
export const RANGE = {
  range_start: new Date(START).toISOString(),
  range_end: new Date(START + 30 * DAY_MS).toISOString(),
};

/** Events of which every tenth comes hours late. */
export async function fill(
  client: Client,
  organizationId: string,
  count: number,
  seed = 1,
): Promise<void> {
  const corpus = new Corpus({ seed, startAt: START + DAY_MS });
  for (let stored = 0; stored < count; stored += 1_000) {
    const events = Array.from({ length: Math.min(1_000, count - stored) }, (_, index) => {
      const event = corpus.next();
      const late = index % 10 === 0 ? (index % 7) * 3_600_000 : 0;
      const occurred_at = new Date(Date.parse(event.occurred_at) - late).toISOString();
      return { ...event, occurred_at } as unknown as ReturnType<typeof makeEvent>;
    });
    await client.storeBatch(organizationId, events);
  }
}

export async function create(client: Client, organizationId: string, input = {}): Promise<string> {
  const body = { organization_id: organizationId, ...RANGE, ...input };
  const answer = await client.send("POST", "/audit_logs/exports", body);
  expect(answer.status, answer.text).toBe(201);
  const { id }: ExportResource = parsed(answer);
  return id;
}

/** Waits out refused connections, too. */
export async function untilOver(client: Client, id: string): Promise<ExportResource> {
  for (;;) {
    const answer = await client.get(`/audit_logs/exports/${id}`).catch(() => undefined);
    const state = answer?.status === 200 ? (parsed(answer) as ExportResource) : undefined;
    if (state !== undefined && state.state !== "pending") {
      return state;
    }
    await sleep(50);
  }
}

/** The file, which must be what its hash says. */
export async function fileOf(made: ExportResource): Promise<Buffer> {
  const response = await fetch(made.url ?? "");
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(made.sha256);
  return bytes;
}
