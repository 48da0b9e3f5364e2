/** The bodies of `POST /audit_logs/events` and `POST /audit_logs/events/batch`, read into events to append. */
import { failure, type FieldError, fieldFailure } from "../kernel/failure.ts";
import {
  BATCH_EVENTS_MAX,
  FIELD_ERRORS_MAX,
  IDEMPOTENCY_KEY_CHARACTERS_MAX,
} from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import { isJsonObject, type Json, type JsonObject } from "../kernel/strict-json.ts";
import { readEvent } from "./event.ts";
import { failureOf } from "./field-errors.ts";

/** A valid event, as canonical text, with the key that the client gave it. */
export interface NewEvent {
  readonly text: string;
  readonly idempotencyKey: string | undefined;
}

export interface SingleAnswer {
  readonly success: true;
  readonly id: string;
  readonly seq: number;
}

export interface BatchAnswer {
  readonly success: true;
  readonly events: readonly {
    readonly id: string;
    readonly seq: number;
    readonly replayed: boolean;
  }[];
}

/** @param idempotencyKey the header `Idempotency-Key`, if there is one. */
export function readSingle(body: JsonObject, idempotencyKey: string | undefined): Result<NewEvent> {
  const key = readIdempotencyKey(idempotencyKey, "Idempotency-Key");
  if (!key.ok) {
    return key;
  }
  const text = readEvent(body["event"] as Json, "event");
  return text.ok ? ok({ text: text.value, idempotencyKey: key.value }) : text;
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
  const text = readEvent(item, path);
  if (!text.ok) {
    return text;
  }
  const key = readIdempotencyKey(
    isJsonObject(item) ? item["idempotency_key"] : undefined,
    `${path}.idempotency_key`,
  );
  return key.ok ? ok({ text: text.value, idempotencyKey: key.value }) : key;
}

function readIdempotencyKey(value: Json | undefined, field: string): Result<string | undefined> {
  if (value === undefined) {
    return ok(undefined);
  }
  if (typeof value !== "string" || value === "" || value.length > IDEMPOTENCY_KEY_CHARACTERS_MAX) {
    const message = `'${field}' must be a text of 1 to ${IDEMPOTENCY_KEY_CHARACTERS_MAX} characters.`;
    return failure("invalid_request", message, [{ field, code: "invalid_value", message }]);
  }
  return ok(value);
}
