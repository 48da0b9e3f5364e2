/** The tables of one export in the making. Times are milliseconds since the epoch. */
import type { Migration } from "../sql/migrate.ts";

export const EXPORT_MIGRATIONS: readonly Migration[] = [
  {
    why: "How far an export is: what a process that takes over needs to go on with the very next byte.",
    statements: [
      // `next_seq`: the log has been read up to here. `cursor_*`: the last event that was written. `upload` is the
      // ticket of the upload as JSON. `file` is what is known of the finished file, as JSON.
      `CREATE TABLE progress (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        next_seq INTEGER NOT NULL,
        cursor_occurred_at INTEGER,
        cursor_seq INTEGER,
        events INTEGER NOT NULL,
        purged INTEGER NOT NULL,
        upload TEXT
      ) STRICT`,
      // The parts that the blob store has.
      `CREATE TABLE part (
        part INTEGER PRIMARY KEY,
        size INTEGER NOT NULL,
        tag TEXT NOT NULL,
        sha256 TEXT NOT NULL
      ) STRICT`,
      // What has been written and is less than a part, in pieces of bounded size.
      "CREATE TABLE pending (piece INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT",
      // What was read and cannot be written yet, sorted: see sorter.ts.
      `CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        level INTEGER NOT NULL,
        is_complete INTEGER NOT NULL
      ) STRICT`,
      // The rows of a run in order: id is 2^24 × run id + number of the chunk.
      "CREATE TABLE run_chunk (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT",
    ],
  },
  {
    why: "Runs hold rows of the file in place of events. What is in the making begins anew.",
    statements: ["progress", "part", "pending", "run", "run_chunk"].map(
      (table) => `DELETE FROM ${table}`,
    ),
  },
];
