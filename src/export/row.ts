/** A row of the file: one event as it will stand there. */
import type { Position } from "../contract/event-query.ts";

export interface Row extends Position {
  /** Byte text (`kernel/byte-text.ts`), with the line break. */
  readonly text: string;
}

/** The order of the file. */
export function compareRows(a: Position, b: Position): number {
  return a.occurredAt - b.occurredAt || a.seq - b.seq;
}
