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
  {
    why: "Sealed events: blocks of 256 lines, segments of 16 blocks with columns, and the index of words.",
    statements: [
      // What is known of a block without reading it. Block n holds seq 256 (n - 1) + 1 to 256 n, or what retention
      // has left of them; the newest may end early, when it was sealed for its age. `segment_id` is null while the
      // block is in no segment; it is not told when its segment is joined to others or purged. A block that is not
      // indexed may hold any word.
      `CREATE TABLE block (
        id INTEGER PRIMARY KEY,
        segment_id INTEGER,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        first_ingested_at INTEGER NOT NULL,
        last_ingested_at INTEGER NOT NULL,
        min_occurred_at INTEGER NOT NULL,
        max_occurred_at INTEGER NOT NULL,
        is_indexed INTEGER NOT NULL
      ) STRICT`,
      "CREATE INDEX block_loose ON block (id) WHERE segment_id IS NULL",
      "CREATE INDEX block_unindexed ON block (id) WHERE is_indexed = 0",
      // The encoded lines, in parts of bounded size: id is 64 × block id + part.
      "CREATE TABLE block_part (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT",
      // A run of complete blocks; id is the id of its first block. `summary` is JSON, see summary.ts.
      `CREATE TABLE segment (
        id INTEGER PRIMARY KEY,
        last_block_id INTEGER NOT NULL,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        first_ingested_at INTEGER NOT NULL,
        last_ingested_at INTEGER NOT NULL,
        min_occurred_at INTEGER NOT NULL,
        max_occurred_at INTEGER NOT NULL,
        summary TEXT NOT NULL
      ) STRICT`,
      // The columns of a segment: id is 8 × segment id + number of the column, or + 7 for all of a small one's.
      "CREATE TABLE vector (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT",
      // One document a block; rowid is the block's id. The terms are made by term-index.ts.
      `CREATE VIRTUAL TABLE term USING fts5(
        terms, content='', contentless_delete=1, detail=none,
        tokenize="ascii tokenchars '.-'"
      )`,
      // Merging is done in steps of its own, never inside an append.
      "INSERT INTO term (term, rank) VALUES ('automerge', 0)",
      // Fingerprints of sealed events, while the idempotency window lasts: a row a block.
      `CREATE TABLE fingerprint_run (
        first_seq INTEGER PRIMARY KEY,
        last_ingested_at INTEGER NOT NULL,
        fingerprints BLOB NOT NULL
      ) STRICT`,
      // For each complete group of runs, a filter that tells most new fingerprints apart without reading the runs.
      `CREATE TABLE fingerprint_filter (
        first_seq INTEGER PRIMARY KEY,
        last_seq INTEGER NOT NULL,
        last_ingested_at INTEGER NOT NULL,
        bits BLOB NOT NULL
      ) STRICT`,
    ],
  },
  {
    why: "Filters of fingerprints are larger and are probed otherwise. They are made again of the runs, which stay.",
    statements: ["DELETE FROM fingerprint_filter"],
  },
  {
    why: "Blocks that are in the blob store, or on their way there, and objects to be deleted.",
    statements: [
      // Runs of blocks: see offload/offloads.ts. `places` is JSON: where each block is in the object, and its SHA-256.
      // `ingested_at` are the times of ingestion of all its events, while the blocks are away.
      `CREATE TABLE offload (
        first_block_id INTEGER PRIMARY KEY,
        last_block_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        places TEXT NOT NULL,
        copied_at INTEGER,
        ingested_at BLOB
      ) STRICT`,
      "CREATE INDEX offload_at_home ON offload (first_block_id) WHERE ingested_at IS NULL",
      `CREATE TABLE blob_deletion (
        key TEXT PRIMARY KEY,
        due_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
];
