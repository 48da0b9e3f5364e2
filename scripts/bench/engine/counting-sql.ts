/** The Sql port on an object's storage, counting the rows that are written: what the platform bills. */
import type { Sql, SqlRow, SqlValue } from "../../../src/sql/sql.ts";

/** The parts of a Durable Object's storage that benchmarks use. */
export interface ObjectStorage {
  readonly sql: {
    exec(
      statement: string,
      ...bindings: readonly SqlValue[]
    ): Iterable<Record<string, SqlValue | ArrayBuffer>> & { readonly rowsWritten: number };
    readonly databaseSize: number;
  };
  transactionSync<T>(body: () => T): T;
  sync(): Promise<void>;
}

export class CountingSql implements Sql {
  readonly #storage: ObjectStorage;
  rowsWritten = 0;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  *rows<Row extends SqlRow>(statement: string, ...bindings: readonly SqlValue[]): Iterable<Row> {
    const cursor = this.#storage.sql.exec(statement, ...bindings);
    // Before the first row is read, because readers stop where they like.
    this.rowsWritten += cursor.rowsWritten;
    for (const row of cursor) {
      for (const column in row) {
        const value = row[column];
        if (value instanceof ArrayBuffer) {
          row[column] = new Uint8Array(value);
        }
      }
      yield row as Row;
    }
  }

  run(statement: string, ...bindings: readonly SqlValue[]): void {
    this.rowsWritten += this.#storage.sql.exec(statement, ...bindings).rowsWritten;
  }

  transaction<T>(body: () => T): T {
    return this.#storage.transactionSync(body);
  }
}
