/** What `GET /audit_logs/events/stats` is asked and answers. */
import * as z from "zod";
import { fieldFailure } from "../kernel/failure.ts";
import { FACET_VALUES_MAX } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import {
  type EventFilter,
  FILTER_PARAMETERS,
  filterParametersSchema,
  readEventFilter,
  refuseUnknown,
} from "./event-query.ts";
import { read } from "./field-errors.ts";

export const FACETS = ["action", "actor", "actor_type", "target_type"] as const;
export type FacetName = (typeof FACETS)[number];

const FACET_VALUES_DEFAULT = 20;

export interface StatsQuery {
  readonly filter: EventFilter;
  readonly interval: "auto" | "minute" | "hour" | "day" | "week" | "month";
  readonly timeZone: string;
  readonly facets: readonly FacetName[];
  /** Values listed for each facet. */
  readonly facetLimit: number;
}

export const statsAnswerSchema = z
  .object({
    object: z.literal("audit_log_stats"),
    total: z.int().describe("How many events match."),
    interval: z.string().describe("What 'auto' became."),
    histogram: z
      .array(
        z.object({
          start: z.iso.datetime().describe("When the bucket begins."),
          count: z.int().describe("How many events are in it."),
        }),
      )
      .describe("By occurred_at. Buckets without events are left out."),
    facets: z
      .record(
        z.string(),
        z.array(
          z.object({
            value: z.string().describe("The value."),
            count: z.int().describe("How many events have it."),
          }),
        ),
      )
      .describe("For each facet its most frequent values."),
    other: z
      .record(z.string(), z.int())
      .describe("For each facet what the values that are not listed add up to."),
    low_by: z
      .record(z.string(), z.int())
      .describe(
        "For each facet by how much its counts can be too low: 0 unless it has more than 100,000 different values.",
      ),
  })
  .meta({ id: "EventStats" });

export type StatsAnswer = z.infer<typeof statsAnswerSchema>;

const statsSchema = z.object({
  interval: z
    .enum(["auto", "minute", "hour", "day", "week", "month"], {
      error: "must be 'auto', 'minute', 'hour', 'day', 'week' or 'month'",
    })
    .default("auto")
    .describe("How long a bucket of the histogram is."),
  time_zone: z
    .string()
    .refine(isTimeZone, { error: "must be the IANA name of a time zone, such as Asia/Tokyo" })
    .default("UTC")
    .describe("In which days, weeks and months begin: the IANA name of a time zone."),
  facets: z
    .array(z.enum(FACETS, { error: `must be one of ${FACETS.join(", ")}` }))
    .default([...FACETS])
    .describe("Of what the most frequent values are told."),
  facet_limit: z.coerce
    .number({ error: `must be a whole number from 1 to ${FACET_VALUES_MAX}` })
    .int()
    .min(1)
    .max(FACET_VALUES_MAX)
    .default(FACET_VALUES_DEFAULT)
    .describe("How many values of each."),
});

/** For the document. They are read by `readStatsQuery`. */
export const statsParametersSchema = filterParametersSchema.extend({
  interval: statsSchema.shape.interval,
  time_zone: statsSchema.shape.time_zone,
  "facets[]": statsSchema.shape.facets,
  facet_limit: statsSchema.shape.facet_limit,
});

const PARAMETERS = ["organization_id", "interval", "time_zone", "facets[]", "facet_limit"];

export function readStatsQuery(parameters: URLSearchParams): Result<StatsQuery> {
  const unknown = refuseUnknown(parameters, [...FILTER_PARAMETERS, ...PARAMETERS]);
  if (unknown !== undefined) {
    return unknown;
  }
  const filter = readEventFilter(parameters);
  if (!filter.ok) {
    return filter;
  }
  const facets = [...parameters.getAll("facets[]"), ...parameters.getAll("facets")];
  const values = {
    interval: parameters.get("interval") ?? undefined,
    time_zone: parameters.get("time_zone") ?? undefined,
    facet_limit: parameters.get("facet_limit") ?? undefined,
    facets: facets.length === 0 ? undefined : facets,
  };
  const stats = read(statsSchema, values, "", "invalid_request");
  if (!stats.ok) {
    return stats;
  }
  const { interval, time_zone: timeZone, facet_limit: facetLimit } = stats.value;
  if (interval === "minute" && spanDays(filter.value) > MINUTES_DAYS_MAX) {
    const message = `'interval' can be 'minute' for a range of at most ${MINUTES_DAYS_MAX} days. Give range_start and range_end.`;
    return fieldFailure("invalid_request", "interval", "too_many_buckets", message);
  }
  return ok({ filter: filter.value, interval, timeZone, facetLimit, facets: stats.value.facets });
}

/** 10,080 buckets. */
const MINUTES_DAYS_MAX = 7;

function spanDays({ range_start: start, range_end: end }: EventFilter): number {
  return start === undefined || end === undefined ? Infinity : (end - start) / 86_400_000;
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
