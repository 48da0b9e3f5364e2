/** The facets that are counted, and the field of the query language that each is about. */
import type { FacetName } from "../../contract/stats.ts";

export type { FacetName } from "../../contract/stats.ts";

const FIELDS: Readonly<Record<FacetName, string>> = {
  action: "action",
  actor: "actor.id",
  actor_type: "actor.type",
  target_type: "target.type",
};

export const FACETS = Object.keys(FIELDS) as readonly FacetName[];

export function facetField(name: FacetName): string {
  return FIELDS[name];
}
