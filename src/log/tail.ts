/**
 * The tail: the events that are not sealed yet, in rows of one commit, or of several small ones. Nothing is indexed; the
 * tail is read in order.
 */
import { firstRow, type Sql } from "../sql/sql.ts";
import { FINGERPRINT_BYTES } from "./idempotency.ts";
import { parseLine } from "./line.ts";
import { concatenate } from "./zstd.ts";

/** Rows stay far under the platform's 2 MB, so a large commit becomes several rows. Counted in UTF-16 units. */
const ROW_CHARACTERS_MAX = 400_000;

/**
 * A small commit is added to the newest row while that stays as small as this: what is deleted when it is sealed is
 * counted, and billed, as what is written. The number of events may grow in a later version, and never shrink: a row of
 * more is known to be of one commit.
 */
const SHARED_EVENTS_MAX = 8;
const SHARED_CHARACTERS_MAX = 6_000;

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
  /** When the newest of its events was ingested. */
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

/** Writes commits. It remembers the newest row, to which the next may be added, while that is small. */
export class TailWriter {
  readonly #sql: Sql;
  #newest: TailRow | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** @param sealedSeq everything up to it is in blocks. @returns the rows that hold the commit, also new in place of old. */
  insert(commit: Commit, sealedSeq: number): TailRow[] {
    // A row that is sealed has been deleted.
    const newest = (this.#newest?.lastSeq ?? 0) > sealedSeq ? this.#newest : undefined;
    const extended = newest && joined(newest, commit);
    if (extended !== undefined) {
      extendRow(this.#sql, extended.firstSeq, commit);
      this.#newest = extended;
      return [extended];
    }
    const rows = rowsOf(commit);
    rows.forEach((row) => insertRow(this.#sql, row));
    const last = rows.at(-1);
    this.#newest = last !== undefined && isSmall(last.lines) ? last : undefined;
    return rows;
  }

  /** Rows were deleted, or cut. */
  forget(): void {
    this.#newest = undefined;
  }
}

function insertRow(sql: Sql, row: TailRow): void {
  sql.run(
    "INSERT INTO tail (first_seq, last_seq, ingested_at, fingerprints, lines) VALUES (?, ?, ?, ?, ?)",
    row.firstSeq,
    row.lastSeq,
    row.ingestedAt,
    row.fingerprints,
    row.lines.join("\n"),
  );
}

/** What is in the row already is put together in SQLite, which takes less than giving it all again. */
function extendRow(sql: Sql, rowSeq: number, commit: Commit): void {
  const row = firstRow(
    sql,
    `UPDATE tail SET last_seq = ?, ingested_at = ?, fingerprints = CAST(fingerprints || ? AS BLOB),
       lines = lines || char(10) || ?
     WHERE first_seq = ? RETURNING first_seq`,
    commit.firstSeq + commit.lines.length - 1,
    commit.ingestedAt,
    commit.fingerprints,
    commit.lines.join("\n"),
    rowSeq,
  );
  if (row === undefined) {
    throw new Error(`The tail has no row ${rowSeq} to add to.`);
  }
}

/** A row with the commit that follows it. Undefined when it would not be small. */
function joined(row: TailRow, commit: Commit): TailRow | undefined {
  const lines = [...row.lines, ...commit.lines];
  // The transaction in which the row was written may have failed.
  const follows = row.lastSeq + 1 === commit.firstSeq;
  return follows && isSmall(lines)
    ? {
        firstSeq: row.firstSeq,
        lastSeq: row.firstSeq + lines.length - 1,
        ingestedAt: commit.ingestedAt,
        lines,
        fingerprints: concatenate([row.fingerprints, commit.fingerprints]),
      }
    : undefined;
}

function isSmall(lines: readonly string[]): boolean {
  const characters = lines.reduce((sum, { length }) => sum + length + 1, 0);
  return lines.length <= SHARED_EVENTS_MAX && characters <= SHARED_CHARACTERS_MAX;
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

type TimedRow = { first_seq: number; ingested_at: number; lines: string | null };

/** With the lines of a row whose events may have been ingested at several times. */
const TIMED_COLUMNS = `first_seq, ingested_at,
  CASE WHEN last_seq - first_seq < ${SHARED_EVENTS_MAX} THEN lines END AS lines`;

/** When the oldest event after `seq` was ingested. */
export function ingestedAfter(sql: Sql, seq: number): number | undefined {
  const row = firstRow<TimedRow>(
    sql,
    `SELECT ${TIMED_COLUMNS} FROM tail WHERE last_seq > ? ORDER BY first_seq LIMIT 1`,
    seq,
  );
  const line = row?.lines?.split("\n")[Math.max(0, seq + 1 - row.first_seq)];
  return line === undefined ? row?.ingested_at : timeOf(line);
}

/** The seq of the oldest event ingested at `time` or later. Walks from the oldest row, past what has expired. */
export function firstSeqSince(sql: Sql, time: number): number | undefined {
  const row = firstRow<TimedRow>(
    sql,
    `SELECT ${TIMED_COLUMNS} FROM tail WHERE ingested_at >= ? ORDER BY first_seq LIMIT 1`,
    time,
  );
  const skipped = row?.lines?.split("\n").findIndex((line) => timeOf(line) >= time) ?? 0;
  return row && row.first_seq + skipped;
}

function timeOf(line: string): number {
  return Date.parse(parseLine(line).ingested_at);
}

/** Removes the rows whose events are all sealed. A row that reaches beyond stays; its beginning is not read again. */
export function dropTailThrough(sql: Sql, seq: number): void {
  sql.run("DELETE FROM tail WHERE last_seq <= ? AND first_seq <= ?", seq, seq);
}

/** Removes some rows whose events are all purged, or the beginning of one. @returns false when there were none. */
export function dropTailRows(sql: Sql, purgedSeq: number, limit: number): boolean {
  const rows = sql.rows<{ first_seq: number }>(
    "SELECT first_seq FROM tail WHERE last_seq <= ? ORDER BY first_seq LIMIT ?",
    purgedSeq,
    limit,
  );
  const last = Array.from(rows).at(-1);
  if (last === undefined) {
    return cutTailRow(sql, purgedSeq);
  }
  sql.run("DELETE FROM tail WHERE first_seq <= ?", last.first_seq);
  return true;
}

function cutTailRow(sql: Sql, purgedSeq: number): boolean {
  const row = tailRowOf(sql, purgedSeq);
  if (row === undefined) {
    return false;
  }
  const purged = purgedSeq + 1 - row.firstSeq;
  sql.run("DELETE FROM tail WHERE first_seq = ?", row.firstSeq);
  insertRow(sql, {
    ...row,
    firstSeq: purgedSeq + 1,
    lines: row.lines.slice(purged),
    fingerprints: row.fingerprints.slice(purged * FINGERPRINT_BYTES),
  });
  return true;
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
