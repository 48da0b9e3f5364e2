/** About how many characters of JSON an event is, without writing it: what may differ from one event to another. */
import type { Metadata, Party, StoredEvent } from "../contract/event.ts";

/** Names, punctuation, times and ids. */
const EVENT_CHARACTERS = 400;
const PARTY_CHARACTERS = 40;
const VALUE_CHARACTERS = 20;

export function weightOf({ event }: StoredEvent): number {
  let weight = EVENT_CHARACTERS + event.context.location.length;
  weight += (event.context.user_agent?.length ?? 0) + partyWeight(event.actor);
  for (const target of event.targets) {
    weight += partyWeight(target);
  }
  return weight + metadataWeight(event.metadata);
}

function partyWeight({ id, name, metadata }: Party): number {
  return PARTY_CHARACTERS + id.length + (name?.length ?? 0) + metadataWeight(metadata);
}

function metadataWeight(metadata: Metadata | undefined): number {
  let weight = 0;
  for (const name in metadata) {
    const value = metadata[name];
    weight += name.length + (typeof value === "string" ? value.length : VALUE_CHARACTERS);
  }
  return weight;
}
