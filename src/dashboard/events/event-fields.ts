/** All that an event says, as fields of the query language and their values. */
import type { EventResource, Metadata, Party } from "../../contract/event.ts";

export interface EventField {
  /** As it is written before the colon of a query. */
  readonly name: string;
  readonly value: string;
}

export function fieldsOf(event: EventResource): readonly EventField[] {
  const { actor, targets, context, metadata } = event;
  return [
    field("action", event.action),
    field("occurred_at", event.occurred_at),
    ...partyFields("actor", actor),
    ...targets.flatMap((target) => partyFields("target", target)),
    field("location", context.location),
    ...optional("user_agent", context.user_agent),
    ...metadataFields("metadata", metadata),
    ...optional("version", event.version ?? undefined),
    field("ingested_at", event.ingested_at),
    field("seq", String(event.seq)),
    field("id", event.id),
  ];
}

/** Whether looking for the value finds more than the event itself. */
export function isWorthFiltering({ name, value }: EventField): boolean {
  return value !== "" && !["occurred_at", "ingested_at", "seq", "id"].includes(name);
}

function partyFields(owner: "actor" | "target", party: Party): EventField[] {
  return [
    ...optional(`${owner}.name`, party.name),
    field(`${owner}.id`, party.id),
    field(`${owner}.type`, party.type),
    ...metadataFields(`${owner}.metadata`, party.metadata ?? {}),
  ];
}

function metadataFields(owner: string, metadata: Metadata): EventField[] {
  return Object.entries(metadata).map(([name, value]) => field(`${owner}.${name}`, String(value)));
}

function optional(name: string, value: string | number | undefined): EventField[] {
  return value === undefined ? [] : [field(name, String(value))];
}

function field(name: string, value: string): EventField {
  return { name, value };
}
