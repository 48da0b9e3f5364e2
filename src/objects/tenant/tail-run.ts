/** A run of events on its way to the readers of a live tail. */
import { eventResource, type StoredEvent } from "../../contract/event.ts";
import { parseLine } from "../../log/line.ts";
import type { LineRun } from "../../log/log.ts";
import type { EventTest } from "../../query/match.ts";

/** A run of events, parsed once for all sessions. */
export interface ParsedRun {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: readonly StoredEvent[];
  /** Each event as JSON for the wire, made when the first session needs it. */
  readonly texts: (string | undefined)[];
}

export function parseRun(run: LineRun): ParsedRun {
  return {
    firstSeq: run.firstSeq,
    lastSeq: run.firstSeq + run.lines.length - 1,
    events: run.lines.map(parseLine),
    texts: [],
  };
}

/** Those that match, as JSON for the wire. */
export function textsOf(run: ParsedRun, matches: EventTest): string[] {
  const texts: string[] = [];
  run.events.forEach((stored, index) => {
    if (matches(stored)) {
      texts.push((run.texts[index] ??= JSON.stringify(eventResource(stored))));
    }
  });
  return texts;
}
