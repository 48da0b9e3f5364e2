/**
 * The fingerprints of the last 24 hours, in bounded memory however many they are.
 *
 * The newest are in a map, exactly. As blocks are sealed their fingerprints move to the database, a row a block; every
 * 64 rows get a Bloom filter (four bytes a fingerprint, a false alarm in two hundred thousand), so that a new fingerprint
 * is told from all of them without reading any, and a replay reads one group of rows. False alarms have to be that rare:
 * a busy day has dozens of groups, and each costs half a millisecond. Filters are filled, and the map emptied of what is
 * in one, a few rows with each block: an append does not wait for 16,384 fingerprints at once.
 */
import { Buffer } from "node:buffer";
import type { Sql } from "../sql/sql.ts";
import { FINGERPRINT_BYTES, keysOf } from "./idempotency.ts";

const GROUP_RUNS = 64;
/** Four bytes for each fingerprint of 64 blocks. */
const FILTER_BYTES = 65_536;
const FILTER_PROBES = 8;
/** Rows that are put into a filter with each block that is sealed, and rows that leave the map: one in the long run. */
const RUNS_A_BLOCK = 2;

interface Group {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lastIngestedAt: number;
  readonly bits: Uint8Array;
}

/** A group to which runs are still added. */
interface Filling {
  readonly firstSeq: number;
  readonly bits: Uint8Array;
  lastSeq: number;
  lastIngestedAt: number;
  runs: number;
}

type RunRow = { first_seq: number; last_ingested_at: number; fingerprints: Uint8Array };

type GroupRow = { first_seq: number; last_seq: number; last_ingested_at: number; bits: Uint8Array };

export class IdempotencyWindow {
  readonly #sql: Sql;
  readonly #recent = new Map<string, number>();
  /** Newest first, because a replay is most often of something recent. */
  #groups: Group[];
  /** The runs of the group in which a replay was found last: a batch that comes again was stored together. */
  #lastRead: { readonly group: Group; readonly runs: readonly RunRow[] } | undefined;
  /** The group that comes next, as far as its filter is filled. */
  #filling: Filling | undefined;
  /** Runs up to this seq are in groups, … */
  #groupedSeq: number;
  /** … and up to this one not in `recent` any more. */
  #forgottenSeq: number;

  /** Reads what was stored. Later commits are told to it by `add`. */
  constructor(sql: Sql) {
    this.#sql = sql;
    this.#groups = readGroups(sql);
    this.#groupedSeq = this.#groups[0]?.lastSeq ?? 0;
    this.#forgottenSeq = this.#groupedSeq;
    for (const run of readRuns(sql, this.#groupedSeq + 1, Number.MAX_SAFE_INTEGER)) {
      eachOfRun(run, (key, seq) => this.#recent.set(key, seq));
    }
    this.#readTail();
  }

  /**
   * The seq that carried this fingerprint last. Whether that was within the window is for the caller to see, who has
   * the event's time; what is known to have been before `since` is not looked for.
   */
  find(key: string, since: number): number | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) {
      return recent;
    }
    for (const group of this.#groups) {
      if (group.lastIngestedAt >= since && mayHold(group.bits, key)) {
        const seq = this.#findInRuns(group, key);
        if (seq !== undefined) {
          return seq;
        }
      }
    }
    return undefined;
  }

  /**
   * @param fingerprints of the events that were stored from `firstSeq` on, and of no others: what is remembered is cut out
   * of them, and keeps all of them in memory.
   */
  add(firstSeq: number, fingerprints: Uint8Array): void {
    eachOfRun({ first_seq: firstSeq, fingerprints }, (key, seq) => this.#recent.set(key, seq));
  }

  /** A block was sealed: goes on with the filter of the next group, and forgets what is older than `since`. */
  sealed(since: number): void {
    this.#lastRead = undefined;
    this.#groups = this.#groups.filter((group) => group.lastIngestedAt >= since);
    this.#deleteBefore(since);
    const lastFilled = this.#filling?.lastSeq ?? this.#groupedSeq;
    for (const run of readRuns(this.#sql, lastFilled + 1, Number.MAX_SAFE_INTEGER, RUNS_A_BLOCK)) {
      this.#fill(run);
    }
    for (const run of readRuns(this.#sql, this.#forgottenSeq + 1, this.#groupedSeq, RUNS_A_BLOCK)) {
      this.#forget(run);
    }
  }

  #fill(run: RunRow): void {
    const filling = (this.#filling ??= newFilling(run));
    eachOfRun(run, (key) => addTo(filling.bits, key));
    filling.lastSeq = lastSeqOf(run);
    filling.lastIngestedAt = run.last_ingested_at;
    filling.runs++;
    if (filling.runs === GROUP_RUNS) {
      this.#close(filling);
    }
  }

  #close(group: Group): void {
    this.#sql.run(
      "INSERT INTO fingerprint_filter VALUES (?, ?, ?, ?)",
      group.firstSeq,
      group.lastSeq,
      group.lastIngestedAt,
      group.bits,
    );
    this.#groups.unshift(group);
    this.#groupedSeq = group.lastSeq;
    this.#filling = undefined;
  }

  #forget(run: RunRow): void {
    const lastSeq = lastSeqOf(run);
    eachOfRun(run, (key) => {
      // A fingerprint that came again after its window has passed belongs to a later event.
      if ((this.#recent.get(key) ?? Infinity) <= lastSeq) {
        this.#recent.delete(key);
      }
    });
    this.#forgottenSeq = Math.max(this.#forgottenSeq, lastSeq);
  }

  /** Both tables are in order of time, so what has expired stands first and few rows are looked at. */
  #deleteBefore(since: number): void {
    for (const run of readRuns(this.#sql, 0, Number.MAX_SAFE_INTEGER, RUNS_A_BLOCK)) {
      if (run.last_ingested_at < since) {
        this.#forget(run);
        this.#sql.run("DELETE FROM fingerprint_run WHERE first_seq = ?", run.first_seq);
      }
    }
    this.#sql.run(
      `DELETE FROM fingerprint_filter WHERE last_ingested_at < ? AND first_seq IN
         (SELECT first_seq FROM fingerprint_filter ORDER BY first_seq LIMIT ${RUNS_A_BLOCK})`,
      since,
    );
  }

  #findInRuns(group: Group, key: string): number | undefined {
    const wanted = Buffer.from(key, "latin1");
    let found: number | undefined;
    if (this.#lastRead?.group !== group) {
      this.#lastRead = { group, runs: readRuns(this.#sql, group.firstSeq, group.lastSeq) };
    }
    for (const { first_seq, fingerprints } of this.#lastRead.runs) {
      const index = lastIndexIn(fingerprints, wanted);
      found = index === undefined ? found : first_seq + index;
    }
    return found;
  }

  #readTail(): void {
    const rows = this.#sql.rows<{ first_seq: number; fingerprints: Uint8Array }>(
      "SELECT first_seq, fingerprints FROM tail ORDER BY first_seq",
    );
    for (const row of rows) {
      eachOfRun(row, (key, seq) => this.#recent.set(key, seq));
    }
  }
}

function readGroups(sql: Sql): Group[] {
  const rows = sql.rows<GroupRow>("SELECT * FROM fingerprint_filter ORDER BY first_seq DESC");
  return Array.from(rows, (row) => ({
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
    lastIngestedAt: row.last_ingested_at,
    bits: row.bits,
  }));
}

/** Read whole, because most readers write while they go through them. */
function readRuns(
  sql: Sql,
  firstSeq: number,
  lastSeq: number,
  limit = Number.MAX_SAFE_INTEGER,
): RunRow[] {
  return Array.from(
    sql.rows<RunRow>(
      "SELECT * FROM fingerprint_run WHERE first_seq BETWEEN ? AND ? ORDER BY first_seq LIMIT ?",
      firstSeq,
      lastSeq,
      limit,
    ),
  );
}

function lastSeqOf(run: RunRow): number {
  return run.first_seq + run.fingerprints.byteLength / FINGERPRINT_BYTES - 1;
}

function newFilling({ first_seq, last_ingested_at }: RunRow): Filling {
  return {
    firstSeq: first_seq,
    lastSeq: first_seq - 1,
    lastIngestedAt: last_ingested_at,
    bits: new Uint8Array(FILTER_BYTES),
    runs: 0,
  };
}

function eachOfRun(
  run: Pick<RunRow, "first_seq" | "fingerprints">,
  visit: (key: string, seq: number) => void,
): void {
  keysOf(run.fingerprints).forEach((key, index) => visit(key, run.first_seq + index));
}

/** The number of the last of these fingerprints that is the wanted one. Bytes are searched, no texts made. */
function lastIndexIn(
  { buffer, byteOffset, byteLength }: Uint8Array,
  wanted: Uint8Array,
): number | undefined {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  let at = bytes.lastIndexOf(wanted);
  // What begins within one fingerprint and ends in the next is none.
  while (at % FINGERPRINT_BYTES > 0) {
    at = bytes.lastIndexOf(wanted, at - 1);
  }
  return at < 0 ? undefined : at / FINGERPRINT_BYTES;
}

function addTo(bits: Uint8Array, key: string): void {
  eachProbe(key, bits.byteLength * 8, (bit) => {
    bits[bit >>> 3] = (bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
    return 1;
  });
}

function mayHold(bits: Uint8Array, key: string): boolean {
  return eachProbe(key, bits.byteLength * 8, (bit) => ((bits[bit >>> 3] ?? 0) >>> (bit & 7)) & 1);
}

/** Stops at the first probe that answers 0. A fingerprint is a hash, so its own bits are the probes. */
function eachProbe(key: string, size: number, probe: (bit: number) => number): boolean {
  let bit = word(key, 0);
  const step = word(key, 4) | 1;
  for (let number = 0; number < FILTER_PROBES; number++) {
    // Sizes are powers of two.
    if (probe(bit & (size - 1)) === 0) {
      return false;
    }
    bit = (bit + step) | 0;
  }
  return true;
}

function word(key: string, at: number): number {
  return (
    key.charCodeAt(at) |
    (key.charCodeAt(at + 1) << 8) |
    (key.charCodeAt(at + 2) << 16) |
    (key.charCodeAt(at + 3) << 24)
  );
}
