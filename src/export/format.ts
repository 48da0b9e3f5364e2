/**
 * What a format of a file is: how an event becomes a row.
 *
 * Most events are never put together for that. A format writes an event with marks in place of its values
 * (`log/block-table.ts`), says what its marks look like then, and what becomes of the values: see `table-rows.ts`.
 */
import type { StoredEvent } from "../contract/event.ts";

export interface FileFormat {
  /** Before the first event. */
  readonly head: string;
  /** One event, with a line break at the end. */
  readonly row: (stored: StoredEvent) => string;
  /** The kinds of places that a value can have in a row. */
  readonly places: readonly ValuePlace[];
}

export interface ValuePlace {
  /** What the mark of a slot has become here; its only group is the slot's number. */
  readonly mark: RegExp;
  /**
   * What the values of a column become here; they are not looked at one by one as long as that can be avoided.
   *
   * @param column values as JSON, separated by line feeds. Byte text, as what is returned.
   */
  readonly write: (column: string) => readonly string[];
}
