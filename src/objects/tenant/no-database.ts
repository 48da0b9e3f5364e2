/** What an erased log has in place of its database. */
import type { Sql, SqlRow } from "../../sql/sql.ts";

/** What writing to an erased log throws. The router knows it by `erased`, which crosses RPC. */
export class ErasedError extends Error {
  readonly erased = true;
}

/** The database of an erased log: nothing is in it and nothing can be put into it. */
export class NoDatabase implements Sql {
  *rows<Row extends SqlRow>(): Iterable<Row> {}

  run(): never {
    throw new ErasedError("The log was erased.");
  }

  transaction(): never {
    this.run();
  }
}
