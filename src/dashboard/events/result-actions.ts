/** What one can do with a value or an event that a search found: another search. */
import type { EventResource } from "../../contract/event.ts";
import { conditionsOn, toggleCondition } from "../query-bar/query-edit.ts";
import { address, navigate } from "../state/address.ts";
import type { EventActions } from "./event-actions.ts";

const AROUND_MS = 5 * 60_000;

export function actionsOf(): EventActions {
  return {
    filter(field, value, mode) {
      const { q } = address.value;
      // Asking again for what is asked for already changes nothing, where a facet's click would take it back.
      if (!conditionsOn(q, field)[mode].has(value)) {
        navigate({ q: toggleCondition(q, field, value, mode), eventId: undefined });
      }
    },
    showAround(event: EventResource) {
      const at = Date.parse(event.occurred_at);
      navigate({
        view: "explore",
        q: "",
        range: { kind: "between", from: at - AROUND_MS, to: at + AROUND_MS },
        eventId: event.id,
      });
    },
  };
}
