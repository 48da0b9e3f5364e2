/** Events as NDJSON: a line an event, each as `GET /audit_logs/events` gives it. */
import { eventResource, type StoredEvent } from "../contract/event.ts";

export function ndjsonRows(events: readonly StoredEvent[]): string {
  let text = "";
  for (const event of events) {
    text += `${JSON.stringify(eventResource(event))}\n`;
  }
  return text;
}
