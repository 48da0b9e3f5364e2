/** Reading events: pages, single ones, statistics and tickets for the live tail. */
import type { EventResource } from "../../contract/event.ts";
import type { List } from "../../contract/list.ts";
import type { FacetName, StatsAnswer } from "../../contract/stats.ts";
import type { Api, ApiResult } from "./client.ts";

/** Which events: of an organization, that match a query, within a time. Times are in milliseconds since the epoch. */
export interface EventSelection {
  readonly organizationId: string;
  readonly q: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface PageOptions {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

export function searchEvents(
  api: Api,
  selection: EventSelection,
  { limit, after, signal }: PageOptions,
): Promise<ApiResult<List<EventResource>>> {
  const parameters = { ...parametersOf(selection), limit, after };
  return api.get("/audit_logs/events", { parameters, signal });
}

export interface StatsOptions {
  readonly facets: readonly FacetName[];
  readonly facetLimit: number;
  readonly timeZone: string;
  readonly signal: AbortSignal;
}

export function countEvents(
  api: Api,
  selection: EventSelection,
  { facets, facetLimit, timeZone, signal }: StatsOptions,
): Promise<ApiResult<StatsAnswer>> {
  const parameters = {
    ...parametersOf(selection),
    facets,
    facet_limit: facetLimit,
    time_zone: timeZone,
  };
  return api.get("/audit_logs/events/stats", { parameters, signal });
}

export function readEvent(
  api: Api,
  organizationId: string,
  id: string,
  signal: AbortSignal,
): Promise<ApiResult<EventResource>> {
  const parameters = { organization_id: organizationId };
  return api.get(`/audit_logs/events/${encodeURIComponent(id)}`, { parameters, signal });
}

export interface TailTicket {
  readonly ticket: string;
}

export function issueTailTicket(api: Api, organizationId: string): Promise<ApiResult<TailTicket>> {
  const body = { organization_id: organizationId };
  return api.send("POST", "/audit_logs/tail/tickets", { body });
}

function parametersOf({ organizationId, q, from, to }: EventSelection) {
  return {
    organization_id: organizationId,
    q,
    range_start: from === undefined ? undefined : new Date(from).toISOString(),
    range_end: to === undefined ? undefined : new Date(to).toISOString(),
  };
}
