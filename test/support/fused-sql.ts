/** A database whose process dies at a given statement: what is not committed by then is gone. */
import { expect } from "vitest";
import type { Sql, SqlRow, SqlValue } from "../../src/sql/sql.ts";

class Crash extends Error {}

export class FusedSql implements Sql {
  readonly #sql: Sql;
  left: number;

  constructor(sql: Sql, left: number) {
    this.#sql = sql;
    this.left = left;
  }

  rows<Row extends SqlRow>(statement: string, ...bindings: readonly SqlValue[]): Iterable<Row> {
    return this.#sql.rows<Row>(statement, ...bindings);
  }

  run(statement: string, ...bindings: readonly SqlValue[]): void {
    if (this.left-- <= 0) {
      throw new Crash();
    }
    this.#sql.run(statement, ...bindings);
  }

  transaction<T>(body: () => T): T {
    return this.#sql.transaction(body);
  }
}

/** To be given what was thrown. */
export function isCrash(error: unknown): void {
  expect(error).toBeInstanceOf(Crash);
}
