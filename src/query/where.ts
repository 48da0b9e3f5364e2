/** The parameters of a request as one query: the structured filters and the text of `q`, all of which must hold. */
import type { EventFilter } from "../contract/event-query.ts";
import { fieldFailure } from "../kernel/failure.ts";
import { ok, type Result } from "../kernel/result.ts";
import { parseQuery } from "./parse.ts";
import { problemText } from "./query-error.ts";
import { ENGLISH } from "./query-errors-en.ts";
import { and, type Query, queryOfFilter } from "./query.ts";

/** A failure points at the character of `q` that is wrong. */
export function whereOf(filter: EventFilter): Result<Query> {
  const structured = queryOfFilter(filter);
  if (filter.q === undefined) {
    return ok(structured);
  }
  const parsed = parseQuery(filter.q);
  if (!parsed.ok) {
    const { at, length } = parsed.failure;
    const message = problemText(ENGLISH, parsed.failure);
    const place = length > 1 ? `characters ${at + 1} to ${at + length}` : `character ${at + 1}`;
    const sentence = `${message.replace(/\.$/, "")} (${place} of 'q').`;
    return fieldFailure("invalid_request", "q", "invalid_query", sentence);
  }
  return ok(and(structured, parsed.value));
}
