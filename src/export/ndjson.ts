/** Events as NDJSON: a line an event, each as `GET /audit_logs/events` gives it, with its objects as they are stored. */
import { eventResource, type StoredEvent } from "../contract/event.ts";
import { canonicalJson } from "../kernel/canonical-json.ts";
import type { Json } from "../kernel/strict-json.ts";
import type { FileFormat } from "./format.ts";

export const NDJSON_FORMAT: FileFormat = {
  head: "",
  row: ndjsonRow,
  places: [{ mark: /"\\u0001(\d+)\\u0001"/, write: (column) => column.split("\n") }],
};

function ndjsonRow(stored: StoredEvent): string {
  const members = Object.entries(eventResource(stored)).map(
    ([name, value]) => `"${name}":${canonicalJson(value as Json)}`,
  );
  return `{${members.join(",")}}\n`;
}
