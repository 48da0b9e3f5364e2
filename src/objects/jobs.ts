/**
 * Many named jobs over the one alarm that a Durable Object has.
 *
 * The `job` table is the truth and the alarm only a wake-up call: the platform drops an alarm after six failures and
 * consumes it when it fires, so the alarm is set again, last, whatever happened, and once more when an object wakes
 * with jobs but no alarm. A job may run twice; every handler must be safe to run again.
 */
import type { Clock } from "../kernel/clock.ts";
import { errorFacts, log } from "../observe/logger.ts";
import type { Migration } from "../sql/migrate.ts";
import { firstRow, type Sql } from "../sql/sql.ts";

export const JOB_MIGRATIONS: readonly Migration[] = [
  {
    why: "What an object has to do later. One row per kind of job.",
    statements: [
      `CREATE TABLE job (
        kind TEXT PRIMARY KEY,
        due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
];

/**
 * Does one bounded step of a job. Gives the time at which it is due again (`now` for the next step of the same
 * work), or undefined when there is nothing more to do.
 */
export type JobHandler = (now: number) => number | undefined | Promise<number | undefined>;

/** The alarm of a Durable Object's storage. */
export interface Alarm {
  getAlarm(): Promise<number | null>;
  setAlarm(dueAt: number): Promise<void>;
}

type JobRow = { kind: string; due_at: number; attempts: number };

export class Jobs {
  readonly #sql: Sql;
  readonly #alarm: Alarm;
  readonly #clock: Clock;
  readonly #handlers: ReadonlyMap<string, JobHandler>;

  constructor(sql: Sql, alarm: Alarm, clock: Clock, handlers: ReadonlyMap<string, JobHandler>) {
    this.#sql = sql;
    this.#alarm = alarm;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** When the job of this kind is due, or undefined when there is none. */
  dueAt(kind: string): number | undefined {
    return firstRow<JobRow>(this.#sql, "SELECT * FROM job WHERE kind = ?", kind)?.due_at;
  }

  /** Makes a job due at `dueAt`, in place of when it was due before. */
  async schedule(kind: string, dueAt: number): Promise<void> {
    this.#put(kind, dueAt, 0);
    await this.#arm();
  }

  /** Sets the alarm again when jobs wait and the platform has dropped it. */
  async rearm(): Promise<void> {
    if (this.#nextDueAt() !== undefined && (await this.#alarm.getAlarm()) === null) {
      await this.#arm();
    }
  }

  /** Runs one step of every job that is due. Never throws for a job that failed: the job is due again later. */
  async run(): Promise<void> {
    const startedAt = this.#clock();
    let jobs: readonly string[] = [];
    try {
      // Read whole before the first job runs, because jobs write to the table.
      const due = Array.from(
        this.#sql.rows<JobRow>(
          "SELECT kind, due_at, attempts FROM job WHERE due_at <= ? ORDER BY due_at",
          this.#clock(),
        ),
      );
      jobs = due.map(({ kind }) => kind);
      for (const job of due) {
        await this.#runOne(job);
      }
    } finally {
      await this.#arm();
      const durationMs = this.#clock() - startedAt;
      log.info("alarm", "Alarm handled.", { outcome: "success", durationMs, jobs });
    }
  }

  async #runOne(job: JobRow): Promise<void> {
    const startedAt = this.#clock();
    const action = `job.${job.kind}`;
    try {
      const answer = await this.#handlers.get(job.kind)?.(startedAt);
      const nextDueAt = earlier(answer, this.#rescheduledAt(job));
      if (nextDueAt === undefined) {
        this.#sql.run("DELETE FROM job WHERE kind = ?", job.kind);
      } else {
        this.#put(job.kind, nextDueAt, 0);
      }
      const durationMs = this.#clock() - startedAt;
      log.info(action, "Job step done.", { outcome: "success", durationMs, nextDueAt });
    } catch (error) {
      const attempts = job.attempts + 1;
      const nextDueAt = this.#clock() + retryDelayMs(attempts);
      this.#put(job.kind, nextDueAt, attempts);
      const durationMs = this.#clock() - startedAt;
      const facts = { outcome: "failure", durationMs, nextDueAt, attempts, ...errorFacts(error) };
      log.error(action, "Job step failed. It is tried again later.", facts);
    }
  }

  /** When somebody made the job due anew while it ran: the handler's answer may not know of that. */
  #rescheduledAt(job: JobRow): number | undefined {
    const dueAt = this.dueAt(job.kind);
    return dueAt === job.due_at ? undefined : dueAt;
  }

  #put(kind: string, dueAt: number, attempts: number): void {
    this.#sql.run("INSERT OR REPLACE INTO job VALUES (?, ?, ?)", kind, dueAt, attempts);
  }

  #nextDueAt(): number | undefined {
    return (
      firstRow<{ due_at: number | null }>(this.#sql, "SELECT min(due_at) AS due_at FROM job")
        ?.due_at ?? undefined
    );
  }

  async #arm(): Promise<void> {
    const dueAt = this.#nextDueAt();
    if (dueAt !== undefined) {
      await this.#alarm.setAlarm(dueAt);
    }
  }
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** 1 s, 2 s, 4 s … at most an hour. */
export function retryDelayMs(attempts: number): number {
  return Math.min(2 ** (attempts - 1) * 1_000, 3_600_000);
}
