/** The messages of the live tail, `GET /audit_logs/tail`, subprotocol `rekishi.tail.v1`. */
import * as z from "zod";
import { failure } from "../kernel/failure.ts";
import { TAIL_FILTER_CHARACTERS_MAX } from "../kernel/limits.ts";
import type { Result } from "../kernel/result.ts";
import type { EventFilter } from "./event-query.ts";
import type { EventResource } from "./event.ts";

export const TAIL_PROTOCOL = "rekishi.tail.v1";

/** The code with which the server closes a tail when the reader's credential has ended. */
export const TAIL_ENDED = 4401;

export type TailServerMessage =
  /** The first message, and the answer to a new filter: the newest seq, and the oldest that is still kept. */
  | { readonly type: "hello"; readonly head: number; readonly oldest: number }
  /** Events that match, in order of seq. */
  | { readonly type: "events"; readonly events: readonly EventResource[] }
  /** The reader was too slow: events from `from` to `to` were not sent. Reconnect with `after` to have them. */
  | { readonly type: "skipped"; readonly from: number; readonly to: number }
  | { readonly type: "error"; readonly code: string; readonly message: string };

export const newTicketSchema = z.strictObject({
  organization_id: z.string().optional().describe("A key of one organization need not name it."),
});

export const ticketSchema = z
  .object({
    object: z.literal("tail_ticket"),
    ticket: z.string().describe("Offered as a second subprotocol, it opens the live tail once."),
    organization_id: z.string(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "TailTicket" });

export type TicketAnswer = z.infer<typeof ticketSchema>;

/** `ping` is answered with `pong` as plain text, without waking the object; it is not one of these. */
export const tailClientMessageSchema = z.discriminatedUnion(
  "type",
  [
    /** The reader has handled every event up to `seq`. Lets a fast reader be sent more than the steady rate. */
    z.object({ type: z.literal("ack"), seq: z.int().min(0) }),
    /** Replaces the filter, from the next event on. The rest of the message is the filter. */
    z.looseObject({ type: z.literal("filter") }),
  ],
  { error: "must be 'ack' or 'filter'" },
);

/** A filter must fit in the socket's attachment, where it survives hibernation. */
export function checkTailFilter(filter: Result<EventFilter>): Result<EventFilter> {
  if (filter.ok && JSON.stringify(filter.value).length > TAIL_FILTER_CHARACTERS_MAX) {
    const message = `The filter is longer than ${TAIL_FILTER_CHARACTERS_MAX} characters. Use fewer values.`;
    return failure("payload_too_large", message);
  }
  return filter;
}
