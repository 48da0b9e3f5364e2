/** What must hold for every log, however its server went down and came back. */
import { expect } from "vitest";
import type { Client, StoredEvent } from "./client.ts";
import { openTail } from "./tail-reader.ts";

/** Everything that an organization's log holds, in order of seq, after checking that paging and tail agree. */
export async function readWhole(client: Client, organizationId: string): Promise<StoredEvent[]> {
  const paged = await client.all(organizationId, { order: "asc" });
  const bySeq = paged.toSorted((a, b) => a.seq - b.seq);
  expect(await readByTail(client, organizationId)).toEqual(bySeq);
  return bySeq;
}

/** The log's own invariants: seq without gaps, ids in order of seq, time of ingestion never going back. */
export function expectWellOrdered(events: readonly StoredEvent[], firstSeq = 1): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => firstSeq + index));
  const ids = events.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  const times = events.map(({ ingested_at: time }) => time);
  expect(times).toEqual(times.toSorted());
}

async function readByTail(client: Client, organizationId: string): Promise<StoredEvent[]> {
  const tail = await openTail(client, organizationId, { after: 0 });
  try {
    const { head } = await tail.untilMessage("hello");
    await tail.until(`event ${head}`, () => tail.position >= head);
    return tail.events;
  } finally {
    tail.close();
  }
}
