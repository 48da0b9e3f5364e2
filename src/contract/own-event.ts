/**
 * What rekishi itself does to an organization, as events of that organization's own log: readable like any other,
 * written by nobody else, because their actions have the reserved prefix.
 */
import type { AuditEvent, Metadata, Party, RESERVED_ACTION_PREFIX } from "./event.ts";

/** From where a change was asked for. */
export interface Visit {
  readonly context: AuditEvent["context"];
  /** The `X-Request-Id` under which the change is in the service's own log. */
  readonly requestId?: string;
}

/** Who asked for a change, and from where. */
export interface Caller extends Visit {
  /** An API key, a user, a portal session, or the root key. */
  readonly actor: Pick<Party, "id" | "type" | "name">;
}

/** An event of rekishi's own, less who and when. */
export interface OwnEvent {
  readonly action: `${typeof RESERVED_ACTION_PREFIX}${string}`;
  readonly targets: readonly Party[];
  readonly metadata?: Metadata;
}

/** rekishi itself, for what nobody asked for just now. */
export const REKISHI: Caller = {
  actor: { id: "rekishi", type: "system" },
  context: { location: "internal" },
};

/** The whole event. Its text is `canonicalJson` of it. */
export function ownEvent(own: OwnEvent, caller: Caller, now: number): AuditEvent {
  const { actor, context, requestId } = caller;
  return {
    action: own.action,
    actor,
    context,
    metadata: { ...own.metadata, ...(requestId === undefined ? {} : { request_id: requestId }) },
    occurred_at: new Date(now).toISOString(),
    targets: [...own.targets],
  };
}
