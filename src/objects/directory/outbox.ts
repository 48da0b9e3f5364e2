/**
 * Events of rekishi's own on their way from the Directory to the logs of the organizations that they concern.
 *
 * An event is put here in the transaction of the change it tells of, and is taken away when the organization's object
 * has it on disk. So none is lost; one may be delivered twice, and the object stores it once. An object that does not
 * answer is tried again later and later, and keeps no other organization waiting.
 */
import { uuidv7 } from "uuidv7";
import type { AuditEvent } from "../../contract/event.ts";
import type { Clock } from "../../kernel/clock.ts";
import { errorFacts, log } from "../../observe/logger.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import { retryDelayMs } from "../jobs.ts";
import type { OwnEntry, TenantRpc } from "../tenant/tenant-rpc.ts";

export const OUTBOX_JOB = "outbox";

export const OUTBOX_MIGRATIONS: readonly Migration[] = [
  {
    why: "Events that are not delivered yet, in the order in which they happened.",
    statements: [
      `CREATE TABLE outbox (
        sort INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        event TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL
      ) STRICT`,
    ],
  },
];

/** The alarm leaves the first attempt to whoever made the change. */
const FIRST_ATTEMPT_MS = 5_000;
const ENTRIES_MAX = 100;
const ORGANIZATIONS_MAX = 20;

type OutboxRow = { sort: number; id: string; event: string; attempts: number };

export class Outbox {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #tenant: (organizationId: string) => Pick<TenantRpc, "record">;

  /** @param tenant gives the object of an organization. */
  constructor(
    sql: Sql,
    clock: Clock,
    tenant: (organizationId: string) => Pick<TenantRpc, "record">,
  ) {
    this.#sql = sql;
    this.#clock = clock;
    this.#tenant = tenant;
  }

  add(organizationId: string, event: AuditEvent): void {
    this.#sql.run(
      "INSERT INTO outbox (id, organization_id, event, due_at, attempts) VALUES (?, ?, ?, ?, 0)",
      uuidv7(),
      organizationId,
      JSON.stringify(event),
      this.#clock() + FIRST_ATTEMPT_MS,
    );
  }

  /** There is no log any more to deliver to. */
  forget(organizationId: string): void {
    this.#sql.run("DELETE FROM outbox WHERE organization_id = ?", organizationId);
  }

  /** When the alarm has to look again, or undefined when everything is delivered. */
  nextDueAt(): number | undefined {
    const first = firstRow<{ due_at: number | null }>(
      this.#sql,
      "SELECT min(due_at) AS due_at FROM outbox",
    );
    return first?.due_at ?? undefined;
  }

  /** Tries to deliver what waits for one organization. Never throws: what is not delivered is due again later. */
  async deliver(organizationId: string): Promise<void> {
    const rows = [
      ...this.#sql.rows<OutboxRow>(
        "SELECT * FROM outbox WHERE organization_id = ? ORDER BY sort LIMIT ?",
        organizationId,
        ENTRIES_MAX,
      ),
    ];
    const last = rows.at(-1);
    if (last === undefined) {
      return;
    }
    try {
      await this.#tenant(organizationId).record(rows.map(entryOf));
      this.#sql.run(
        "DELETE FROM outbox WHERE organization_id = ? AND sort <= ?",
        organizationId,
        last.sort,
      );
    } catch (error) {
      if ((error as { erased?: boolean }).erased === true) {
        this.forget(organizationId);
        return;
      }
      const attempts = Math.max(...rows.map((row) => row.attempts)) + 1;
      const dueAt = this.#clock() + retryDelayMs(attempts);
      this.#sql.run(
        "UPDATE outbox SET attempts = ?, due_at = ? WHERE organization_id = ? AND sort <= ?",
        attempts,
        dueAt,
        organizationId,
        last.sort,
      );
      const facts = { organizationId, attempts, nextDueAt: dueAt, ...errorFacts(error) };
      log.warn("outbox.deliver", "An event did not reach its log. It is tried again.", facts);
    }
  }

  /** A step of the job: some organizations at a time. @returns when it is due again. */
  async deliverDue(): Promise<number | undefined> {
    const due = this.#sql.rows<{ organization_id: string }>(
      `SELECT organization_id FROM outbox WHERE due_at <= ?
       GROUP BY organization_id ORDER BY min(due_at) LIMIT ?`,
      this.#clock(),
      ORGANIZATIONS_MAX,
    );
    await Promise.all(Array.from(due, (row) => this.deliver(row.organization_id)));
    return this.nextDueAt();
  }
}

function entryOf({ id, event }: OutboxRow): OwnEntry {
  return { id, event: JSON.parse(event) as AuditEvent };
}
