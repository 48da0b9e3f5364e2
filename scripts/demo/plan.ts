/** What the demo sends: every event with its organization and its time, oldest first. */
import { auditEvent, type UntimedEvent } from "./audit-event.ts";
import { organizationIds } from "./organizations.ts";
import type { Delivery } from "./payloads.ts";
import { spreadTimes } from "./spread.ts";

export interface OwnedEvent {
  readonly organizationId: string;
  readonly event: UntimedEvent;
}

export interface PlannedEvent extends OwnedEvent {
  readonly occurredAt: Date;
}

/** One set: the events of all deliveries that say who did it, with the organization of each. */
export function eventSet(deliveries: readonly Delivery[]): OwnedEvent[] {
  const usable = deliveries.flatMap((delivery) => {
    const event = auditEvent(delivery);
    return event === undefined ? [] : [{ event, payload: delivery.payload }];
  });
  const ids = organizationIds(usable.map(({ payload }) => payload));
  return usable.map(({ event }, index) => ({ organizationId: ids[index] ?? "", event }));
}

/** `repeat` sets, their times spread over the same days. */
export function planEvents(
  set: readonly OwnedEvent[],
  repeat: number,
  now: number,
): PlannedEvent[] {
  const times = spreadTimes(set.length * repeat, now);
  const events = Array.from({ length: repeat }, () => set).flat();
  return events
    .map(({ organizationId, event }, index) => ({
      organizationId,
      event,
      occurredAt: new Date(times[index] ?? now),
    }))
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
}

/** The organization that has most of the events. */
export function busiestOrganization(events: readonly OwnedEvent[]): string {
  const [busiest] = summarize(events);
  return busiest?.organizationId ?? "";
}

export interface OrganizationSummary {
  readonly organizationId: string;
  readonly events: number;
  readonly actors: number;
  readonly actions: number;
}

/** How much each organization has, the busiest first. */
export function summarize(events: readonly OwnedEvent[]): OrganizationSummary[] {
  const groups = Map.groupBy(events, ({ organizationId }) => organizationId);
  return [...groups]
    .map(([organizationId, owned]) => ({
      organizationId,
      events: owned.length,
      actors: new Set(owned.map(({ event }) => event.actor.id)).size,
      actions: new Set(owned.map(({ event }) => event.action)).size,
    }))
    .sort((a, b) => b.events - a.events);
}
