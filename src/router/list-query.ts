/** Reads `limit`, `order`, `before` and `after` of the lists of resources, and writes their envelope. */
import * as z from "zod";
import { limitSchema, ORDER, refuseUnknown } from "../contract/event-query.ts";
import { read } from "../contract/field-errors.ts";
import { list, type List } from "../contract/list.ts";
import { fieldFailure } from "../kernel/failure.ts";
import { LIST_PAGE_DEFAULT, LIST_PAGE_MAX } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import type { ListPage, ListQuery } from "../objects/directory/directory-rpc.ts";
import type { HttpContext } from "./http.ts";

const PARAMETERS = ["limit", "order", "before", "after"];

export const listQuerySchema = z.object({
  limit: limitSchema(LIST_PAGE_DEFAULT, LIST_PAGE_MAX),
  order: z
    .enum(["asc", "desc", "normal"], { error: "must be 'asc', 'desc' or 'normal'" })
    .transform((order) => (order === "asc" ? ("asc" as const) : ("desc" as const)))
    .default("desc")
    .describe(ORDER),
  before: z.string().optional().describe("A cursor from the list_metadata of another page."),
  after: z.string().optional().describe("A cursor from the list_metadata of another page."),
});

export function readListQuery(
  context: HttpContext,
  extra: readonly string[] = [],
): Result<ListQuery> {
  const parameters = new URL(context.req.url).searchParams;
  const unknown = refuseUnknown(parameters, [...PARAMETERS, ...extra]);
  if (unknown !== undefined) {
    return unknown;
  }
  const query = read(listQuerySchema, Object.fromEntries(parameters), "", "invalid_request");
  if (!query.ok) {
    return query;
  }
  const { limit, order, before, after } = query.value;
  if (before !== undefined && after !== undefined) {
    const message = "'before' and 'after' cannot be used together. Send one of them.";
    return fieldFailure("invalid_request", "before", "conflict", message);
  }
  return ok({
    limit,
    order,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

export function listOf<T>({ data, before, after }: ListPage<T>): List<T> {
  return list(data, { before, after });
}
