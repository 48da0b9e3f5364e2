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

interface Width {
  readonly leastPx: number;
  /** Its part of the room that is left; 0 for a column that does not grow. */
  readonly share: number;
}

const OTHER_WIDTH: Width = { leastPx: 110, share: 0.9 };
const WIDTHS: Readonly<Record<string, Width>> = {
  time: { leastPx: 132, share: 0 },
  action: { leastPx: 150, share: 1.35 },
  target: { leastPx: 160, share: 1.8 },
  location: { leastPx: 100, share: 0.7 },
  ingested_at: { leastPx: 132, share: 0 },
  version: { leastPx: 72, share: 0 },
  seq: { leastPx: 84, share: 0 },
  id: { leastPx: 150, share: 1 },
};
/** Between two columns, and at each side of a row. */
const GAP_PX = 14;
const SIDE_PX = 16;

/** The list's grid, which all its rows share: its tracks, and the width below which it scrolls. */
export function gridOf(columns: readonly string[]): {
  readonly tracks: string;
  readonly width: string;
} {
  const widths = columns.map((column) => WIDTHS[column] ?? OTHER_WIDTH);
  const least = widths.reduce((sum, { leastPx }) => sum + leastPx + GAP_PX, 2 * SIDE_PX - GAP_PX);
  const tracks = widths.map(({ leastPx, share }) =>
    share === 0 ? `${leastPx}px` : `minmax(${leastPx}px, ${share}fr)`,
  );
  return { tracks: tracks.join(" "), width: `${least}px` };
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
