/** Sorted runs of events in the database: written once, read once from the front, in chunks of bounded size. */
import type { Position } from "../contract/event-query.ts";
import type { StoredEvent } from "../contract/event.ts";
import { parseLine } from "../log/line.ts";
import { compress, decompress } from "../log/zstd.ts";
import { firstRow, type Sql } from "../sql/sql.ts";

/** An event with what it is ordered by. */
export interface Row extends Position {
  readonly stored: StoredEvent;
}

export interface RunInfo {
  readonly id: number;
  /** How often its events have been merged. */
  readonly level: number;
}

/** Of JSON, before compression. While runs are merged there is one chunk of each in memory. */
const CHUNK_CHARACTERS = 64 * 1024;
const CHUNKS_MAX = 2 ** 24;

export function compareRows(a: Position, b: Position): number {
  return a.occurredAt - b.occurredAt || a.seq - b.seq;
}

export function rowOf(stored: StoredEvent): Row {
  return { occurredAt: Date.parse(stored.event.occurred_at), seq: stored.seq, stored };
}

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
  #lines: string[] = [];
  #characters = 0;
  #chunks = 0;

  constructor(sql: Sql, level: number) {
    this.#sql = sql;
    this.id = (firstRow<{ id: number | null }>(sql, "SELECT max(id) AS id FROM run")?.id ?? 0) + 1;
    sql.run("INSERT INTO run VALUES (?, ?, 0)", this.id, level);
  }

  /** @param rows in order, and after those that were added before. */
  add(rows: readonly Row[]): void {
    for (const { stored } of rows) {
      const line = JSON.stringify(stored);
      this.#lines.push(line);
      this.#characters += line.length;
      if (this.#characters >= CHUNK_CHARACTERS) {
        this.#flush();
      }
    }
  }

  complete(): void {
    this.#flush();
    this.#sql.run("UPDATE run SET is_complete = 1 WHERE id = ?", this.id);
  }

  #flush(): void {
    if (this.#lines.length > 0) {
      const data = compress(new TextEncoder().encode(this.#lines.join("\n")));
      this.#sql.run(
        "INSERT INTO run_chunk VALUES (?, ?)",
        this.id * CHUNKS_MAX + this.#chunks,
        data,
      );
      this.#chunks++;
      this.#lines = [];
      this.#characters = 0;
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

  #skip(after: Position): void {
    while (this.head !== undefined && compareRows(this.head, after) <= 0) {
      this.advance();
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
    this.#rows =
      row === undefined
        ? []
        : new TextDecoder()
            .decode(decompress(row.data))
            .split("\n")
            .map((line) => rowOf(parseLine(line)));
  }
}

/** Removes the chunks of a run before number `end`. */
function dropChunks(sql: Sql, runId: number, end: number): void {
  const first = runId * CHUNKS_MAX;
  sql.run("DELETE FROM run_chunk WHERE id >= ? AND id < ?", first, first + end);
}
