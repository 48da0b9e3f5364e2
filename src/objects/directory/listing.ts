/** One page of a table whose ids are in order of creation, by keyset: no OFFSET, stable while rows are added. */
import type { Sql, SqlRow, SqlValue } from "../../sql/sql.ts";
import type { ListPage, ListQuery } from "./directory-rpc.ts";

interface Source {
  readonly table:
    | "action"
    | "action_schema"
    | "api_key"
    | "export"
    | "organization"
    | "token_issuer";
  /** An SQL condition on top of the page's own. */
  readonly where: string;
  readonly bindings: readonly SqlValue[];
}

export function listPage<Row extends SqlRow & { sort: number; id: string }, T>(
  sql: Sql,
  source: Source,
  query: ListQuery,
  resource: (row: Row) => T,
): ListPage<T> {
  const backwards = query.before !== undefined;
  const ascending = (query.order === "asc") !== backwards;
  const cursor = query.before ?? query.after;
  const bound = `(? IS NULL OR sort ${ascending ? ">" : "<"} (SELECT sort FROM ${source.table} WHERE id = ?))`;
  const rows = [
    ...sql.rows<Row>(
      `SELECT * FROM ${source.table} WHERE ${source.where} AND ${bound}
       ORDER BY sort ${ascending ? "ASC" : "DESC"} LIMIT ?`,
      ...source.bindings,
      cursor ?? null,
      cursor ?? null,
      query.limit + 1,
    ),
  ];
  const hasMore = rows.length > query.limit;
  const page = rows.slice(0, query.limit);
  if (backwards) {
    page.reverse();
  }
  const [hasBefore, hasAfter] = backwards ? [hasMore, true] : [cursor !== undefined, hasMore];
  return {
    data: page.map(resource),
    before: hasBefore ? (page[0]?.id ?? null) : null,
    after: hasAfter ? (page.at(-1)?.id ?? null) : null,
  };
}
