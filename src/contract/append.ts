/** The bodies of `POST /audit_logs/events` and `POST /audit_logs/events/batch`, read into events to append. */
import * as z from "zod";
import { failure, type FieldError, fieldFailure } from "../kernel/failure.ts";
import {
  BATCH_EVENTS_MAX,
  FIELD_ERRORS_MAX,
  IDEMPOTENCY_KEY_CHARACTERS_MAX,
} from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import { isJsonObject, type Json, type JsonObject } from "../kernel/strict-json.ts";
import { type AuditEvent, eventSchema, readEvent } from "./event.ts";
import { failureOf, refuseUnknownNames } from "./field-errors.ts";

/** A valid event with the key that the client gave it. */
export interface NewEvent {
  /** As it was sent, unknown fields included. */
  readonly event: AuditEvent;
  /** What is stored of it: canonical, without unknown fields. */
  readonly text: string;
  readonly idempotencyKey: string | undefined;
}

const idempotencyKeySchema = z
  .string()
  .min(1)
  .max(IDEMPOTENCY_KEY_CHARACTERS_MAX)
  .optional()
  .describe("The same event with the same key, sent again within 24 hours, gets the first answer.");

const organizationIdSchema = z
  .string()
  .optional()
  .describe("A key of one organization need not name it.");

/** For the document: the bodies are read by `readSingle` and `readBatch`. */
export const singleBodySchema = z.strictObject({
  organization_id: organizationIdSchema,
  event: eventSchema.describe("What happened."),
});
export const singleHeadersSchema = z.object({ "Idempotency-Key": idempotencyKeySchema });
/** Of requests that make a resource. */
export const idempotentHeadersSchema = z.object({
  "Idempotency-Key": idempotencyKeySchema.describe(
    "The same request with the same key, sent again within 24 hours, makes nothing more and gets what was made.",
  ),
});
export const batchBodySchema = z.strictObject({
  organization_id: organizationIdSchema,
  events: z
    .array(eventSchema.extend({ idempotency_key: idempotencyKeySchema }))
    .min(1)
    .max(BATCH_EVENTS_MAX)
    .describe("All of them are stored, or none."),
});

const successSchema = z.literal(true).describe("It is on disk.");
const EVENT_ID = "The id of the event in the log.";
const EVENT_SEQ = "Its place in the organization's log, from 1, without gaps.";

export const singleAnswerSchema = z
  .object({
    success: successSchema,
    id: z.string().describe(EVENT_ID),
    seq: z.int().min(1).describe(EVENT_SEQ),
  })
  .meta({ id: "Receipt" });

export type SingleAnswer = z.infer<typeof singleAnswerSchema>;

export const batchAnswerSchema = z
  .object({
    success: successSchema,
    events: z
      .array(
        z.object({
          id: z.string().describe(EVENT_ID),
          seq: z.int().min(1).describe(EVENT_SEQ),
          replayed: z.boolean().describe("It was stored before: these are its id and seq of then."),
        }),
      )
      .readonly()
      .describe("In the order in which they were sent."),
  })
  .meta({ id: "BatchReceipt" });

export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

/** @param idempotencyKey the header `Idempotency-Key`, if there is one. */
export function readSingle(body: JsonObject, idempotencyKey: string | undefined): Result<NewEvent> {
  const unknown = refuseUnknownNames(body, singleBodySchema);
  if (unknown !== undefined) {
    return unknown;
  }
  const key = readIdempotencyKey(idempotencyKey, "Idempotency-Key");
  if (!key.ok) {
    return key;
  }
  return newEvent(body["event"] as Json, "event", key.value);
}

/** Reads all or nothing; the first faults of the whole batch are listed. */
export function readBatch(items: Json | undefined): Result<readonly NewEvent[]> {
  if (!Array.isArray(items)) {
    const message = items === undefined ? "'events' is required." : "'events' must be a list.";
    return fieldFailure("invalid_request", "events", "invalid_type", message);
  }
  if (items.length === 0) {
    const message = "'events' is empty. Send at least one event.";
    return fieldFailure("invalid_request", "events", "too_small", message);
  }
  if (items.length > BATCH_EVENTS_MAX) {
    const message = `'events' has ${items.length} events; a batch has at most ${BATCH_EVENTS_MAX}.`;
    return failure("payload_too_large", message);
  }
  return readItems(items);
}

function readItems(items: readonly Json[]): Result<readonly NewEvent[]> {
  const events: NewEvent[] = [];
  const errors: FieldError[] = [];
  for (const [index, item] of items.entries()) {
    const event = readItem(item, `events[${index}]`);
    if (event.ok) {
      events.push(event.value);
    } else if (event.failure.code === "payload_too_large") {
      return event;
    } else {
      errors.push(...(event.failure.errors ?? []));
    }
    if (errors.length >= FIELD_ERRORS_MAX) {
      break;
    }
  }
  return errors.length === 0
    ? ok(events)
    : {
        ok: false,
        failure: failureOf("invalid_audit_log_event", errors.slice(0, FIELD_ERRORS_MAX)),
      };
}

function readItem(item: Json, path: string): Result<NewEvent> {
  const event = newEvent(item, path, undefined);
  if (!event.ok) {
    return event;
  }
  const key = readIdempotencyKey(
    isJsonObject(item) ? item["idempotency_key"] : undefined,
    `${path}.idempotency_key`,
  );
  return key.ok ? ok({ ...event.value, idempotencyKey: key.value }) : key;
}

function newEvent(value: Json, path: string, idempotencyKey: string | undefined): Result<NewEvent> {
  const text = readEvent(value, path);
  return text.ok
    ? ok({ event: value as unknown as AuditEvent, text: text.value, idempotencyKey })
    : text;
}

export function readIdempotencyKey(
  value: Json | undefined,
  field: string,
): Result<string | undefined> {
  if (value === undefined) {
    return ok(undefined);
  }
  if (typeof value !== "string" || value === "" || value.length > IDEMPOTENCY_KEY_CHARACTERS_MAX) {
    const message = `'${field}' must be a text of 1 to ${IDEMPOTENCY_KEY_CHARACTERS_MAX} characters.`;
    return failure("invalid_request", message, [{ field, code: "invalid_value", message }]);
  }
  return ok(value);
}
