/** Sorted runs of rows in the database: written once, read once from the front, in chunks of bounded size. */
import type { Position } from "../contract/event-query.ts";
import { bytesOf, byteTextOf } from "../kernel/byte-text.ts";
import { compress, decompress } from "../log/zstd.ts";
import { firstRow, type Sql } from "../sql/sql.ts";
import { compareRows, type Row } from "./row.ts";

export interface RunInfo {
  readonly id: number;
  /** How often its rows have been merged. */
  readonly level: number;
}

/** Before compression. There is one chunk of each run in memory. */
const CHUNK_BYTES = 64 * 1024;
const CHUNKS_MAX = 2 ** 24;

/** The runs that are complete. */
export function allRuns(sql: Sql): RunInfo[] {
  const rows = sql.rows<{ id: number; level: number }>(
    "SELECT id, level FROM run WHERE is_complete = 1 ORDER BY id",
  );
  return Array.from(rows, ({ id, level }) => ({ id, level }));
}

/** Removes runs that a process began and did not complete. */
export function dropIncompleteRuns(sql: Sql): void {
  const rows = Array.from(sql.rows<{ id: number }>("SELECT id FROM run WHERE is_complete = 0"));
  rows.forEach(({ id }) => dropRun(sql, id));
}

export function dropRun(sql: Sql, id: number): void {
  sql.run("DELETE FROM run WHERE id = ?", id);
  dropChunks(sql, id, CHUNKS_MAX);
}

/** Writes one run. It counts when it is completed; until then it is as if it were not there. */
export class RunWriter {
  readonly id: number;
  readonly #sql: Sql;
  readonly #level: number;
  #rows: Row[] = [];
  #bytes = 0;
  #chunks = 0;

  constructor(sql: Sql, level: number) {
    this.#sql = sql;
    this.#level = level;
    this.id = (firstRow<{ id: number | null }>(sql, "SELECT max(id) AS id FROM run")?.id ?? 0) + 1;
    sql.run("INSERT INTO run VALUES (?, ?, 0)", this.id, level);
  }

  /** @param rows in order, and after those that were added before. */
  add(rows: readonly Row[]): void {
    for (const row of rows) {
      this.#rows.push(row);
      this.#bytes += row.text.length;
      if (this.#bytes >= CHUNK_BYTES) {
        this.#flush();
      }
    }
  }

  complete(): void {
    this.#flush();
    this.#sql.run("UPDATE run SET is_complete = 1 WHERE id = ?", this.id);
  }

  #flush(): void {
    if (this.#rows.length > 0) {
      const id = this.id * CHUNKS_MAX + this.#chunks;
      this.#sql.run(
        "INSERT INTO run_chunk VALUES (?, ?)",
        id,
        encodeChunk(this.#rows, this.#level),
      );
      this.#chunks++;
      this.#rows = [];
      this.#bytes = 0;
    }
  }
}

/** Reads one run from the front. */
export class RunReader {
  readonly info: RunInfo;
  readonly #sql: Sql;
  #rows: readonly Row[] = [];
  #index = 0;
  #chunk = -1;

  /** @param after rows up to this one have been written already. */
  constructor(sql: Sql, info: RunInfo, after: Position | undefined) {
    this.#sql = sql;
    this.info = info;
    this.#load();
    if (after !== undefined) {
      this.#skip(after);
    }
  }

  /** The next row; undefined when the run is used up. */
  get head(): Row | undefined {
    return this.#rows[this.#index];
  }

  advance(): void {
    this.#index++;
    if (this.#index >= this.#rows.length) {
      this.#load();
    }
  }

  /** Removes from the database what has been read. */
  forgetRead(): void {
    if (this.head === undefined) {
      dropRun(this.#sql, this.info.id);
    } else {
      dropChunks(this.#sql, this.info.id, this.#chunk);
    }
  }

  #skip(after: Position): void {
    while (this.head !== undefined && compareRows(this.head, after) <= 0) {
      this.advance();
    }
  }

  #load(): void {
    const first = this.info.id * CHUNKS_MAX;
    const row = firstRow<{ id: number; data: Uint8Array }>(
      this.#sql,
      "SELECT id, data FROM run_chunk WHERE id > ? AND id < ? ORDER BY id LIMIT 1",
      first + this.#chunk,
      first + CHUNKS_MAX,
    );
    this.#index = 0;
    this.#chunk = row === undefined ? this.#chunk : row.id - first;
    this.#rows = row === undefined ? [] : decodeChunk(row.data, this.info.level);
  }
}

/** Removes the chunks of a run before number `end`. */
function dropChunks(sql: Sql, runId: number, end: number): void {
  const first = runId * CHUNKS_MAX;
  sql.run("DELETE FROM run_chunk WHERE id >= ? AND id < ?", first, first + end);
}

/**
 * Times, seqs and sizes on a line of their own, and the texts behind one another. Only merged runs are compressed: the
 * others are few, and most are read again soon.
 */
function encodeChunk(rows: readonly Row[], level: number): Uint8Array {
  const head = rows.map(({ occurredAt, seq, text }) => [occurredAt, seq, text.length]);
  const bytes = bytesOf(`${JSON.stringify(head)}\n${rows.map(({ text }) => text).join("")}`);
  return level === 0 ? bytes : compress(bytes);
}

function decodeChunk(data: Uint8Array, level: number): Row[] {
  const text = byteTextOf(level === 0 ? data : decompress(data));
  let at = text.indexOf("\n") + 1;
  const head = JSON.parse(text.slice(0, at)) as [number, number, number][];
  return head.map(([occurredAt, seq, size]) => ({
    occurredAt,
    seq,
    text: text.slice(at, (at += size)),
  }));
}
