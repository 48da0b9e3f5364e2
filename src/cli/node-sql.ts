/** The Sql port on `node:sqlite`: the same engine outside a Durable Object, for tools and for tests. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Sql, SqlRow, SqlValue } from "../sql/sql.ts";

export class NodeSql implements Sql {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  /** @param file a path, or ":memory:". */
  constructor(file: string, options: { readonly readOnly?: boolean } = {}) {
    this.#database = new DatabaseSync(file, { readOnly: options.readOnly ?? false });
  }

  *rows<Row extends SqlRow>(statement: string, ...bindings: readonly SqlValue[]): Iterable<Row> {
    yield* this.#prepare(statement).iterate(...bindings) as Iterable<Row>;
  }

  run(statement: string, ...bindings: readonly SqlValue[]): void {
    this.#prepare(statement).run(...bindings);
  }

  transaction<T>(body: () => T): T {
    const savepoint = `depth_${this.#depth++}`;
    this.#database.exec(`SAVEPOINT ${savepoint}`);
    try {
      const result = body();
      this.#database.exec(`RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      this.#database.exec(`ROLLBACK TO ${savepoint}`);
      this.#database.exec(`RELEASE ${savepoint}`);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  close(): void {
    this.#database.close();
  }

  #prepare(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}
