/**
 * The log engine: one tenant's events in one SQLite database.
 *
 * It owns append, idempotency, sealing, reading, search, statistics and purging. It knows nothing of Durable Objects,
 * HTTP or the network, and reads no clock: the time is an argument. Everything is synchronous. How it works is told in
 * `docs/architecture.md`; the wire shapes are those of `contract/`.
 */
import type { EventFilter, EventQuery } from "../contract/event-query.ts";
import type { AuditEvent } from "../contract/event.ts";
import type { StatsQuery } from "../contract/stats.ts";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { seqOfEventId } from "../kernel/event-id.ts";
import { IDEMPOTENCY_WINDOW_MS } from "../kernel/limits.ts";
import type { Json } from "../kernel/strict-json.ts";
import type { Query } from "../query/query.ts";
import { whereOf } from "../query/where.ts";
import { firstRow, type Sql } from "../sql/sql.ts";
import { admit, type AppendRequest } from "./admission.ts";
import { type BlockLines, openBlock } from "./block-lines.ts";
import {
  type BlockInfo,
  encodedBlock,
  type Extent,
  findBlock,
  firstBlockSince,
  oldestBlock,
} from "./blocks.ts";
import { type AppendReceipt, CommitBuilder, type LogOptions } from "./commit.ts";
import { type EncodedRequest, type EncodedRun, readRun, sealedExtents } from "./encoded.ts";
import { type FetchedBlocks, NOTHING_FETCHED, OUT_OF_REACH } from "./fetched-blocks.ts";
import { Geometry } from "./geometry.ts";
import { IdempotencyWindow } from "./idempotency-window.ts";
import { fingerprintOf } from "./idempotency.ts";
import { parseLine } from "./line.ts";
import { timesOfBlock } from "./offload/offloads.ts";
import type { EventPage } from "./page.ts";
import {
  beginPurgeRun,
  endPurgeRun,
  findPurgeRun,
  PURGE_STEP_ROWS,
  purgedEvent,
  purgedSeq,
  purgeStep,
  retentionCutoff,
} from "./retention.ts";
import { Sealer } from "./seal.ts";
import { SEARCH_BLOCKS_MAX, searchLog } from "./search.ts";
import { SegmentRewriter } from "./segment-rewrite.ts";
import { allSegments, type SegmentInfo } from "./segments.ts";
import { LogCount, type LogStats } from "./stats.ts";
import { firstSeqSince, ingestedAfter, tailRowOf, tailRows, TailWriter } from "./tail.ts";
import { mergeIndexStep } from "./term-index.ts";
import type { ReadScope } from "./units.ts";

export type { AppendRequest };

/** A run of consecutive stored lines. */
export interface LineRun {
  readonly firstSeq: number;
  readonly lines: readonly string[];
}

/** One group commit: the receipts of each request, and the lines that are new. */
export interface CommitResult extends LineRun {
  readonly receipts: readonly (readonly AppendReceipt[])[];
}

/** Does one step. @returns the answer after the last. A step that lacked a block is to be done again. */
export type StatsSteps = (fetched: FetchedBlocks) => LogStats | undefined;

export interface PurgeProgress {
  readonly done: boolean;
  readonly record: LineRun;
  /** The purge goes on when the run of this block was brought home (`offload/offload-step.ts`). */
  readonly awayBlockId?: number | undefined;
}

/** Where lines are read from: a block, or a row of the tail. */
type StoredLines = Pick<BlockLines, "firstSeq" | "count" | "at">;

/** What `after` reads at once: enough to be efficient, little enough to hold in memory for each reader. */
const RUN_CHARACTERS = 256 * 1024;
/** Pages of the index that are merged in a step of the purge. */
const MERGE_PAGES = 16;
/** What a quiet log's index has in all. A busy one's is merged as blocks are sealed. */
const MERGES_OF_PURGE_MAX = 32;

export class Log {
  readonly #sql: Sql;
  readonly #options: LogOptions;
  readonly #geometry: Geometry;
  readonly #tail: TailWriter;
  readonly #sealer: Sealer;
  /** For the purge, and how often the run under way has merged the index, where words of purged blocks still are. */
  readonly #trimmer: SegmentRewriter;
  #merges = 0;
  #segments: SegmentInfo[];
  #headSeq: number;
  #headIngestedAt: number;
  #purgedSeq: number;
  /** Read at the first append, so that waking up to read costs nothing. */
  #window: IdempotencyWindow | undefined;
  /** Ingestion times in the block where visible events begin, as it was read last. */
  #edge: { readonly block: BlockInfo; readonly times: readonly number[] } | undefined;

  /** @param sql a database on which `LOG_MIGRATIONS` have run. */
  constructor(sql: Sql, options: LogOptions) {
    this.#sql = sql;
    this.#options = options;
    const head = firstRow<{ seq: number; ingested_at: number }>(
      sql,
      `SELECT * FROM (SELECT last_seq AS seq, ingested_at FROM tail ORDER BY first_seq DESC LIMIT 1)
       UNION ALL SELECT * FROM (SELECT last_seq, last_ingested_at FROM block ORDER BY id DESC LIMIT 1)
       UNION ALL SELECT purged_seq, purged_ingested_at FROM purge
       ORDER BY 1 DESC LIMIT 1`,
    );
    this.#headSeq = head?.seq ?? 0;
    this.#headIngestedAt = head?.ingested_at ?? 0;
    this.#segments = allSegments(sql);
    this.#geometry = options.geometry ?? new Geometry();
    this.#purgedSeq = purgedSeq(sql);
    this.#tail = new TailWriter(sql);
    this.#sealer = new Sealer(sql, this.#geometry, this.#purgedSeq);
    this.#trimmer = new SegmentRewriter(sql, this.#geometry);
  }

  /** The seq of the newest event; 0 before the first. */
  get headSeq(): number {
    return this.#headSeq;
  }

  /** The seq of the oldest event that has not expired, or the next seq when there is none. */
  oldestSeq(cutoff: number): number {
    return Math.max(this.#purgedSeq + 1, this.#firstSeqSince(cutoff));
  }

  /** When the oldest event that has not expired was ingested. */
  oldestVisibleAt(cutoff: number): number | undefined {
    const seq = this.oldestSeq(cutoff);
    const block =
      seq <= this.#sealer.sealedSeq ? findBlock(this.#sql, this.#geometry.blockOf(seq)) : undefined;
    return block === undefined
      ? ingestedAfter(this.#sql, seq - 1)
      : this.#timesIn(block)[seq - block.firstSeq];
  }

  /** When the oldest event that is still stored was ingested, expired or not. */
  oldestIngestedAt(): number | undefined {
    return oldestBlock(this.#sql)?.firstIngestedAt ?? ingestedAfter(this.#sql, 0);
  }

  /** Stores every request in one transaction. seq has no gaps, ingested_at never goes back. */
  append(requests: readonly AppendRequest[], now: number): CommitResult {
    const window = (this.#window ??= new IdempotencyWindow(this.#sql));
    const ingestedAt = Math.max(now, this.#headIngestedAt);
    const commit = new CommitBuilder(this.#options, this.#headSeq + 1, ingestedAt);
    const since = now - IDEMPOTENCY_WINDOW_MS;
    // What is in the blob store is older than the window: see `offload/offload-step.ts`.
    const admission = { commit, window, since, storedLineAt: this.#lineReader(OUT_OF_REACH) };
    const receipts = requests.map((request) => admit(request, admission));
    if (commit.lines.length > 0) {
      const { sealedSeq } = this.#sealer;
      const rows = this.#sql.transaction(() => this.#tail.insert(commit, sealedSeq));
      this.#headSeq = commit.firstSeq + commit.lines.length - 1;
      this.#headIngestedAt = commit.ingestedAt;
      this.#sealer.appended(rows);
      window.add(commit.firstSeq, commit.fingerprints);
    }
    return { receipts, firstSeq: commit.firstSeq, lines: commit.lines };
  }

  /** How many steps of sealing there are to do: for whole blocks in the tail, and for segments to join. */
  get sealable(): number {
    return this.#sealer.stepsLeft(this.#headSeq, this.#segments);
  }

  /** One step of sealing, of two or three milliseconds. Changes nothing that can be read. */
  sealStep(now: number): void {
    this.#seal(now, () => this.#sealer.step(this.#segments));
  }

  /** When the oldest event that is not sealed was ingested; undefined when all are sealed. */
  get unsealedSince(): number | undefined {
    return ingestedAfter(this.#sql, this.#sealer.sealedSeq);
  }

  /** One step, as `sealStep` is, of sealing what is in the tail, when nothing is `sealable`, as the beginning of a block. */
  sealTailStep(now: number): void {
    if (this.#headSeq > this.#sealer.sealedSeq) {
      this.#seal(now, () => this.#sealer.stepOfBeginning(this.#headSeq));
    }
  }

  #seal(now: number, step: () => SegmentInfo | undefined): void {
    const window = (this.#window ??= new IdempotencyWindow(this.#sql));
    const { sealedSeq } = this.#sealer;
    const segment = step();
    if (segment !== undefined) {
      this.#segments = withSegment(this.#segments, segment);
    }
    if (this.#sealer.sealedSeq === sealedSeq) {
      return;
    }
    if (segment === undefined) {
      // A block that had columns when it was begun may have become too large for them.
      this.#segments = allSegments(this.#sql);
    }
    window.sealed(now - IDEMPOTENCY_WINDOW_MS);
  }

  /** The stored line of an event, unless it is unknown, of another log, or expired. */
  get(id: string, cutoff: number, fetched = NOTHING_FETCHED): string | undefined {
    const seq = seqOfEventId(id);
    if (seq === undefined || seq > this.#headSeq || seq < this.oldestSeq(cutoff)) {
      return undefined;
    }
    const line = this.#lineReader(fetched)(seq);
    return line !== undefined && parseLine(line).id === id ? line : undefined;
  }

  search(query: EventQuery, cutoff: number, fetched = NOTHING_FETCHED): EventPage {
    return searchLog(this.#sql, query, this.#whereOf(query.filter), this.#scope(cutoff, fetched));
  }

  /** A count that goes on by steps, between which anything may happen to the log. */
  count(query: StatsQuery, cutoff: number): StatsSteps {
    const where = this.#whereOf(query.filter);
    const scope = (fetched: FetchedBlocks) => this.#scope(cutoff, fetched);
    const count = new LogCount(this.#sql, query, where, scope(NOTHING_FETCHED));
    return (fetched) => count.step(scope(fetched), this.#options.countStepBlocks);
  }

  /** All steps of a count at once. */
  stats(query: StatsQuery, cutoff: number): LogStats {
    const step = this.count(query, cutoff);
    for (;;) {
      const stats = step(NOTHING_FETCHED);
      if (stats !== undefined) {
        return stats;
      }
    }
  }

  /**
   * Stored lines that follow `seq`, oldest first and without a gap: some, not all, of those that have not expired.
   * Empty at the head.
   */
  after(seq: number, cutoff: number, fetched = NOTHING_FETCHED): LineRun {
    const firstSeq = Math.max(seq + 1, this.oldestSeq(cutoff));
    const block =
      firstSeq <= this.#sealer.sealedSeq
        ? findBlock(this.#sql, this.#geometry.blockOf(firstSeq))
        : undefined;
    if (block !== undefined) {
      const opened = this.#openBlock(block.id, fetched);
      const skipped = firstSeq - block.firstSeq;
      const length = Math.max(0, (opened?.count ?? 0) - skipped);
      return {
        firstSeq,
        lines: Array.from({ length }, (_, index) => opened?.at(skipped + index) ?? ""),
      };
    }
    const lines: string[] = [];
    let characters = 0;
    for (const row of tailRows(this.#sql, firstSeq)) {
      for (const line of row.lines.slice(Math.max(0, firstSeq - row.firstSeq))) {
        lines.push(line);
        characters += line.length;
      }
      if (characters >= RUN_CHARACTERS) {
        break;
      }
    }
    return { firstSeq, lines };
  }

  /** Some of the log from a position on, as it is stored: see `encoded.ts`. */
  encodedRun(request: EncodedRequest, filter: EventFilter, cutoff: number): EncodedRun {
    return readRun(this.#sql, request, this.#whereOf(filter), this.#scope(cutoff, OUT_OF_REACH));
  }

  /** The extents of what is sealed, in order of seq, without a look into it. */
  sealedExtents(request: EncodedRequest, cutoff: number): Extent[] {
    return sealedExtents(this.#sql, request, this.#scope(cutoff, OUT_OF_REACH));
  }

  /**
   * One bounded step of the purge. Call it until it says `done`; the last step records the run as an event, whose
   * line it gives.
   */
  purge(now: number, retentionDays: number): PurgeProgress {
    return this.#sql.transaction(() => {
      const record = { firstSeq: this.#headSeq + 1, lines: [] };
      const stepRows = this.#options.purgeStepRows ?? PURGE_STEP_ROWS;
      const step = purgeStep(this.#sql, now, stepRows, this.#trimmer);
      if (!step.isDone) {
        this.#purged();
        return { done: false, record, awayBlockId: step.awayBlockId };
      }
      const run = findPurgeRun(this.#sql);
      if (run === undefined) {
        return { done: !this.#beginPurge(retentionCutoff(now, retentionDays)), record };
      }
      if (this.#merges < MERGES_OF_PURGE_MAX && mergeIndexStep(this.#sql, MERGE_PAGES)) {
        this.#merges++;
        return { done: false, record };
      }
      endPurgeRun(this.#sql);
      const event = purgedEvent(run, this.#options.organizationId, retentionDays, now);
      return { done: true, record: this.record(event, now) };
    });
  }

  /** @returns false when nothing has expired. */
  #beginPurge(cutoff: number): boolean {
    const isBegun = beginPurgeRun(this.#sql, this.oldestSeq(cutoff) - 1, cutoff);
    if (isBegun) {
      this.#merges = 0;
      this.#purged();
    }
    return isBegun;
  }

  #purged(): void {
    this.#purgedSeq = purgedSeq(this.#sql);
    this.#segments = allSegments(this.#sql);
    this.#sealer.forget(this.#purgedSeq);
    this.#tail.forget();
    this.#edge = undefined;
  }

  /** Appends an event of rekishi's own, as new whatever it holds. */
  record(event: AuditEvent, now: number): LineRun {
    const text = canonicalJson(event as Json);
    const unique = `rekishi ${this.#headSeq + 1}`;
    return this.append([{ events: [text], fingerprints: fingerprintOf(text, unique) }], now);
  }

  /**
   * Reads lines of the log as it is now, if they are still stored. What was read last is kept, because a batch that comes
   * again was stored together.
   */
  #lineReader(fetched: FetchedBlocks): (seq: number) => string | undefined {
    let lines: StoredLines | undefined;
    return (seq) => {
      if (seq <= this.#purgedSeq) {
        return undefined;
      }
      if (lines === undefined || seq < lines.firstSeq || seq >= lines.firstSeq + lines.count) {
        lines = this.#linesWith(seq, fetched);
      }
      return lines?.at(seq - lines.firstSeq);
    };
  }

  #linesWith(seq: number, fetched: FetchedBlocks): StoredLines | undefined {
    if (seq <= this.#sealer.sealedSeq) {
      const block = findBlock(this.#sql, this.#geometry.blockOf(seq));
      return block && this.#openBlock(block.id, fetched);
    }
    const row = tailRowOf(this.#sql, seq);
    return (
      row && {
        firstSeq: row.firstSeq,
        count: row.lines.length,
        at: (index) => row.lines[index] ?? "",
      }
    );
  }

  #openBlock(id: number, fetched: FetchedBlocks): BlockLines | undefined {
    const bytes = encodedBlock(this.#sql, id) ?? fetched.find(id);
    return bytes && openBlock(bytes);
  }

  #scope(cutoff: number, fetched: FetchedBlocks): ReadScope {
    return {
      fetched,
      firstSeq: this.oldestSeq(cutoff),
      sealedSeq: this.#sealer.sealedSeq,
      segments: this.#segments,
      geometry: this.#geometry,
      blocksMax: this.#options.searchBlocksMax ?? SEARCH_BLOCKS_MAX,
    };
  }

  /** The router has read the same filter before, so it cannot be wrong here. */
  #whereOf(filter: EventFilter): Query {
    const where = whereOf(filter);
    if (!where.ok) {
      throw new TypeError(where.failure.message);
    }
    return where.value;
  }

  /** The first event that was ingested at a time or later. */
  #firstSeqSince(time: number): number {
    const block = firstBlockSince(this.#sql, time);
    if (block === undefined) {
      const seq = firstSeqSince(this.#sql, time) ?? this.#headSeq + 1;
      return Math.max(seq, this.#sealer.sealedSeq + 1);
    }
    return block.firstIngestedAt >= time
      ? block.firstSeq
      : block.firstSeq + this.#timesIn(block).findIndex((each) => each >= time);
  }

  #timesIn(block: BlockInfo): readonly number[] {
    if (this.#edge?.block.id !== block.id) {
      this.#edge = { block, times: timesOfBlock(this.#sql, block) };
    }
    return this.#edge.times;
  }
}

/** The segments, oldest first, with a new one in place of those that it was made of. */
function withSegment(segments: readonly SegmentInfo[], added: SegmentInfo): SegmentInfo[] {
  const others = segments.filter(({ id }) => id < added.id || id > added.lastBlockId);
  return [...others, added].sort((a, b) => a.id - b.id);
}
