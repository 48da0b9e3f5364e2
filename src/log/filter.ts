import type { EventFilter } from "../contract/event-query.ts";
/** Which events a filter selects: the truth that every faster way of searching must agree with. */
import type { AuditEvent, Party } from "../contract/event.ts";

export function matchesFilter(filter: EventFilter, event: AuditEvent): boolean {
  return (
    isOneOf(filter.actions, event.action) &&
    isOneOf(filter.actor_ids, event.actor.id) &&
    isOneOf(filter.actor_names, event.actor.name) &&
    isOneOf(filter.actor_types, event.actor.type) &&
    someTarget(event.targets, filter.target_ids, (target) => target.id) &&
    someTarget(event.targets, filter.target_types, (target) => target.type) &&
    isWithin(filter, event.occurred_at)
  );
}

export function isEmptyFilter(filter: EventFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}

function isOneOf(allowed: readonly string[] | undefined, value: string | undefined): boolean {
  return allowed === undefined || (value !== undefined && allowed.includes(value));
}

function someTarget(
  targets: readonly Party[],
  allowed: readonly string[] | undefined,
  of: (target: Party) => string,
): boolean {
  return allowed === undefined || targets.some((target) => allowed.includes(of(target)));
}

function isWithin(filter: EventFilter, occurredAt: string): boolean {
  if (filter.range_start === undefined && filter.range_end === undefined) {
    return true;
  }
  const at = Date.parse(occurredAt);
  return at >= (filter.range_start ?? -Infinity) && at < (filter.range_end ?? Infinity);
}
