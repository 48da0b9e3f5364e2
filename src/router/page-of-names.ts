/** A page of a list that is put together here: names in alphabetical order, each its own cursor. */
import type { ListQuery } from "../objects/directory/directory-rpc.ts";

export interface PageOfNames {
  readonly names: readonly string[];
  readonly before: string | null;
  readonly after: string | null;
}

/** @param all in any order; a name that stands twice counts once. `asc` is A to Z. */
export function pageOfNames(all: readonly string[], query: ListQuery): PageOfNames {
  const { limit, order, before, after } = query;
  const direction = order === "asc" ? 1 : -1;
  const compare = (a: string, b: string) => (a < b ? -direction : a > b ? direction : 0);
  const sorted = [...new Set(all)].sort(compare);
  const start = after === undefined ? 0 : sorted.filter((name) => compare(name, after) <= 0).length;
  const end =
    before === undefined
      ? sorted.length
      : sorted.filter((name) => compare(name, before) < 0).length;
  const from = before === undefined ? start : Math.max(0, end - limit);
  const to = before === undefined ? Math.min(end, start + limit) : end;
  const names = sorted.slice(from, to);
  return {
    names,
    before: from > 0 ? (names[0] ?? null) : null,
    after: to < sorted.length ? (names.at(-1) ?? null) : null,
  };
}
