/**
 * The port through which everything here reaches SQLite: synchronous statements and one kind of transaction.
 *
 * Two adapters exist: a Durable Object's storage (`objects/durable-sql.ts`) and `node:sqlite` (`cli/node-sql.ts`).
 * What both must agree on: numbers are written to INTEGER columns of STRICT tables, blobs are read as bytes.
 */

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

export interface Sql {
  /** Runs one statement and reads its rows one at a time; iterate to the end or stop, but never across an await. */
  rows<Row extends SqlRow>(statement: string, ...bindings: readonly SqlValue[]): Iterable<Row>;
  /** Runs one statement for its effect. */
  run(statement: string, ...bindings: readonly SqlValue[]): void;
  /**
   * All or nothing: a throw in `body` undoes every statement in it. `body` must be synchronous, because a
   * rejection after it returned could no longer be undone.
   */
  transaction<T>(body: () => T): T;
}

/** The first row, or undefined. */
export function firstRow<Row extends SqlRow>(
  sql: Sql,
  statement: string,
  ...bindings: readonly SqlValue[]
): Row | undefined {
  for (const row of sql.rows<Row>(statement, ...bindings)) {
    return row;
  }
  return undefined;
}
