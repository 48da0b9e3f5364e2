/** Events as NDJSON: a line an event, each as `GET /audit_logs/events` gives it. */
import { eventResource, type StoredEvent } from "../contract/event.ts";

/** A text for each event: put together they would all be as wide as the widest, and several times slower to encode. */
export function ndjsonRows(events: readonly StoredEvent[]): string[] {
  return events.map((event) => `${JSON.stringify(eventResource(event))}\n`);
}
