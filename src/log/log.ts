import type { EventQuery } from "../contract/event-query.ts";
/**
 * The log engine: one tenant's events in one SQLite database.
 *
 * It owns append, idempotency, reading, search and purging. It knows nothing of Durable Objects, HTTP or the network,
 * and reads no clock: the time is an argument. Everything is synchronous. What it does is specified in
 * `docs/architecture.md`; the wire shapes are those of `contract/`.
 */
import type { AuditEvent } from "../contract/event.ts";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { seqOfEventId } from "../kernel/event-id.ts";
import { IDEMPOTENCY_WINDOW_MS } from "../kernel/limits.ts";
import type { Json } from "../kernel/strict-json.ts";
import { firstRow, type Sql } from "../sql/sql.ts";
import { type AppendReceipt, CommitBuilder, type LogOptions } from "./commit.ts";
import { matchesFilter } from "./filter.ts";
import { fingerprintOf, type IdempotencyWindow, keyAt, readWindow } from "./idempotency.ts";
import { parseLine } from "./line.ts";
import { type EventPage, PageBuilder } from "./page.ts";
import {
  endPurgeRun,
  PURGE_STEP_ROWS,
  purgedEvent,
  purgeStep,
  retentionCutoff,
} from "./retention.ts";
import { firstSeqSince, insertCommit, tailRowOf, tailRows } from "./tail.ts";

/** Events that are stored all together or not at all. */
export interface AppendRequest {
  /** Canonical texts, as `readEvent` gives them. */
  readonly events: readonly string[];
  /** The events' fingerprints, `FINGERPRINT_BYTES` each, as `fingerprintOf` gives them. */
  readonly fingerprints: Uint8Array;
}

/** A run of consecutive stored lines. */
export interface LineRun {
  readonly firstSeq: number;
  readonly lines: readonly string[];
}

/** One group commit: the receipts of each request, and the lines that are new. */
export interface CommitResult extends LineRun {
  readonly receipts: readonly (readonly AppendReceipt[])[];
}

/** What `after` reads at once: enough to be efficient, little enough to hold in memory for each reader. */
const RUN_CHARACTERS = 256 * 1024;

export class Log {
  readonly #sql: Sql;
  readonly #options: LogOptions;
  #headSeq: number;
  #headIngestedAt: number;
  /** Read from the tail at the first append, so that waking up to read costs nothing. */
  #window: IdempotencyWindow | undefined;

  /** @param sql a database on which `LOG_MIGRATIONS` have run. */
  constructor(sql: Sql, options: LogOptions) {
    this.#sql = sql;
    this.#options = options;
    const head = firstRow<{ seq: number; ingested_at: number }>(
      sql,
      `SELECT last_seq AS seq, ingested_at FROM tail
       UNION ALL SELECT purged_seq, purged_ingested_at FROM purge
       ORDER BY 1 DESC LIMIT 1`,
    );
    this.#headSeq = head?.seq ?? 0;
    this.#headIngestedAt = head?.ingested_at ?? 0;
  }

  /** The seq of the newest event; 0 before the first. */
  get headSeq(): number {
    return this.#headSeq;
  }

  /** The seq of the oldest event that has not expired, or the next seq when there is none. */
  oldestSeq(cutoff: number): number {
    return firstSeqSince(this.#sql, cutoff) ?? this.#headSeq + 1;
  }

  /** When the oldest event that is still stored was ingested, expired or not. */
  oldestIngestedAt(): number | undefined {
    return firstRow<{ ingested_at: number }>(
      this.#sql,
      "SELECT ingested_at FROM tail ORDER BY first_seq LIMIT 1",
    )?.ingested_at;
  }

  /** Stores every request in one transaction. seq has no gaps, ingested_at never goes back. */
  append(requests: readonly AppendRequest[], now: number): CommitResult {
    const window = this.#idempotencyWindow(now);
    const commit = new CommitBuilder(this.#options, this.#headSeq + 1, this.#ingestTime(now));
    const receipts = requests.map((request) => this.#admit(request, commit, window));
    if (commit.lines.length > 0) {
      this.#sql.transaction(() => insertCommit(this.#sql, commit));
      this.#advance(commit, window);
    }
    return { receipts, firstSeq: commit.firstSeq, lines: commit.lines };
  }

  /** The stored line of an event, unless it is unknown, of another log, or expired. */
  get(id: string, cutoff: number): string | undefined {
    const seq = seqOfEventId(id);
    const line = seq === undefined ? undefined : this.#lineAt(seq, cutoff);
    return line !== undefined && parseLine(line).id === id ? line : undefined;
  }

  search(query: EventQuery, cutoff: number): EventPage {
    const page = new PageBuilder(query);
    for (const row of tailRows(this.#sql, this.oldestSeq(cutoff))) {
      row.lines.forEach((line, index) => {
        const { event } = parseLine(line);
        const seq = row.firstSeq + index;
        const hit = { occurredAt: Date.parse(event.occurred_at), seq, line };
        if (page.wants(hit) && matchesFilter(query.filter, event)) {
          page.offer(hit);
        }
      });
    }
    return page.build();
  }

  /**
   * Stored lines that follow `seq`, oldest first and without a gap: some, not all, of those that have not expired.
   * Empty at the head.
   */
  after(seq: number, cutoff: number): LineRun {
    const firstSeq = Math.max(seq + 1, this.oldestSeq(cutoff));
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

  /**
   * One bounded step of the purge. Call it until it says `done`; the last step records the run as an event, whose
   * line it gives.
   */
  purge(now: number, retentionDays: number): { readonly done: boolean; readonly record: LineRun } {
    return this.#sql.transaction(() => {
      const none = { firstSeq: this.#headSeq + 1, lines: [] };
      const stepRows = this.#options.purgeStepRows ?? PURGE_STEP_ROWS;
      if (purgeStep(this.#sql, retentionCutoff(now, retentionDays), stepRows) > 0) {
        return { done: false, record: none };
      }
      const run = endPurgeRun(this.#sql);
      if (run === undefined) {
        return { done: true, record: none };
      }
      const event = purgedEvent(run, this.#options.organizationId, retentionDays, now);
      return { done: true, record: this.record(event, now) };
    });
  }

  /** Appends an event of rekishi's own, as new whatever it holds. */
  record(event: AuditEvent, now: number): LineRun {
    const text = canonicalJson(event as Json);
    const unique = `rekishi ${this.#headSeq + 1}`;
    return this.append([{ events: [text], fingerprints: fingerprintOf(text, unique) }], now);
  }

  #ingestTime(now: number): number {
    return Math.max(now, this.#headIngestedAt);
  }

  #admit(
    request: AppendRequest,
    commit: CommitBuilder,
    window: IdempotencyWindow,
  ): AppendReceipt[] {
    return request.events.map((event, index) => {
      const key = keyAt(request.fingerprints, index);
      const seq = window.find(key) ?? commit.find(key);
      if (seq === undefined) {
        return commit.add(event, key, request.fingerprints, index);
      }
      const line = commit.lineAt(seq) ?? this.#lineAt(seq, -Infinity);
      if (line === undefined) {
        // The window outlives the event only where events are erased within a day: then it is new again.
        return commit.add(event, key, request.fingerprints, index);
      }
      return { id: parseLine(line).id, seq, replayed: true };
    });
  }

  #advance(commit: CommitBuilder, window: IdempotencyWindow): void {
    this.#headSeq = commit.firstSeq + commit.lines.length - 1;
    this.#headIngestedAt = commit.ingestedAt;
    window.addCommit(commit.ingestedAt, commit.keys);
  }

  #lineAt(seq: number, cutoff: number): string | undefined {
    const row = tailRowOf(this.#sql, seq);
    return row !== undefined && row.ingestedAt >= cutoff
      ? row.lines[seq - row.firstSeq]
      : undefined;
  }

  #idempotencyWindow(now: number): IdempotencyWindow {
    const since = now - IDEMPOTENCY_WINDOW_MS;
    if (this.#window === undefined) {
      this.#window = readWindow(this.#sql, since);
    }
    this.#window.forgetBefore(since);
    return this.#window;
  }
}
