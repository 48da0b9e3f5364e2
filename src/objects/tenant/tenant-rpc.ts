/** What the router can ask a tenant's object. Expected failures come back as data; only bugs and resets throw. */
import type { EventQuery } from "../../contract/event-query.ts";
import type { StatsQuery } from "../../contract/stats.ts";
import type { Result } from "../../kernel/result.ts";
import type { AppendReceipt } from "../../log/commit.ts";
import type { AppendRequest } from "../../log/log.ts";
import type { EventPage } from "../../log/page.ts";
import type { LogStats } from "../../log/stats.ts";
import type { Ticket } from "./tickets.ts";

export interface TenantRpc {
  /** Resolves when the events are durable. */
  append(request: AppendRequest): Promise<Result<readonly AppendReceipt[]>>;
  search(query: EventQuery): Promise<EventPage>;
  stats(query: StatsQuery): Promise<LogStats>;
  /** The stored line of one event, or null. */
  event(id: string): Promise<string | null>;
  retentionDays(): Promise<number>;
  setRetentionDays(days: number): Promise<void>;
  issueTailTicket(): Promise<Ticket>;
  redeemTailTicket(ticket: string): Promise<boolean>;
}

/** The header in which the router hands a live tail over: `TailRequest` as JSON, percent-encoded. */
export const TAIL_REQUEST_HEADER = "x-rekishi-tail";
