/**
 * The audit event on the wire: what a client sends, what is stored and what is read back.
 *
 * The shape is that of WorkOS Audit Logs. Unknown fields are dropped; what remains is stored as canonical JSON, so
 * the same event always has the same bytes.
 */
import * as z from "zod";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { failure } from "../kernel/failure.ts";
import { EVENT_BYTES_MAX } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import type { Json } from "../kernel/strict-json.ts";
import { read } from "./field-errors.ts";
import { recordSchema } from "./record.ts";

const METADATA_NAME = /^[a-zA-Z0-9_-]{0,40}$/;
export const METADATA_VALUES_MAX = 50;
export const METADATA_TEXT_MAX = 500;
export const TARGETS_MAX = 50;
export const ACTION_MAX = 255;

/** Actions with this prefix are what rekishi itself records in a log; no client can write them. */
export const RESERVED_ACTION_PREFIX = "rekishi." as const;

const metadataSchema = recordSchema(
  {
    nameRule: METADATA_NAME,
    nameMessage: "has a name that is not 0 to 40 of the characters a-z, A-Z, 0-9, _ and -",
    namesMax: METADATA_VALUES_MAX,
    valueMessage: `must be a text of at most ${METADATA_TEXT_MAX} characters, a number or a boolean`,
    valueSchema: { type: ["string", "number", "boolean"], maxLength: METADATA_TEXT_MAX },
  },
  isMetadataValue,
);

function isMetadataValue(value: unknown): value is string | number | boolean {
  return typeof value === "string"
    ? value.length <= METADATA_TEXT_MAX
    : typeof value === "number" || typeof value === "boolean";
}

const METADATA = "Texts, numbers and booleans by name: 50 at most.";

const partySchema = z
  .object({
    id: z.string().min(1).describe("Its id in your own system."),
    type: z.string().min(1).describe("What it is, such as `user` or `document`."),
    name: z.string().optional().describe("What people call it."),
    metadata: metadataSchema.optional().describe(METADATA),
  })
  .meta({ id: "Party", description: "Who acted, or what was acted on." });

/** What looks like a time, and may have a day that is none. In a query string, a `+` that is not encoded is a space. */
const TIMESTAMP =
  /^(?<date>\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|(?<sign>[-+ ])\d\d:\d\d)$/;

/** What is wrong with a value that is no time, as the end of a sentence. */
function timestampProblem(value: unknown): string {
  const { date, sign } = (typeof value === "string" && TIMESTAMP.exec(value)?.groups) || {};
  if (date === undefined) {
    return "must be an ISO 8601 time with an offset, such as 2026-11-22T09:30:00.000Z";
  }
  if (sign === " ") {
    return "has a space before its offset: write + as %2B in a query string";
  }
  return isDay(date)
    ? "has a time of day or an offset that does not exist"
    : `has a day that does not exist: there is no ${date}`;
}

/** Some engines count days that do not exist on into the next month. */
function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** ISO 8601 with an offset. Kept as UTC with milliseconds, the precision that WorkOS's SDKs send. */
export const timestampSchema = z.iso
  .datetime({
    offset: true,
    error: ({ input }) => timestampProblem(input),
  })
  .transform((value) => new Date(value).toISOString())
  // An offset can move the first and last hours of the calendar out of the years that ISO 8601 writes with four digits.
  .refine((value) => /^\d{4}-/.test(value), { error: "must be in the years 0000 to 9999, in UTC" })
  .describe("ISO 8601 with an offset, such as 2026-11-22T09:30:00.000Z.");

const contextSchema = z.object({
  location: z.string().describe("Usually an IP address."),
  user_agent: z.string().optional().describe("The browser or program, as it names itself."),
});

export const eventSchema = z
  .object({
    action: z
      .string()
      .min(1)
      .max(ACTION_MAX)
      .refine((action) => !action.startsWith(RESERVED_ACTION_PREFIX), {
        error: `must not begin with '${RESERVED_ACTION_PREFIX}', which is reserved for what rekishi records itself`,
      })
      .describe(`Must not begin with '${RESERVED_ACTION_PREFIX}'.`),
    occurred_at: timestampSchema,
    version: z
      .int()
      .min(1)
      .optional()
      .describe("The version of the action's schema that the event follows."),
    actor: partySchema.describe("Who did it."),
    targets: z.array(partySchema).max(TARGETS_MAX).describe("What it was done to."),
    context: contextSchema.describe("From where it was done."),
    metadata: metadataSchema.optional().describe(METADATA),
  })
  .meta({ id: "NewEvent", description: "At most 64 KiB. Unknown fields are ignored." });

/** An event for the document. */
export const EVENT_EXAMPLE = {
  action: "document.shared",
  occurred_at: "2026-11-22T09:30:00.000Z",
  actor: { id: "user_1", type: "user", name: "Tanaka Yuki" },
  targets: [{ id: "document_7", type: "document", name: "契約書" }],
  context: { location: "203.0.113.7" },
  metadata: { request_id: "5e6f6f0a" },
};

export type AuditEvent = z.infer<typeof eventSchema>;
export type Party = z.infer<typeof partySchema>;
export type Metadata = z.infer<typeof metadataSchema>;

/** One stored line of a log, parsed: the client's event untouched inside what the log added to it. */
export interface StoredEvent {
  readonly event: AuditEvent;
  readonly id: string;
  readonly ingested_at: string;
  readonly organization_id: string;
  readonly seq: number;
}

export const eventResourceSchema = z
  .object({
    object: z.literal("audit_log_event"),
    id: z.string(),
    seq: z.int().min(1).describe("The place in the organization's log, from 1, without gaps."),
    organization_id: z.string(),
    action: z.string().describe("What was done."),
    occurred_at: z.iso.datetime().describe("By the client's clock. Lists are in this order."),
    ingested_at: z.iso.datetime().describe("By the log's clock. Retention counts from here."),
    version: z.int().nullable().describe("The version of the action's schema that it named."),
    actor: partySchema.describe("Who did it."),
    targets: z.array(partySchema).readonly().describe("What it was done to."),
    context: contextSchema.describe("From where it was done."),
    metadata: metadataSchema.describe(METADATA),
  })
  .readonly()
  .meta({ id: "Event" });

/** An event as the API and the live tail give it out. */
export type EventResource = z.infer<typeof eventResourceSchema>;

/** Checks an event and gives its canonical JSON text. `path` is where the event stands in the request. */
export function readEvent(value: Json, path: string): Result<string> {
  const event = read(eventSchema, value, path, "invalid_audit_log_event");
  if (!event.ok) {
    return event;
  }
  const canonical = canonicalJson(event.value as Json);
  // Text below a third of the limit cannot exceed it in UTF-8, so most events are not measured.
  if (canonical.length > EVENT_BYTES_MAX / 3 && utf8Bytes(canonical) > EVENT_BYTES_MAX) {
    const message = `'${path}' is larger than ${EVENT_BYTES_MAX / 1024} KiB. Shorten its metadata.`;
    return failure("payload_too_large", message);
  }
  return ok(canonical);
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

export function eventResource(stored: StoredEvent): EventResource {
  const { event } = stored;
  return {
    object: "audit_log_event",
    id: stored.id,
    seq: stored.seq,
    organization_id: stored.organization_id,
    action: event.action,
    occurred_at: event.occurred_at,
    ingested_at: stored.ingested_at,
    version: event.version ?? null,
    actor: event.actor,
    targets: event.targets,
    context: event.context,
    metadata: event.metadata ?? {},
  };
}
