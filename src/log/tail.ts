import { firstRow, type Sql } from "../sql/sql.ts";
/**
 * The tail: the events that are not sealed yet, one row per commit. Nothing is indexed; the tail is read in order.
 */
import { FINGERPRINT_BYTES } from "./idempotency.ts";

/** Rows stay far under the platform's 2 MB, so a large commit becomes several rows. Counted in UTF-16 units. */
const ROW_CHARACTERS_MAX = 400_000;

export interface Commit {
  readonly firstSeq: number;
  readonly ingestedAt: number;
  readonly lines: readonly string[];
  /** `FINGERPRINT_BYTES` for each line. */
  readonly fingerprints: Uint8Array;
}

export interface TailRow {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly ingestedAt: number;
  readonly lines: readonly string[];
  readonly fingerprints: Uint8Array;
}

type StoredRow = {
  first_seq: number;
  last_seq: number;
  ingested_at: number;
  fingerprints: Uint8Array;
  lines: string;
};

/** @returns the rows that hold the commit. */
export function insertCommit(sql: Sql, commit: Commit): TailRow[] {
  const rows = rowsOf(commit);
  for (const { firstSeq, lastSeq, ingestedAt, fingerprints, lines } of rows) {
    sql.run(
      "INSERT INTO tail (first_seq, last_seq, ingested_at, fingerprints, lines) VALUES (?, ?, ?, ?, ?)",
      firstSeq,
      lastSeq,
      ingestedAt,
      fingerprints,
      lines.join("\n"),
    );
  }
  return rows;
}

function rowsOf({ firstSeq, ingestedAt, lines, fingerprints }: Commit): TailRow[] {
  const rows: TailRow[] = [];
  let start = 0;
  while (start < lines.length) {
    const end = rowEnd(lines, start);
    rows.push({
      firstSeq: firstSeq + start,
      lastSeq: firstSeq + end - 1,
      ingestedAt,
      lines: lines.slice(start, end),
      fingerprints: fingerprints.slice(start * FINGERPRINT_BYTES, end * FINGERPRINT_BYTES),
    });
    start = end;
  }
  return rows;
}

function rowEnd(lines: readonly string[], start: number): number {
  let characters = 0;
  let end = start;
  do {
    characters += (lines[end]?.length ?? 0) + 1;
    end++;
  } while (end < lines.length && characters + (lines[end]?.length ?? 0) <= ROW_CHARACTERS_MAX);
  return end;
}

/** Rows that hold events from `firstSeq` on, oldest first. The first row may begin before it. @param endSeq where rows that are not read begin. */
export function* tailRows(
  sql: Sql,
  firstSeq: number,
  endSeq = Number.MAX_SAFE_INTEGER,
): Iterable<TailRow> {
  const rows = sql.rows<StoredRow>(
    `SELECT first_seq, last_seq, ingested_at, fingerprints, lines FROM tail
     WHERE first_seq >= coalesce((SELECT max(first_seq) FROM tail WHERE first_seq <= ?), 0)
       AND first_seq < ?
     ORDER BY first_seq`,
    firstSeq,
    endSeq,
  );
  for (const row of rows) {
    if (row.last_seq >= firstSeq) {
      yield decode(row);
    }
  }
}

/** The row that holds `seq`, if the tail does. */
export function tailRowOf(sql: Sql, seq: number): TailRow | undefined {
  const row = firstRow<StoredRow>(
    sql,
    `SELECT first_seq, last_seq, ingested_at, fingerprints, lines FROM tail
     WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1`,
    seq,
  );
  return row !== undefined && row.last_seq >= seq ? decode(row) : undefined;
}

/** When the oldest event after `seq` was ingested. */
export function ingestedAfter(sql: Sql, seq: number): number | undefined {
  return firstRow<{ ingested_at: number }>(
    sql,
    "SELECT ingested_at FROM tail WHERE last_seq > ? ORDER BY first_seq LIMIT 1",
    seq,
  )?.ingested_at;
}

/** The seq of the oldest event ingested at `time` or later. Walks from the oldest row, past what has expired. */
export function firstSeqSince(sql: Sql, time: number): number | undefined {
  return firstRow<{ first_seq: number }>(
    sql,
    "SELECT first_seq FROM tail WHERE ingested_at >= ? ORDER BY first_seq LIMIT 1",
    time,
  )?.first_seq;
}

/** Removes the rows whose events are all sealed. A row that reaches beyond stays; its beginning is not read again. */
export function dropTailThrough(sql: Sql, seq: number): void {
  sql.run("DELETE FROM tail WHERE last_seq <= ? AND first_seq <= ?", seq, seq);
}

/** Removes some rows whose events are all purged. @returns false when there were none. */
export function dropTailRows(sql: Sql, purgedSeq: number, limit: number): boolean {
  const rows = sql.rows<{ first_seq: number }>(
    "SELECT first_seq FROM tail WHERE last_seq <= ? ORDER BY first_seq LIMIT ?",
    purgedSeq,
    limit,
  );
  const last = Array.from(rows).at(-1);
  if (last !== undefined) {
    sql.run("DELETE FROM tail WHERE first_seq <= ?", last.first_seq);
  }
  return last !== undefined;
}

function decode(row: StoredRow): TailRow {
  return {
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
    ingestedAt: row.ingested_at,
    lines: row.lines.split("\n"),
    fingerprints: row.fingerprints,
  };
}
