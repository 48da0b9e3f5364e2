/** How far an export is, in the database. A process that takes over goes on from exactly here. */
import type { PartReceipt, UploadTicket } from "../blob/blob-upload.ts";
import type { Position } from "../contract/event-query.ts";
import { firstRow, type Sql } from "../sql/sql.ts";

export interface Progress {
  /** The log has been read up to here. */
  readonly nextSeq: number;
  /** The event that was written last. */
  readonly last: Position | undefined;
  /** Events that were written. */
  readonly events: number;
  /** Events of the snapshot that had left the log before they were read. */
  readonly purged: number;
}

/** A part that the blob store has. */
export interface StoredPart extends PartReceipt {
  /** In hex. */
  readonly sha256: string;
}

/** What was written into the file so far, and where it is. */
export interface StoredOutput {
  readonly upload: UploadTicket | undefined;
  readonly parts: readonly StoredPart[];
  /** What comes after the parts. */
  readonly pending: readonly Uint8Array[];
}

type ProgressRow = {
  next_seq: number;
  cursor_occurred_at: number | null;
  cursor_seq: number | null;
  events: number;
  purged: number;
  upload: string | null;
};

/** Rows stay under the platform's 2 MB. */
const PIECE_BYTES_MAX = 1_000_000;

/** Undefined when nothing has been done yet. */
export function readProgress(sql: Sql): Progress | undefined {
  const row = firstRow<ProgressRow>(sql, "SELECT * FROM progress");
  return (
    row && {
      nextSeq: row.next_seq,
      last:
        row.cursor_occurred_at === null || row.cursor_seq === null
          ? undefined
          : { occurredAt: row.cursor_occurred_at, seq: row.cursor_seq },
      events: row.events,
      purged: row.purged,
    }
  );
}

/** To be called within a transaction. */
export function writeProgress(sql: Sql, { nextSeq, last, events, purged }: Progress): void {
  sql.run(
    `INSERT INTO progress VALUES (1, ?, ?, ?, ?, ?, NULL)
     ON CONFLICT DO UPDATE SET next_seq = excluded.next_seq, events = excluded.events,
       cursor_occurred_at = excluded.cursor_occurred_at, cursor_seq = excluded.cursor_seq,
       purged = excluded.purged`,
    nextSeq,
    last?.occurredAt ?? null,
    last?.seq ?? null,
    events,
    purged,
  );
}

export function readOutput(sql: Sql): StoredOutput {
  const upload = firstRow<ProgressRow>(sql, "SELECT * FROM progress")?.upload ?? null;
  const pending = sql.rows<{ data: Uint8Array }>("SELECT data FROM pending ORDER BY piece");
  return {
    upload: upload === null ? undefined : (JSON.parse(upload) as UploadTicket),
    parts: Array.from(
      sql.rows<StoredPart & Record<string, string | number>>("SELECT * FROM part ORDER BY part"),
    ),
    pending: Array.from(pending, ({ data }) => data),
  };
}

export function writeUpload(sql: Sql, upload: UploadTicket): void {
  sql.run("UPDATE progress SET upload = ?", JSON.stringify(upload));
}

export function addPart(sql: Sql, { part, size, tag, sha256 }: StoredPart): void {
  sql.run("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)", part, size, tag, sha256);
}

export function writePending(sql: Sql, pending: Uint8Array): void {
  sql.run("DELETE FROM pending");
  for (let at = 0; at < pending.byteLength; at += PIECE_BYTES_MAX) {
    sql.run(
      "INSERT INTO pending VALUES (?, ?)",
      at / PIECE_BYTES_MAX,
      pending.slice(at, at + PIECE_BYTES_MAX),
    );
  }
}

/** Back to the beginning. */
export function clearProgress(sql: Sql): void {
  for (const table of ["progress", "part", "pending", "run", "run_chunk"]) {
    sql.run(`DELETE FROM ${table}`);
  }
}
