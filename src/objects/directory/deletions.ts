/**
 * The deletion of organizations. The organization is gone from the Directory in one write; what it has elsewhere goes in
 * stages that may take long, fail, and be repeated: each is done until it says that nothing is left.
 */
import type { Clock } from "../../kernel/clock.ts";
import type { Region } from "../../kernel/region.ts";
import { errorFacts, log } from "../../observe/logger.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import { retryDelayMs } from "../jobs.ts";

export const DELETION_JOB = "deletion";

export const DELETION_MIGRATIONS: readonly Migration[] = [
  {
    why: "Deleted organizations of which something may be left. `stage` is how many stages are done.",
    statements: [
      `CREATE TABLE deletion (
        organization_id TEXT PRIMARY KEY,
        region TEXT,
        stage INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
];

/** Who is deleted, and where their log is. */
export interface Deleted {
  readonly organizationId: string;
  readonly region: Region | null;
}

export interface DeletionStage {
  readonly name: string;
  /** How long after the stage before. */
  readonly delayMs?: number;
  /** Does some of it. Says whether nothing is left; throws when it has to be tried again later. */
  readonly step: (deleted: Deleted) => Promise<boolean>;
}

/** The alarm leaves the beginning to whoever asked for the deletion. */
const FIRST_STEP_MS = 5_000;
/** Organizations that one run of the job looks at. */
const RUN_MAX = 10;

type DeletionRow = {
  organization_id: string;
  region: Region | null;
  stage: number;
  due_at: number;
  attempts: number;
};

export class Deletions {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #stages: readonly DeletionStage[];

  constructor(sql: Sql, clock: Clock, stages: readonly DeletionStage[]) {
    this.#sql = sql;
    this.#clock = clock;
    this.#stages = stages;
  }

  /** To be called in the transaction in which the organization goes from the Directory. */
  add({ organizationId, region }: Deleted): void {
    this.#sql.run(
      "INSERT INTO deletion VALUES (?, ?, 0, ?, 0)",
      organizationId,
      region,
      this.#clock() + FIRST_STEP_MS,
    );
  }

  nextDueAt(): number | undefined {
    const first = firstRow<{ due_at: number | null }>(
      this.#sql,
      "SELECT min(due_at) AS due_at FROM deletion",
    );
    return first?.due_at ?? undefined;
  }

  /** A step of the job. @returns when it is due again. */
  async runDue(): Promise<number | undefined> {
    const due = this.#sql.rows<DeletionRow>(
      "SELECT * FROM deletion WHERE due_at <= ? ORDER BY due_at LIMIT ?",
      this.#clock(),
      RUN_MAX,
    );
    await Promise.all(Array.from(due, (row) => this.#step(row)));
    return this.nextDueAt();
  }

  /** Goes on with one deletion until it has to wait. Never throws: what fails is due again later. */
  async run(organizationId: string): Promise<void> {
    for (let isGoing = true; isGoing;) {
      const row = firstRow<DeletionRow>(
        this.#sql,
        "SELECT * FROM deletion WHERE organization_id = ?",
        organizationId,
      );
      isGoing = row !== undefined && (await this.#step(row));
    }
  }

  /** @returns whether there is more to do at once. */
  async #step(row: DeletionRow): Promise<boolean> {
    const { organization_id: organizationId, region, stage } = row;
    const current = this.#stages[stage];
    const facts = { organizationId, stage: current?.name };
    try {
      const isDone = (await current?.step({ organizationId, region })) ?? true;
      return isDone ? this.#advance(row) : this.#putOff(row, stage, 0, 0);
    } catch (error) {
      const attempts = row.attempts + 1;
      this.#putOff(row, stage, retryDelayMs(attempts), attempts);
      const message = "A step of the deletion of an organization failed. It is tried again.";
      log.error("deletion.failed", message, { ...facts, attempts, ...errorFacts(error) });
      return false;
    }
  }

  #advance(row: DeletionRow): boolean {
    const stage = row.stage + 1;
    const next = this.#stages[stage];
    if (next === undefined) {
      this.#sql.run("DELETE FROM deletion WHERE organization_id = ?", row.organization_id);
      const facts = { organizationId: row.organization_id };
      log.info("deletion.done", "Nothing is left of a deleted organization.", facts);
      return false;
    }
    return this.#putOff(row, stage, next.delayMs ?? 0, 0);
  }

  /** @returns whether it is due at once. Does nothing when another step has gone on from the same row. */
  #putOff(row: DeletionRow, stage: number, delayMs: number, attempts: number): boolean {
    this.#sql.run(
      "UPDATE deletion SET stage = ?, due_at = ?, attempts = ? WHERE organization_id = ? AND stage = ?",
      stage,
      this.#clock() + delayMs,
      attempts,
      row.organization_id,
      row.stage,
    );
    return delayMs === 0;
  }
}
