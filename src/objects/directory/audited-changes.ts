/**
 * Every change in the Directory goes through `AuditedChanges.make`, so that who made it is on record with it: as an
 * event in the log of the organization that it concerns, and as a line of the service's own log. A change that
 * concerns the whole environment, such as a key without an organization, has the line only.
 */
import { type Caller, type OwnEvent, ownEvent } from "../../contract/own-event.ts";
import type { Clock } from "../../kernel/clock.ts";
import { log, type LogContext, withLogContext } from "../../observe/logger.ts";
import type { Sql } from "../../sql/sql.ts";
import type { Jobs } from "../jobs.ts";
import { atMost } from "../patience.ts";
import { OUTBOX_JOB, type Outbox } from "./outbox.ts";

/** Puts on record what a change did. `organizationId` is null for a change of the whole environment. */
export type RecordChange = (organizationId: string | null, event: OwnEvent) => void;

/** How long a change waits for its event to be in the log before it is answered without. */
const DELIVERY_PATIENCE_MS = 2_000;

export class AuditedChanges {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #jobs: Jobs;

  constructor(ports: {
    readonly sql: Sql;
    readonly clock: Clock;
    readonly outbox: Outbox;
    readonly jobs: Jobs;
  }) {
    this.#sql = ports.sql;
    this.#clock = ports.clock;
    this.#outbox = ports.outbox;
    this.#jobs = ports.jobs;
  }

  /**
   * Runs `change` in a transaction, with what it records. The events are usually in their logs when this resolves;
   * a log that cannot take them now gets them later.
   */
  make<T>(caller: Caller, change: (record: RecordChange) => T): Promise<T> {
    const { actor, requestId } = caller;
    const context: LogContext = { service: "directory", userId: actor.id };
    if (requestId !== undefined) {
      context.requestId = requestId;
    }
    return withLogContext(context, () => this.#make(caller, change));
  }

  async #make<T>(caller: Caller, change: (record: RecordChange) => T): Promise<T> {
    const records: { readonly organizationId: string | null; readonly event: OwnEvent }[] = [];
    const result = this.#sql.transaction(() => {
      const result = change((organizationId, event) => records.push({ organizationId, event }));
      for (const { organizationId, event } of records) {
        if (organizationId !== null) {
          this.#outbox.add(organizationId, ownEvent(event, caller, this.#clock()));
        }
      }
      return result;
    });
    const dueAt = this.#outbox.nextDueAt();
    // Nothing is awaited before this, so the alarm is set in the same write as the change.
    const armed = dueAt === undefined ? undefined : this.#jobs.schedule(OUTBOX_JOB, dueAt);
    for (const { organizationId, event } of records) {
      const { targets, metadata } = event;
      log.info(event.action, "An administrative change.", { organizationId, targets, ...metadata });
    }
    await armed;
    await this.#deliver(records.map(({ organizationId }) => organizationId));
    return result;
  }

  async #deliver(organizationIds: readonly (string | null)[]): Promise<void> {
    const known = new Set(organizationIds.filter((id) => id !== null));
    if (known.size === 0) {
      return;
    }
    const deliveries = Array.from(known, (id) => this.#outbox.deliver(id));
    await atMost(DELIVERY_PATIENCE_MS, Promise.all(deliveries));
  }
}
