/**
 * What `GET /audit_logs/events` and the live tail are asked: filters, order and place in the list.
 *
 * Values of one parameter are alternatives, parameters narrow each other. An unknown parameter is refused, because a
 * misspelt filter that is ignored shows events that nobody asked for.
 */
import * as z from "zod";
import { fieldFailure } from "../kernel/failure.ts";
import { EVENTS_PAGE_DEFAULT, EVENTS_PAGE_MAX, FILTER_VALUES_MAX } from "../kernel/limits.ts";
import { nearName } from "../kernel/near-name.ts";
import { ok, type Result } from "../kernel/result.ts";
import { timestampSchema } from "./event.ts";
import { read } from "./field-errors.ts";
import type { Order } from "./list.ts";
import { shownName } from "./unknown-names.ts";

const QUERY_CHARACTERS_MAX = 2_000;
const valuesSchema = z.array(z.string().min(1)).max(FILTER_VALUES_MAX).optional();
const instantSchema = timestampSchema.transform((value) => Date.parse(value)).optional();

export const eventFilterSchema = z.strictObject({
  actions: valuesSchema.describe("Only events with one of these actions."),
  actor_ids: valuesSchema.describe("Only events of actors with one of these ids."),
  actor_names: valuesSchema.describe("Only events of actors with one of these names."),
  actor_types: valuesSchema.describe("Only events of actors of one of these types."),
  target_ids: valuesSchema.describe("Only events with a target that has one of these ids."),
  target_types: valuesSchema.describe("Only events with a target of one of these types."),
  range_start: instantSchema.describe("Inclusive, on occurred_at."),
  range_end: instantSchema.describe("Exclusive, on occurred_at."),
  /** A text in the query language (src/query/parse.ts). */
  q: z.string().max(QUERY_CHARACTERS_MAX).optional(),
});

/** Times are in milliseconds since the epoch. */
export type EventFilter = z.output<typeof eventFilterSchema>;

/** A place in the list of events, which is ordered by (occurred_at, seq). */
export interface Position {
  readonly occurredAt: number;
  readonly seq: number;
}

export interface EventQuery {
  readonly filter: EventFilter;
  readonly order: Order;
  readonly limit: number;
  /** Only events that the list shows before this one. */
  readonly before?: Position;
  /** Only events that the list shows after this one. */
  readonly after?: Position;
}

const LIST_PARAMETERS = [
  "actions",
  "actor_ids",
  "actor_names",
  "actor_types",
  "target_ids",
  "target_types",
];
/** Lists are written with brackets: they may come several times. */
export const FILTER_PARAMETERS: readonly string[] = [
  ...LIST_PARAMETERS.map((name) => `${name}[]`),
  "range_start",
  "range_end",
  "q",
];

/** What names the log, and not its events. */
export const organizationParameterSchema = z.object({
  organization_id: z.string().optional().describe("A key of one organization need not name it."),
});

/** For the document: the parameters as a query string has them. They are read by `readEventFilter`. */
export const filterParametersSchema = organizationParameterSchema.extend({
  "actions[]": eventFilterSchema.shape.actions,
  "actor_ids[]": eventFilterSchema.shape.actor_ids,
  "actor_names[]": eventFilterSchema.shape.actor_names,
  "actor_types[]": eventFilterSchema.shape.actor_types,
  "target_ids[]": eventFilterSchema.shape.target_ids,
  "target_types[]": eventFilterSchema.shape.target_types,
  range_start: eventFilterSchema.shape.range_start,
  range_end: eventFilterSchema.shape.range_end,
  q: eventFilterSchema.shape.q.describe(
    "A text in the query language, such as `契約 action:document.* -actor.type:system`.",
  ),
});

/** The `limit` of a list, as it stands in a query string. */
export function limitSchema(otherwise: number, max: number) {
  return z
    .string()
    .regex(/^\d+$/, { error: `must be a whole number from 1 to ${max}` })
    .transform(Number)
    .pipe(z.int().min(1).max(max))
    .default(otherwise)
    .describe("How many are on a page.")
    .meta({
      // In the document it is the number that the text stands for.
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
        delete jsonSchema["pattern"];
        Object.assign(jsonSchema, {
          type: "integer",
          minimum: 1,
          maximum: max,
          default: otherwise,
        });
      },
    });
}

export const ORDER = "The newest first, `desc` or `normal`, or the oldest, `asc`.";

const pageSchema = z.object({
  order: z
    .enum(["asc", "desc", "normal"], { error: "must be 'asc', 'desc' or 'normal'" })
    .transform((order): Order => (order === "asc" ? "asc" : "desc"))
    .default("desc")
    .describe(ORDER),
  limit: limitSchema(EVENTS_PAGE_DEFAULT, EVENTS_PAGE_MAX),
});

/** For the document. They are read by `readEventQuery`. */
export const eventQueryParametersSchema = filterParametersSchema.extend({
  ...pageSchema.shape,
  before: z.string().optional().describe("A cursor from the list_metadata of another page."),
  after: z.string().optional().describe("A cursor from the list_metadata of another page."),
});

/** Reads the query of `GET /audit_logs/events`, less `organization_id`, which names the log and not its events. */
export function readEventQuery(parameters: URLSearchParams): Result<EventQuery> {
  const known = [...FILTER_PARAMETERS, "organization_id", "order", "limit", "before", "after"];
  const unknown = refuseUnknown(parameters, known);
  if (unknown !== undefined) {
    return unknown;
  }
  const filter = readEventFilter(parameters);
  if (!filter.ok) {
    return filter;
  }
  const page = read(pageSchema, single(parameters, ["order", "limit"]), "", "invalid_request");
  if (!page.ok) {
    return page;
  }
  const before = readPosition(parameters, "before");
  if (!before.ok) {
    return before;
  }
  const after = readPosition(parameters, "after");
  if (!after.ok) {
    return after;
  }
  if (before.value !== undefined && after.value !== undefined) {
    const message = "'before' and 'after' cannot be used together. Send one of them.";
    return fieldFailure("invalid_request", "before", "conflict", message);
  }
  return ok({
    filter: filter.value,
    ...page.value,
    ...(before.value === undefined ? {} : { before: before.value }),
    ...(after.value === undefined ? {} : { after: after.value }),
  });
}

/** Reads the filter parameters; others are for the caller to check. Lists are `actions[]=a&actions[]=b`. */
export function readEventFilter(parameters: URLSearchParams): Result<EventFilter> {
  const values: Record<string, unknown> = single(parameters, ["range_start", "range_end", "q"]);
  for (const name of LIST_PARAMETERS) {
    const all = [...parameters.getAll(`${name}[]`), ...parameters.getAll(name)];
    if (all.length > 0) {
      values[name] = all;
    }
  }
  return checkFilter(values);
}

/** Reads a filter that came as JSON, in a message on the live tail, less the message's own `type`. */
export function readEventFilterMessage(message: { readonly type: string }): Result<EventFilter> {
  const { type: _, ...values } = message;
  return checkFilter(values);
}

/** @param known the names of the endpoint's parameters; a list ends with `[]`, and is accepted without them too. */
export function refuseUnknown(
  parameters: URLSearchParams,
  known: readonly string[],
): ReturnType<typeof fieldFailure> | undefined {
  for (const parameter of parameters.keys()) {
    const name = parameter.replace(/\[\]$/, "");
    if (!known.includes(parameter) && !known.includes(`${name}[]`)) {
      const near = nearName(
        name,
        known.map((one) => one.replace(/\[\]$/, "")),
      );
      const meant = known.find((one) => one === near || one === `${near}[]`);
      const hint = meant === undefined ? "" : ` Did you mean '${meant}'?`;
      const message = `'${shownName(parameter)}' is not a parameter of this endpoint.${hint} It has: ${known.join(", ")}.`;
      return fieldFailure("invalid_request", shownName(name), "unknown_parameter", message);
    }
  }
  return undefined;
}

export function positionText(position: Position): string {
  return `${position.occurredAt}-${position.seq}`;
}

function checkFilter(values: unknown): Result<EventFilter> {
  const filter = read(eventFilterSchema, values, "", "invalid_request");
  if (!filter.ok) {
    return filter;
  }
  const { range_start: start, range_end: end } = filter.value;
  if (start !== undefined && end !== undefined && start > end) {
    const message = "'range_end' is before 'range_start'. Exchange them.";
    return fieldFailure("invalid_request", "range_end", "reversed_range", message);
  }
  return filter;
}

function single(parameters: URLSearchParams, names: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = parameters.get(name);
    if (value !== null) {
      values[name] = value;
    }
  }
  return values;
}

const POSITION = /^(-?\d{1,15})-(\d{1,15})$/;

function readPosition(
  parameters: URLSearchParams,
  name: "before" | "after",
): Result<Position | undefined> {
  const text = parameters.get(name);
  if (text === null || text === "") {
    return ok(undefined);
  }
  const match = POSITION.exec(text);
  if (match === null) {
    const message = `'${name}' must be a cursor from the list_metadata of an earlier page.`;
    return fieldFailure("invalid_request", name, "invalid_cursor", message);
  }
  return ok({ occurredAt: Number(match[1]), seq: Number(match[2]) });
}
