/**
 * Export: the Durable Object of one export, from its creation until nobody asks for it any more.
 *
 * It wires the export engine (`src/export`) to the platform: storage, alarm, blob store, the organization's log. It has
 * one job, whose next step follows from what is known: make the file, delete it when it has expired, forget the rest.
 */
import { DurableObject } from "cloudflare:workers";
import { blobFault, type BlobFailure, type BlobResult } from "../../blob/blob-failure.ts";
import type { BlobStore } from "../../blob/blob-store.ts";
import { openBlobStore } from "../../blob/open.ts";
import { configureFromEnv, DIRECTORY_NAME, type Env, exportDays } from "../../env.ts";
import { deleteFiles } from "../../export/cleanup.ts";
import {
  nextDueAt,
  type Outcome,
  type Reaction,
  reactionTo,
  reactionToBug,
  type Trouble,
} from "../../export/lifecycle.ts";
import { type MadeExport, Making } from "../../export/making.ts";
import { clearProgress, readProgress } from "../../export/progress.ts";
import { EXPORT_MIGRATIONS } from "../../export/schema.ts";
import type { ExportSpec } from "../../export/spec.ts";
import { DAY_MS, systemClock } from "../../kernel/clock.ts";
import { errorFacts, log, withLogContext } from "../../observe/logger.ts";
import { whereOf } from "../../query/where.ts";
import { migrate } from "../../sql/migrate.ts";
import { DurableSql } from "../durable-sql.ts";
import { JOB_MIGRATIONS, Jobs } from "../jobs.ts";
import {
  type ExportRecord,
  insertRecord,
  readRecord,
  RECORD_MIGRATIONS,
  writeOutcome,
  writeTrouble,
} from "./export-record.ts";
import type { ExportRpc, ExportStatus } from "./export-rpc.ts";
import { restAsOthersNeed } from "./pace.ts";
import { tenantSource } from "./tenant-source.ts";

const SERVICE = "export";
const EXPORT_JOB = "export";
/** How long one alarm works on a file before the next one does. */
const STEP_MS = 10_000;
/** Exports that are made at once in one isolate: each may take some 40 MB, and objects share what an isolate has. */
const MAKING_MAX = 2;
const WAIT_FOR_TURN_MS = 1_000;

let makingNow = 0;

export class Export extends DurableObject<Env> implements ExportRpc {
  readonly #sql: DurableSql;
  readonly #clock = systemClock;
  readonly #jobs: Jobs;
  readonly #expiryMs: number;
  #making: Making | undefined;
  /** Nobody wants what is being made any more. */
  #isRemoved = false;
  #isForgotten = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    configureFromEnv(env);
    this.#expiryMs = exportDays(env) * DAY_MS;
    this.#sql = new DurableSql(ctx.storage);
    migrate(this.#sql, "record", RECORD_MIGRATIONS);
    migrate(this.#sql, "export", EXPORT_MIGRATIONS);
    migrate(this.#sql, "jobs", JOB_MIGRATIONS);
    const handlers = new Map([[EXPORT_JOB, () => this.#step()]]);
    this.#jobs = new Jobs(this.#sql, ctx.storage, this.#clock, handlers);
    void ctx.blockConcurrencyWhile(() => this.#jobs.rearm());
  }

  async create(spec: ExportSpec) {
    if (readRecord(this.#sql) === undefined) {
      insertRecord(this.#sql, spec);
      await this.#jobs.schedule(EXPORT_JOB, this.#clock());
    }
  }

  async status(): Promise<ExportStatus | null> {
    const record = this.#isForgotten ? undefined : readRecord(this.#sql);
    const outcome = record?.outcome;
    if (record === undefined || outcome?.state === "removed") {
      return null;
    }
    const { spec, updatedAt } = record;
    const read =
      this.#making?.eventsRead ??
      (readProgress(this.#sql)?.nextSeq ?? spec.firstSeq) - spec.firstSeq;
    return { spec, outcome, eventsRead: read, updatedAt };
  }

  async remove() {
    if (!this.#isForgotten && readRecord(this.#sql) !== undefined) {
      this.#isRemoved = true;
      writeOutcome(this.#sql, { state: "removed", at: this.#clock() });
      await this.#jobs.schedule(EXPORT_JOB, this.#clock());
    }
  }

  override async alarm() {
    const organizationId = readRecord(this.#sql)?.spec.organizationId;
    const context = organizationId === undefined ? {} : { organizationId };
    await withLogContext({ service: SERVICE, ...context }, () => this.#jobs.run());
    if (this.#isForgotten) {
      await this.ctx.storage.deleteAll();
    }
  }

  /** Does what is due. @returns when something is due again. */
  async #step(): Promise<number | undefined> {
    const record = readRecord(this.#sql);
    if (record === undefined) {
      return undefined;
    }
    if (record.outcome === undefined) {
      return this.#make(record);
    }
    if (nextDueAt(record.outcome) <= this.#clock()) {
      await this.#end(record.spec, record.outcome);
    }
    return this.#isForgotten ? undefined : this.#dueAt();
  }

  /** When what is known of the export has to be looked at again: at once, while it is being made. */
  #dueAt(): number {
    const outcome = readRecord(this.#sql)?.outcome;
    return outcome === undefined ? this.#clock() : nextDueAt(outcome);
  }

  async #make(record: ExportRecord): Promise<number> {
    if (makingNow >= MAKING_MAX) {
      return this.#clock() + WAIT_FOR_TURN_MS;
    }
    makingNow++;
    try {
      const made = await this.#work(record);
      if (!made.ok) {
        return await this.#react(record, made.failure);
      }
      if (made.value !== undefined) {
        this.#finish(record.spec, made.value);
      }
    } catch (error) {
      this.#making = undefined;
      return await this.#react(record, error);
    } finally {
      makingNow--;
    }
    return this.#dueAt();
  }

  /** One step of the file. What was gained by it forgives the failures before it. */
  async #work(record: ExportRecord): Promise<BlobResult<MadeExport | undefined>> {
    const store = openStore(this.env);
    if (!store.ok) {
      return store;
    }
    this.#making ??= this.#openMaking(record.spec, store.value);
    const { mark } = this.#making;
    const made = await this.#making.work(STEP_MS);
    if (record.attempts > 0 && (made.ok || this.#making.mark !== mark)) {
      writeTrouble(this.#sql, { attempts: 0, restarts: record.restarts }, this.#clock());
    }
    return made;
  }

  #openMaking(spec: ExportSpec, store: BlobStore): Making {
    const where = whereOf(spec.filter);
    if (!where.ok) {
      throw new TypeError(where.failure.message);
    }
    const ports = {
      sql: this.#sql,
      source: tenantSource(this.env.TENANT_LOG, spec),
      store,
      clock: this.#clock,
      pause: restAsOthersNeed,
      isWanted: () => !this.#isRemoved,
    };
    return new Making(ports, spec, where.value);
  }

  #finish(spec: ExportSpec, { files, events }: MadeExport): void {
    this.#making = undefined;
    const at = this.#clock();
    const expiresAt = at + this.#expiryMs;
    this.#sql.transaction(() => {
      writeOutcome(this.#sql, { state: "ready", files, events, at, expiresAt });
      clearProgress(this.#sql);
    });
    const { size } = files.events;
    const durationMs = at - spec.createdAt;
    log.info("export.ready", "An export is ready.", {
      exportId: spec.id,
      events,
      size,
      durationMs,
    });
  }

  /** @param cause a failure of the blob store, or something thrown. */
  async #react({ spec, restarts }: ExportRecord, cause: unknown): Promise<number> {
    // Read again: a step may have gained something before it failed.
    const attempts = readRecord(this.#sql)?.attempts ?? 0;
    const failure = isBlobFailure(cause) ? cause : undefined;
    const trouble = { attempts, restarts };
    const reaction = failure === undefined ? reactionToBug(trouble) : reactionTo(failure, trouble);
    log.error("export.failed", "A step of an export failed.", {
      exportId: spec.id,
      ...trouble,
      reaction: reaction.kind,
      ...(failure === undefined
        ? errorFacts(cause)
        : { code: failure.code, error: failure.message }),
    });
    return this.#follow(spec, trouble, reaction);
  }

  async #follow(spec: ExportSpec, trouble: Trouble, reaction: Reaction): Promise<number> {
    const now = this.#clock();
    if (reaction.kind === "give up") {
      writeOutcome(this.#sql, { state: "error", reason: reaction.reason, at: now });
      await this.#deleteFiles(spec);
      return this.#dueAt();
    }
    if (reaction.kind === "restart") {
      const { restarts } = trouble;
      await this.#deleteFiles(spec);
      writeTrouble(this.#sql, { attempts: 0, restarts: restarts + 1 }, now);
    } else {
      writeTrouble(this.#sql, { ...trouble, attempts: trouble.attempts + 1 }, now);
    }
    return now + reaction.delayMs;
  }

  /** The time has come for what the outcome says: the files go, and later what is known of the export. */
  async #end(spec: ExportSpec, outcome: Outcome): Promise<void> {
    if (!(await this.#deleteFiles(spec))) {
      throw new Error("The files of an export could not be deleted.");
    }
    if (outcome.state === "ready") {
      writeOutcome(this.#sql, { ...outcome, state: "expired", at: this.#clock() });
      return;
    }
    await this.env.DIRECTORY.getByName(DIRECTORY_NAME).forgetExport(spec.id);
    this.#isForgotten = true;
  }

  /** Deletes what is in the blob store, and how far the file was. @returns false when the store refused. */
  async #deleteFiles(spec: ExportSpec): Promise<boolean> {
    this.#making = undefined;
    const store = openStore(this.env);
    const deleted = store.ok ? await deleteFiles(store.value, this.#sql, spec) : store;
    if (!deleted.ok) {
      const { code, message } = deleted.failure;
      log.warn("export.delete", "An export's files were not deleted.", {
        exportId: spec.id,
        code,
        error: message,
      });
    }
    clearProgress(this.#sql);
    return deleted.ok;
  }
}

function openStore(env: Env): BlobResult<BlobStore> {
  const store = openBlobStore(env);
  if (!store.ok || store.value !== undefined) {
    return store as BlobResult<BlobStore>;
  }
  return blobFault("blob_misconfigured", "There is no blob store any more.");
}

function isBlobFailure(cause: unknown): cause is BlobFailure {
  return typeof cause === "object" && cause !== null && "retryable" in cause && "code" in cause;
}
