/** An organization's retention: `{"retention_period_in_days": n}`, or the periods that WorkOS's newer SDKs send. */
import * as z from "zod";
import { fieldFailure } from "../kernel/failure.ts";
import { RETENTION_DAYS_MAX, RETENTION_DAYS_MIN } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import { read } from "./field-errors.ts";

/** WorkOS counts a month as 30 days and a year as 365. */
const PERIOD = /^(?:(?<months>[1-9]|1[01])_MONTHS?|(?<years>[1-9]|10)_YEARS?)$/;

export const retentionSchema = z.strictObject({
  retention_period_in_days: z
    .int({ error: "must be a whole number of days" })
    .optional()
    .describe(`From ${RETENTION_DAYS_MIN} to ${RETENTION_DAYS_MAX}. Either this or the period.`),
  retention_period: z
    .string()
    .regex(PERIOD, { error: "must be 1_MONTH to 11_MONTHS or 1_YEAR to 10_YEARS" })
    .optional()
    .describe("1_MONTH to 11_MONTHS or 1_YEAR to 10_YEARS, as newer WorkOS SDKs send it."),
});

/** How many days to try out, in the query of `GET /organizations/{id}/audit_logs_retention`. */
export const retentionQuerySchema = z.object({
  preview_days: z.coerce
    .number({ error: "must be a whole number of days" })
    .int({ error: "must be a whole number of days" })
    .min(RETENTION_DAYS_MIN)
    .max(RETENTION_DAYS_MAX)
    .optional()
    .describe(
      "An extension: also tell what would expire at once with a retention of so many days.",
    ),
});

export const retentionAnswerSchema = z
  .object({
    retention_period_in_days: z.int().describe("How many days events are kept."),
    preview: z
      .object({
        retention_period_in_days: z.int().describe("The days that were tried out."),
        events: z.int().describe("How many events would expire at once."),
        oldest_ingested_at: z.iso.datetime().nullable().describe("Of the oldest of them."),
      })
      .optional()
      .describe("What was asked with `preview_days`."),
  })
  .meta({ id: "Retention" });

export type RetentionAnswer = z.infer<typeof retentionAnswerSchema>;

/** What WorkOS tells of an organization's audit log. There is no stream unless one was set up. */
export const configurationSchema = z
  .object({
    organization_id: z.string(),
    retention_period_in_days: z.int().describe("How many days events are kept."),
    state: z.enum(["active", "inactive", "disabled"]).describe("Whether events are recorded."),
    log_stream: z
      .object({
        id: z.string(),
        type: z.string().describe("What it leads to, as WorkOS names it."),
        state: z.enum(["active", "inactive", "error", "invalid"]).describe("How it is."),
        last_synced_at: z.iso.datetime().nullable().describe("When events were sent last."),
        created_at: z.iso.datetime(),
      })
      .optional()
      .describe("Where events are streamed to, if anywhere."),
  })
  .meta({ id: "AuditLogConfiguration" });

export type Configuration = z.infer<typeof configurationSchema>;

/** Reads the body of `PUT /organizations/{id}/audit_logs_retention`. */
export function readRetention(body: unknown): Result<number> {
  const retention = read(retentionSchema, body, "", "unprocessable_entity");
  if (!retention.ok) {
    return retention;
  }
  const { retention_period_in_days: days, retention_period: period } = retention.value;
  const field = "retention_period_in_days";
  if (days !== undefined && period !== undefined) {
    const message = `'${field}' and 'retention_period' cannot be used together. Send one of them.`;
    return fieldFailure("invalid_request", "retention_period", "conflict", message);
  }
  const value = period === undefined ? days : daysOfPeriod(period);
  if (value === undefined) {
    const message = `'${field}' is required, or 'retention_period' in its place.`;
    return fieldFailure("unprocessable_entity", field, "required", message);
  }
  if (value < RETENTION_DAYS_MIN || value > RETENTION_DAYS_MAX) {
    const message = `'${field}' must be from ${RETENTION_DAYS_MIN} to ${RETENTION_DAYS_MAX} days.`;
    return fieldFailure("unprocessable_entity", field, "out_of_range", message);
  }
  return ok(value);
}

function daysOfPeriod(period: string): number {
  const groups = PERIOD.exec(period)?.groups ?? {};
  return Number(groups["months"] ?? 0) * 30 + Number(groups["years"] ?? 0) * 365;
}
