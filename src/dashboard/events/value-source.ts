/** Where the query bar's suggestions of values come from: the log's statistics where it has them, else what is loaded. */
import type { EventResource } from "../../contract/event.ts";
import { queryText } from "../../query/query-text.ts";
import type { Field } from "../../query/query.ts";
import type { Api } from "../api/client.ts";
import { countEvents, type EventSelection } from "../api/events.ts";
import type { ValueCount, ValueSource } from "../query-bar/suggestions.ts";
import { fieldsOf } from "./event-fields.ts";
import { FACETS, facetField } from "./facet-names.ts";

/** Events that are looked through for values; more would be felt while typing. */
const EVENTS_READ_MAX = 300;
const VALUES_MAX = 12;

export interface SourceOptions {
  readonly api: Api;
  readonly selection: () => EventSelection;
  readonly events: () => readonly EventResource[];
}

export function valueSource({ api, selection, events }: SourceOptions): ValueSource {
  async function counted(field: string, typed: string, signal: AbortSignal) {
    const facet = FACETS.find((name) => facetField(name) === field);
    if (facet === undefined) {
      return undefined;
    }
    const prefix = { kind: "field", field: field as Field, op: "prefix", value: typed } as const;
    const q = typed === "" ? "" : queryText(prefix);
    const options = { facets: [facet], facetLimit: VALUES_MAX, timeZone: "UTC", signal };
    const stats = await countEvents(api, { ...selection(), q }, options);
    return stats.ok ? stats.value.facets[facet] : undefined;
  }

  return {
    metadataFields: () => {
      const names = events()
        .slice(0, EVENTS_READ_MAX)
        .flatMap(({ metadata }) => Object.keys(metadata).map((name) => `metadata.${name}`));
      return [...new Set(names)].sort();
    },
    values: async (field, typed, signal) => {
      const values = (await counted(field, typed, signal)) ?? seen(events(), field, typed);
      return field === "actor.id" ? withNames(values, events()) : values;
    },
  };
}

function seen(events: readonly EventResource[], field: string, typed: string): ValueCount[] {
  const counts = new Map<string, number>();
  const wanted = typed.toLowerCase();
  for (const event of events.slice(0, EVENTS_READ_MAX)) {
    for (const { name, value } of fieldsOf(event)) {
      if (name === field && value.toLowerCase().startsWith(wanted)) {
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => ({ value }));
}

function withNames(
  values: readonly ValueCount[],
  events: readonly EventResource[],
): readonly ValueCount[] {
  const names = actorNames(events);
  return values.map((each) => {
    const name = names.get(each.value);
    return name === undefined ? each : { ...each, name };
  });
}

/** What the loaded events call the ids of actors. */
export function actorNames(events: readonly EventResource[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { actor } of events.slice(0, EVENTS_READ_MAX * 10)) {
    if (actor.name !== undefined && !names.has(actor.id)) {
      names.set(actor.id, actor.name);
    }
  }
  return names;
}
