/** The tables of one tenant's log, and nothing else. Times are milliseconds since the epoch. */
import type { Migration } from "../sql/migrate.ts";

export const LOG_MIGRATIONS: readonly Migration[] = [
  {
    why: "The log begins: the events of each commit in rows of bounded size, and what retention has removed.",
    statements: [
      // One row per commit (several when the commit is large), oldest first. `lines` are the stored events, one JSON
      // text a line; `fingerprints` are their idempotency fingerprints, 16 bytes each, in the same order.
      `CREATE TABLE tail (
        first_seq INTEGER PRIMARY KEY,
        last_seq INTEGER NOT NULL,
        ingested_at INTEGER NOT NULL,
        fingerprints BLOB NOT NULL,
        lines TEXT NOT NULL
      ) STRICT`,
      // The single row that survives a purge of everything: where the log continues from. `run_*` are the events
      // that the purge under way has removed and not yet recorded as an event of its own.
      `CREATE TABLE purge (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        purged_seq INTEGER NOT NULL,
        purged_ingested_at INTEGER NOT NULL,
        run_first_seq INTEGER,
        run_count INTEGER NOT NULL
      ) STRICT`,
      "INSERT INTO purge VALUES (1, 0, 0, NULL, 0)",
    ],
  },
];
