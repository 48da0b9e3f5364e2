/** What one can do with a value or an event that is shown: another search. */
import type { EventResource } from "../../contract/event.ts";
import { conditionsOn, type Mode, toggleCondition } from "../query-bar/query-edit.ts";
import { address, navigate } from "../state/address.ts";

const AROUND_MS = 5 * 60_000;

/** Shows only, or no more, the events whose field has the value. */
export function filterBy(field: string, value: string, mode: Mode): void {
  const { q } = address.value;
  // Asking again for what is asked for already changes nothing, where a facet's click would take it back.
  if (!conditionsOn(q, field)[mode].has(value)) {
    navigate({ q: toggleCondition(q, field, value, mode), eventId: undefined });
  }
}

/** Shows what happened just before and after. */
export function showAround(event: EventResource): void {
  const at = Date.parse(event.occurred_at);
  navigate({
    view: "explore",
    q: "",
    range: { kind: "between", from: at - AROUND_MS, to: at + AROUND_MS },
    eventId: event.id,
  });
}
