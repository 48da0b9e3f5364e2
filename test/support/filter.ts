/** The structured filter again, written another way than the engine does: for tests to compare with. */
import type { EventFilter } from "../../src/contract/event-query.ts";
import type { AuditEvent } from "../../src/contract/event.ts";

/** Every parameter that is there must meet one of the event's values. */
export function meetsFilter(filter: Omit<EventFilter, "q">, event: AuditEvent): boolean {
  const values: Record<string, unknown[]> = {
    actions: [event.action],
    actor_ids: [event.actor.id],
    actor_names: [event.actor.name],
    actor_types: [event.actor.type],
    target_ids: event.targets.map(({ id }) => id),
    target_types: event.targets.map(({ type }) => type),
  };
  const at = Date.parse(event.occurred_at);
  return Object.entries(filter).every(([name, wanted]) => {
    if (name === "range_start") {
      return Number(wanted) <= at;
    }
    if (name === "range_end") {
      return at < Number(wanted);
    }
    return new Set(wanted as string[]).intersection(new Set(values[name])).size > 0;
  });
}
