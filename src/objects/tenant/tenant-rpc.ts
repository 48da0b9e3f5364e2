/** What the router can ask a tenant's object. Expected failures come back as data; only bugs and resets throw. */
import type { EventFilter, EventQuery } from "../../contract/event-query.ts";
import type { AuditEvent } from "../../contract/event.ts";
import type { Caller } from "../../contract/own-event.ts";
import type { StatsQuery } from "../../contract/stats.ts";
import type { RateLimit } from "../../kernel/rate-limit.ts";
import type { Result } from "../../kernel/result.ts";
import type { Extent } from "../../log/blocks.ts";
import type { AppendReceipt } from "../../log/commit.ts";
import type { EncodedRequest, EncodedRun } from "../../log/encoded.ts";
import type { AppendRequest } from "../../log/log.ts";
import type { EventPage } from "../../log/page.ts";
import type { LogStats } from "../../log/stats.ts";
import type { Credential } from "../directory/directory-rpc.ts";
import type { Ticket, TicketGrant } from "./tickets.ts";

export type { TicketGrant };

export interface LogSnapshot {
  /** The oldest event that has not expired; `headSeq` + 1 when there is none. */
  readonly firstSeq: number;
  readonly headSeq: number;
  readonly retentionDays: number;
}

export interface RetentionPreview {
  readonly events: number;
  /** When the oldest of them was ingested, in milliseconds since the epoch; null when there are none. */
  readonly oldestIngestedAt: number | null;
}

/** An event of rekishi's own that comes from another object. */
export interface OwnEntry {
  /** Names this event for ever. */
  readonly id: string;
  readonly event: AuditEvent;
}

/** An append, and the id of the key that asked for it. */
export interface TenantAppend extends AppendRequest {
  readonly keyId: string;
}

export interface AppendAnswer {
  readonly receipts: readonly AppendReceipt[];
  /** Absent where there are no limits. */
  readonly rateLimits?: readonly RateLimit[];
}

export interface TenantRpc {
  /** Each append is by itself. Resolves when the events are durable. */
  append(requests: readonly TenantAppend[]): Promise<readonly Result<AppendAnswer>[]>;
  /**
   * A read fails when what it needs is in the blob store and cannot be had from there, and over a limit.
   *
   * @param readerId who asks: the id of a key or of a session.
   */
  search(query: EventQuery, readerId: string): Promise<Result<EventPage>>;
  stats(query: StatsQuery, readerId: string): Promise<Result<LogStats>>;
  /** Where the log begins and ends now, so that a reader can hold on to what it is at this moment. */
  snapshot(): Promise<LogSnapshot>;
  /** Some of the log from a position on, as it is stored: for readers that decode it in a place of their own. */
  encodedRun(request: EncodedRequest, filter: EventFilter): Promise<EncodedRun>;
  /** The extents of what is sealed, in order of seq, without a look into it. */
  sealedExtents(request: EncodedRequest): Promise<readonly Extent[]>;
  /** The stored line of one event, or null. */
  event(id: string): Promise<Result<string | null>>;
  retentionDays(): Promise<number>;
  /** What a retention would expire at once that has not expired. Reads no events. */
  retentionPreview(days: number): Promise<RetentionPreview>;
  setRetentionDays(days: number, caller: Caller): Promise<void>;
  /** Stores events of rekishi's own, each id once however often it comes. Resolves when they are durable. */
  record(entries: readonly OwnEntry[]): Promise<void>;
  /**
   * Ends the log for ever: everything of it goes but the mark that it was. True when that is so. The call that does it
   * ends with the object, in an error that is `durableObjectReset`; ask again after it.
   */
  erase(): Promise<boolean>;
  /** Credentials of this organization have changed: live tails of those that are not valid any more end. */
  recheckTails(): Promise<void>;
  issueTailTicket(grant: TicketGrant): Promise<Ticket>;
  /** Null for a ticket that is not valid, or not any more. */
  redeemTailTicket(ticket: string): Promise<TicketGrant | null>;
}

/** A live tail that the router has let in. */
export interface TailRequest {
  readonly filter: EventFilter;
  /** The seq after which it begins; absent for the head. */
  readonly after?: number;
  /** When the caller's credential ends, in milliseconds since the epoch; null for never. */
  readonly endsAt: number | null;
  /** What the caller was let in with, if it can be taken away. */
  readonly credential: Credential | null;
}

/** The header in which the router hands a live tail over: `TailRequest` as JSON, percent-encoded. */
export const TAIL_REQUEST_HEADER = "x-rekishi-tail";
