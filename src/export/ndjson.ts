/** Events as NDJSON: a line an event, each as `GET /audit_logs/events` gives it. */
import { eventResource, type StoredEvent } from "../contract/event.ts";

export function ndjsonRows(events: readonly StoredEvent[]): string {
  return events.map((event) => `${JSON.stringify(eventResource(event))}\n`).join("");
}
