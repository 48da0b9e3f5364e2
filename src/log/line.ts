/**
 * The stored line: one event as canonical JSON, the client's text verbatim inside what the log adds.
 *
 *     {"event":{…},"id":"…","ingested_at":"…","organization_id":"…","seq":42}
 *
 * The names are in canonical order and every value is canonical, so the line is built without parsing anything, is
 * itself RFC 8785, and the event in it still hashes to what the client's event hashed to.
 */
import type { StoredEvent } from "../contract/event.ts";
import { mintEventId } from "../kernel/event-id.ts";

export interface LineFacts {
  readonly organizationId: string;
  readonly seq: number;
  readonly ingestedAt: number;
  /** An unsigned 32-bit integer. */
  readonly random: number;
}

export interface Line {
  readonly id: string;
  readonly text: string;
}

/** @param event the canonical text that `readEvent` gave. */
export function buildLine(event: string, facts: LineFacts): Line {
  const id = mintEventId(facts.ingestedAt, facts.seq, facts.random);
  const ingestedAt = new Date(facts.ingestedAt).toISOString();
  const organizationId = JSON.stringify(facts.organizationId);
  return {
    id,
    text: `{"event":${event},"id":"${id}","ingested_at":"${ingestedAt}","organization_id":${organizationId},"seq":${facts.seq}}`,
  };
}

export function parseLine(line: string): StoredEvent {
  return JSON.parse(line) as StoredEvent;
}
