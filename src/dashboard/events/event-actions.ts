/** What can be done with a value or an event of a list; each view that shows one says how. */
import type { EventResource } from "../../contract/event.ts";

export interface EventActions {
  /** Shows only, or no more, the events whose field has the value. */
  readonly filter: (field: string, value: string, mode: "only" | "without") => void;
  /** Shows what happened just before and after. */
  readonly showAround: (event: EventResource) => void;
}
