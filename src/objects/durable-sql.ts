/** The Sql port on a Durable Object's storage. */
import type { Sql, SqlRow, SqlValue } from "../sql/sql.ts";

export class DurableSql implements Sql {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  *rows<Row extends SqlRow>(statement: string, ...bindings: readonly SqlValue[]): Iterable<Row> {
    for (const row of this.#storage.sql.exec(statement, ...bindings)) {
      yield bytesForBuffers(row) as Row;
    }
  }

  run(statement: string, ...bindings: readonly SqlValue[]): void {
    this.#storage.sql.exec(statement, ...bindings);
  }

  transaction<T>(body: () => T): T {
    return this.#storage.transactionSync(() => {
      const result = body();
      if (result instanceof Promise) {
        throw new TypeError("A transaction must be synchronous.");
      }
      return result;
    });
  }
}

/** The platform reads blobs as ArrayBuffer; the port gives bytes. */
function bytesForBuffers(row: Record<string, SqlStorageValue>): SqlRow {
  for (const column in row) {
    const value = row[column];
    if (value instanceof ArrayBuffer) {
      (row as SqlRow)[column] = new Uint8Array(value);
    }
  }
  return row as SqlRow;
}
