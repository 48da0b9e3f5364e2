/** The columns of the list of events: which there are, and what each shows of an event. */
import type { EventResource, Party } from "../../contract/event.ts";
import { messages } from "../i18n/messages.ts";
import { timeFormat } from "../i18n/time-format.ts";

export const USUAL_COLUMNS: readonly string[] = ["time", "actor", "action", "target", "location"];
export const OTHER_COLUMNS: readonly string[] = [
  "actor.id",
  "actor.type",
  "target.id",
  "target.type",
  "user_agent",
  "ingested_at",
  "version",
  "seq",
  "id",
];
export const METADATA_PREFIX = "metadata.";

/** Widths as tracks of the list's grid. */
const TRACKS: Readonly<Record<string, string>> = {
  time: "132px",
  actor: "minmax(110px, 0.9fr)",
  action: "minmax(150px, 1.35fr)",
  target: "minmax(160px, 1.8fr)",
  location: "minmax(90px, 0.7fr)",
  ingested_at: "132px",
  version: "72px",
  seq: "84px",
  id: "minmax(120px, 1fr)",
};

export function trackOf(column: string): string {
  return TRACKS[column] ?? "minmax(110px, 0.9fr)";
}

export function columnLabel(column: string): string {
  const t = messages.value.columns;
  switch (column) {
    case "time":
    case "actor":
    case "action":
    case "target":
    case "location":
      return t[column];
    default:
      return t.names[column] ?? column.replace(METADATA_PREFIX, "");
  }
}

/** The text of a cell; empty where the event says nothing. */
export function cellText(event: EventResource, column: string): string {
  const format = timeFormat.value;
  switch (column) {
    case "time":
      return format.row(Date.parse(event.occurred_at));
    case "ingested_at":
      return format.row(Date.parse(event.ingested_at));
    case "actor":
      return nameOf(event.actor);
    case "actor.id":
      return event.actor.id;
    case "actor.type":
      return event.actor.type;
    case "action":
      return event.action;
    case "target":
      return event.targets[0] === undefined ? "" : nameOf(event.targets[0]);
    case "target.id":
      return event.targets.map(({ id }) => id).join(", ");
    case "target.type":
      return event.targets.map(({ type }) => type).join(", ");
    case "location":
      return event.context.location;
    case "user_agent":
      return event.context.user_agent ?? "";
    case "version":
      return event.version === null ? "" : String(event.version);
    case "seq":
      return String(event.seq);
    case "id":
      return event.id;
    default:
      return String(event.metadata[column.slice(METADATA_PREFIX.length)] ?? "");
  }
}

export function nameOf({ name, id }: Party): string {
  return name === undefined || name === "" ? id : name;
}
