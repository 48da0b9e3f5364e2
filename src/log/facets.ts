/** The facets of statistics: how many events have which values of some fields. */
import type { AuditEvent } from "../contract/event.ts";
import type { FacetName } from "../contract/stats.ts";
import type { Field, Query } from "../query/query.ts";
import type { CodedColumn } from "./coded-column.ts";
import type { SegmentColumns } from "./segment-columns.ts";
import { countCodes, countTargetTypes, type Summary } from "./summary.ts";
import { Tally, type Top } from "./tally.ts";

export interface FacetCounts extends Top {
  readonly name: FacetName;
}

/** Fields that an event has once: when a query names their value, nothing else is in their facet. */
const SINGLE_FIELDS: Partial<Record<FacetName, Field>> = {
  action: "action",
  actor: "actor.id",
  actor_type: "actor.type",
};

export class Facets {
  readonly #tallies: ReadonlyMap<FacetName, Tally>;
  readonly #where: Query;

  /** @param limit values listed of each. @param where what the events that are added meet. */
  constructor(names: readonly FacetName[], limit: number, where: Query) {
    this.#tallies = new Map(names.map((name) => [name, new Tally(limit)]));
    this.#where = where;
  }

  add({ action, actor, targets }: AuditEvent): void {
    this.#tallies.get("action")?.add(action, 1);
    this.#tallies.get("actor")?.add(actor.id, 1);
    this.#tallies.get("actor_type")?.add(actor.type, 1);
    for (const type of new Set(targets.map((target) => target.type))) {
      this.#tallies.get("target_type")?.add(type, 1);
    }
  }

  /** Adds all events of a segment. */
  addWhole(columns: SegmentColumns, summary: Summary): void {
    for (const [name, tally] of this.#tallies) {
      if (name === "actor") {
        addCounts(tally, columns.actors, summary.actors ?? countCodes(columns.actors));
      } else {
        tally.addAll(countsIn(summary, name));
      }
    }
  }

  /** @param events numbers of some events of a segment. */
  addSome(columns: SegmentColumns, summary: Summary, events: Uint32Array): void {
    for (const [name, tally] of this.#tallies) {
      const value = valueLeft(this.#where, name) ?? onlyValue(summary, name);
      if (value === undefined) {
        addFacet(tally, name, columns, events);
      } else {
        tally.add(value, events.length);
      }
    }
  }

  counts(): FacetCounts[] {
    return Array.from(this.#tallies, ([name, tally]) => ({ name, ...tally.top() }));
  }
}

/** Values and how many events of a segment have them. */
function countsIn(summary: Summary, name: Exclude<FacetName, "actor">) {
  switch (name) {
    case "action":
      return summary.actions;
    case "actor_type":
      return summary.actorTypes;
    case "target_type":
      return summary.targetTypes;
  }
}

/** The value that all events of a segment have, and no other: any of them have it, without being counted. */
function onlyValue(summary: Summary, name: FacetName): string | undefined {
  const [first, second] = name === "actor" ? [] : countsIn(summary, name);
  return second === undefined && first?.[1] === summary.events ? first[0] : undefined;
}

/** What all events have that match, and no other value, because the query asks for it. */
function valueLeft(where: Query, name: FacetName): string | undefined {
  switch (where.kind) {
    case "and":
      return where.of.map((part) => valueLeft(part, name)).find((value) => value !== undefined);
    case "field":
      return where.op === "is" && where.field === SINGLE_FIELDS[name] ? where.value : undefined;
    default:
      return undefined;
  }
}

function addFacet(
  tally: Tally,
  name: FacetName,
  columns: SegmentColumns,
  events: Uint32Array,
): void {
  switch (name) {
    case "action":
      return addCodes(tally, columns.actions, events);
    case "actor":
      return addCodes(tally, columns.actors, events);
    case "actor_type":
      return addCodes(tally, columns.actorTypes, events);
    case "target_type":
      return addCounts(tally, columns.targets.types, countTargetTypes(columns.targets, events));
  }
}

function addCodes(tally: Tally, column: CodedColumn, events: Uint32Array): void {
  addCounts(tally, column, countCodes(column, events));
}

/** @param counts by the codes of the column. */
function addCounts(tally: Tally, { texts }: CodedColumn, counts: ArrayLike<number>): void {
  texts.forEach((json, code) => {
    const count = counts[code] ?? 0;
    if (count > 0) {
      tally.addJson(json, count);
    }
  });
}
