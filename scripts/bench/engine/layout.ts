/** What is compared: ways to keep the same events in the SQLite database of one object. They run inside the object. */
import type { EventFilter } from "../../../src/contract/event-query.ts";
import type { AuditEvent } from "../../../src/contract/event.ts";

/** The engine; a row for each event with the indexes of its usual filters; the same with a full-text index. */
export const LAYOUTS = ["engine", "rows", "rows+fts"] as const;
export type LayoutName = (typeof LAYOUTS)[number];

/** An event as the router hands it over: read, checked and hashed. */
export interface PreparedEvent {
  readonly event: AuditEvent;
  /** Canonical JSON. */
  readonly text: string;
  readonly fingerprint: Uint8Array;
}

/** How many events a page has, in how many requests it was read, and whether there was no time to read all of it. */
export interface Found {
  readonly hits: number;
  readonly requests: number;
  readonly isCut: boolean;
}

export interface Layout {
  /** Stores events in one commit, and does the work that it leaves behind. */
  append(events: readonly PreparedEvent[], now: number): void;
  /** Reads the newest page that matches, and follows its cursor until it is full, but not for longer than a minute. */
  search(filter: EventFilter, limit: number): Found;
  /** Total, histogram and facets. @returns the total. */
  stats(filter: EventFilter): number;
  /** One bounded step of removing what was stored before a time. @returns true when all of it is gone. */
  purgeStep(before: number, now: number): boolean;
}
