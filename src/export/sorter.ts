/**
 * Puts events into the order (occurred_at, seq) in bounded memory: an external merge sort that sorts only what it must.
 *
 * Events come in order of seq. Those that nothing to come can precede are taken out at once; where the log is in order
 * of time that is all of them. The others are held, in memory while they are few. `spill` moves what is held into a
 * sorted run of the database; runs are merged while they are read, and into fewer runs when they are many.
 */
import type { Position } from "../contract/event-query.ts";
import type { Sql } from "../sql/sql.ts";
import { compareRows, type Row } from "./row.ts";
import {
  allRuns,
  dropIncompleteRuns,
  dropRun,
  type RunInfo,
  RunReader,
  RunWriter,
} from "./runs.ts";

/** What is held in memory: some thousands of rows. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;
/** Runs of one level before they are merged into one of the next. */
const RUNS_MAX = 32;
const MERGE_ROWS = 256;
/** Rows that were taken and still lie before the others in memory. */
const FORGET_ROWS = 4_096;

export interface SorterOptions {
  readonly heldBytesMax?: number;
  readonly runsMax?: number;
}

export class Sorter {
  readonly #sql: Sql;
  readonly #heldBytesMax: number;
  readonly #runsMax: number;
  /** Sorted from `#next` on unless `#isSorted` says otherwise; what is before has been taken. */
  #held: Row[] = [];
  #next = 0;
  #isSorted = true;
  #heldBytes = 0;
  #runs: RunReader[];
  #last: Position | undefined;

  /** @param last the event that was taken out last, as of the database. */
  constructor(sql: Sql, last: Position | undefined, options: SorterOptions = {}) {
    this.#sql = sql;
    this.#last = last;
    this.#heldBytesMax = options.heldBytesMax ?? HELD_BYTES_MAX;
    this.#runsMax = options.runsMax ?? RUNS_MAX;
    sql.transaction(() => dropIncompleteRuns(sql));
    this.#runs = allRuns(sql).map((info) => new RunReader(sql, info, last));
  }

  /** The event that was taken out last. */
  get last(): Position | undefined {
    return this.#last;
  }

  /** More than should be in memory is held: time to spill. */
  get isFull(): boolean {
    return this.#heldBytes >= this.#heldBytesMax;
  }

  add(row: Row): void {
    const before = this.#held.at(-1);
    this.#isSorted &&= before === undefined || compareRows(before, row) < 0;
    this.#held.push(row);
    this.#heldBytes += row.text.length;
  }

  /** The next rows in order, about so many bytes of them, of what occurred at `horizon` or earlier. */
  take(horizon: number, bytes: number): Row[] {
    this.#sort();
    const taken: Row[] = [];
    for (let size = 0; size < bytes;) {
      const run = firstRun(this.#runs);
      const held = this.#held[this.#next];
      const isFromRun =
        run?.head !== undefined && (held === undefined || compareRows(run.head, held) < 0);
      const row = isFromRun ? run.head : held;
      if (row === undefined || row.occurredAt > horizon) {
        break;
      }
      taken.push(row);
      size += row.text.length;
      this.#last = row;
      if (isFromRun) {
        run.advance();
      } else {
        this.#heldBytes -= row.text.length;
        this.#next++;
      }
    }
    this.#forgetTaken();
    return taken;
  }

  /**
   * Moves what is held in memory into the database and removes from it what was taken. To be called within the
   * transaction that makes durable what became of the events that were taken.
   */
  spill(): void {
    this.#runs.forEach((run) => run.forgetRead());
    this.#runs = this.#runs.filter(({ head }) => head !== undefined);
    this.#sort();
    const rows = this.#held.slice(this.#next);
    if (rows.length > 0) {
      this.#runs.push(this.#write(rows));
    }
    this.#held = [];
    this.#next = 0;
    this.#heldBytes = 0;
  }

  /**
   * Merges runs until there are few of each level. To be called when nothing is held in memory.
   *
   * @param pause is called between bounded steps.
   */
  async merge(pause: () => Promise<void>): Promise<void> {
    for (let level = 0; this.#runs.some(({ info }) => info.level >= level); level++) {
      const runs = this.#runs.filter(({ info }) => info.level === level);
      if (runs.length >= this.#runsMax) {
        await this.#mergeRuns(runs, level + 1, pause);
      }
    }
  }

  async #mergeRuns(
    runs: readonly RunReader[],
    level: number,
    pause: () => Promise<void>,
  ): Promise<void> {
    const writer = new RunWriter(this.#sql, level);
    for (;;) {
      const rows = takeFromRuns(runs, MERGE_ROWS);
      if (rows.length === 0) {
        break;
      }
      writer.add(rows);
      await pause();
    }
    this.#sql.transaction(() => {
      writer.complete();
      runs.forEach(({ info }) => dropRun(this.#sql, info.id));
    });
    this.#runs = this.#runs.filter((run) => !runs.includes(run));
    this.#runs.push(this.#open({ id: writer.id, level }));
  }

  #write(rows: readonly Row[]): RunReader {
    const writer = new RunWriter(this.#sql, 0);
    writer.add(rows);
    writer.complete();
    return this.#open({ id: writer.id, level: 0 });
  }

  #open(info: RunInfo): RunReader {
    return new RunReader(this.#sql, info, this.#last);
  }

  #sort(): void {
    if (!this.#isSorted) {
      this.#held = this.#held.slice(this.#next).sort(compareRows);
      this.#next = 0;
      this.#isSorted = true;
    }
  }

  #forgetTaken(): void {
    if (this.#next === this.#held.length || this.#next >= FORGET_ROWS) {
      this.#held.splice(0, this.#next);
      this.#next = 0;
    }
  }
}

function takeFromRuns(runs: readonly RunReader[], limit: number): Row[] {
  const rows: Row[] = [];
  while (rows.length < limit) {
    const run = firstRun(runs);
    if (run?.head === undefined) {
      break;
    }
    rows.push(run.head);
    run.advance();
  }
  return rows;
}

/** The run whose next row is the first of all. */
function firstRun(runs: readonly RunReader[]): RunReader | undefined {
  let first: RunReader | undefined;
  for (const run of runs) {
    if (
      run.head !== undefined &&
      (first?.head === undefined || compareRows(run.head, first.head) < 0)
    ) {
      first = run;
    }
  }
  return first;
}
