/**
 * TenantLog: the Durable Object of one organization.
 *
 * It wires the log engine to the platform: storage, alarm, sockets, clock. It holds no SQL and decides nothing about
 * events; that is `src/log`. Nobody but the router can reach it, and only with requests that the router built.
 * partyserver keeps the sockets; its `onStart` and its error answers are not relied on (docs/adr/0002).
 */
import { type Connection, type ConnectionContext, Server } from "partyserver";
import type { EventFilter, EventQuery } from "../../contract/event-query.ts";
import type { AuditEvent } from "../../contract/event.ts";
import { type Caller, ownEvent } from "../../contract/own-event.ts";
import type { StatsQuery } from "../../contract/stats.ts";
import { configureFromEnv, DIRECTORY_NAME, type Env } from "../../env.ts";
import { systemClock } from "../../kernel/clock.ts";
import { TAIL_CONNECTIONS_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { EncodedRequest } from "../../log/encoded.ts";
import type { FetchedBlocks } from "../../log/fetched-blocks.ts";
import { Log, type LineRun } from "../../log/log.ts";
import { COUNT_LIMITS, type FetchLimits, SEARCH_LIMITS } from "../../log/offload/offload-reader.ts";
import { retentionCutoff } from "../../log/retention.ts";
import { LOG_MIGRATIONS } from "../../log/schema.ts";
import { errorFacts, log, withLogContext } from "../../observe/logger.ts";
import { migrate } from "../../sql/migrate.ts";
import type { Sql } from "../../sql/sql.ts";
import { DurableSql } from "../durable-sql.ts";
import { JOB_MIGRATIONS, Jobs } from "../jobs.ts";
import { pause } from "../patience.ts";
import { randomUint32 } from "../random.ts";
import { AppendQueue } from "./append-queue.ts";
import { CLOSE_ERASED, type Erasure, eraseStorage, readErasure } from "./erasure.ts";
import { NoDatabase } from "./no-database.ts";
import { Offloading } from "./offloading.ts";
import { isNewOwnEvent, OWN_EVENT_MIGRATIONS } from "./own-events.ts";
import { openRateLimits, type RateLimits } from "./rate-limits.ts";
import { nextPurgeAt, RETENTION_JOB } from "./retention-job.ts";
import { nextSealAt, SEAL_JOB } from "./seal-job.ts";
import {
  readRetentionDays,
  retentionChanged,
  SETTINGS_MIGRATIONS,
  writeRetentionDays,
} from "./settings.ts";
import { runStats } from "./stats-run.ts";
import { type TailAttachment, TailSessions } from "./tail-sessions.ts";
import {
  type AppendAnswer,
  type TenantAppend,
  type OwnEntry,
  TAIL_REQUEST_HEADER,
  type TailRequest,
  type TenantRpc,
} from "./tenant-rpc.ts";
import { issueTicket, redeemTicket, TICKET_MIGRATIONS, type TicketGrant } from "./tickets.ts";

const SERVICE = "tenant-log";
/** RFC 6455 §7.4.1. */
const CLOSE_WITHOUT_CODE = 1005;

export class TenantLog extends Server<Env> implements TenantRpc {
  static override options = { hibernate: true };

  readonly #sql: Sql;
  readonly #erasure: Erasure | undefined;
  readonly #clock = systemClock;
  readonly #log: Log;
  readonly #appends: AppendQueue;
  readonly #tail: TailSessions;
  readonly #jobs: Jobs;
  readonly #offloading: Offloading;
  readonly #limits: RateLimits;
  #retentionDays: number;
  #isPurgeScheduled: boolean;
  #isSealScheduled: boolean;

  /** Synchronous but for the check of the alarm, so that no call ever meets an object without its tables. */
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    configureFromEnv(env);
    this.#erasure = readErasure(ctx.storage);
    this.#sql = this.#erasure === undefined ? openDatabase(ctx.storage) : new NoDatabase();
    this.#retentionDays = readRetentionDays(this.#sql);
    this.#log = new Log(this.#sql, { organizationId: this.name, random: randomUint32 });
    this.#offloading = this.#openOffloading(env);
    this.#limits = openRateLimits(env);
    this.#jobs = new Jobs(
      this.#sql,
      ctx.storage,
      this.#clock,
      new Map([
        [RETENTION_JOB, () => this.#purge()],
        [SEAL_JOB, () => this.#sealOld()],
        ...this.#offloading.handlers,
      ]),
    );
    this.#isPurgeScheduled = this.#jobs.dueAt(RETENTION_JOB) !== undefined;
    this.#isSealScheduled = this.#jobs.dueAt(SEAL_JOB) !== undefined;
    this.#tail = this.#openTail();
    this.#appends = this.#openQueue();
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#offloading.check();
    void ctx.blockConcurrencyWhile(() => this.#jobs.rearm());
  }

  append(requests: readonly TenantAppend[]) {
    return Promise.all(requests.map((request) => this.#append(request)));
  }

  async search(query: EventQuery, readerId: string) {
    const search = (fetched: FetchedBlocks) => this.#log.search(query, this.#cutoff(), fetched);
    return this.#query(readerId, () => this.#read(search, SEARCH_LIMITS));
  }

  async stats(query: StatsQuery, readerId: string) {
    return this.#query(readerId, () =>
      runStats(this.#log.count(query, this.#cutoff()), {
        read: (step) => this.#read(step, COUNT_LIMITS),
        pause,
        clock: this.#clock,
      }),
    );
  }

  async snapshot() {
    const firstSeq = this.#log.oldestSeq(this.#cutoff());
    return { firstSeq, headSeq: this.#log.headSeq, retentionDays: this.#retentionDays };
  }

  async encodedRun(request: EncodedRequest, filter: EventFilter) {
    return this.#log.encodedRun(request, filter, this.#cutoff());
  }

  async sealedExtents(request: EncodedRequest) {
    return this.#log.sealedExtents(request, this.#cutoff());
  }

  async event(id: string) {
    return this.#read(
      (fetched) => this.#log.get(id, this.#cutoff(), fetched) ?? null,
      SEARCH_LIMITS,
    );
  }

  async retentionDays() {
    return this.#retentionDays;
  }

  async retentionPreview(days: number) {
    const now = this.#cutoff();
    const then = Math.max(now, retentionCutoff(this.#clock(), days));
    const oldest = this.#log.oldestVisibleAt(now);
    return {
      events: this.#log.oldestSeq(then) - this.#log.oldestSeq(now),
      oldestIngestedAt: oldest !== undefined && oldest < then ? oldest : null,
    };
  }

  /** A shorter retention hides what it expires at once; the purge follows. */
  async setRetentionDays(days: number, caller: Caller) {
    const before = this.#retentionDays;
    if (days === before) {
      return;
    }
    const event = retentionChanged(this.name, { before, days });
    const run = this.#sql.transaction(() => {
      writeRetentionDays(this.#sql, days);
      return this.#record(ownEvent(event, caller, this.#clock()));
    });
    this.#retentionDays = days;
    await this.ctx.storage.sync();
    this.#tail.publish(run);
    await this.#schedulePurge();
  }

  async record(entries: readonly OwnEntry[]) {
    const runs = entries.map(({ id, event }) =>
      this.#sql.transaction(() =>
        isNewOwnEvent(this.#sql, id, this.#clock()) ? this.#record(event) : undefined,
      ),
    );
    await this.ctx.storage.sync();
    // One of them may say that a key was revoked.
    this.#tail.recheck();
    runs.forEach((run) => run && this.#stored(run));
  }

  async recheckTails() {
    this.#tail.recheck();
  }

  async erase() {
    if (this.#erasure !== "done") {
      for (const connection of this.getConnections()) {
        connection.close(CLOSE_ERASED, "This organization was deleted.");
      }
      await eraseStorage(this.ctx.storage);
      // What this instance has in memory goes too, and the next one knows what to refuse.
      this.ctx.abort("The log was erased.");
    }
    return true;
  }

  async issueTailTicket(grant: TicketGrant) {
    return issueTicket(this.#sql, grant, this.#clock());
  }

  async redeemTailTicket(ticket: string) {
    return redeemTicket(this.#sql, ticket, this.#clock());
  }

  override onConnect(connection: Connection<TailAttachment>, { request }: ConnectionContext) {
    this.#guard("tail.connect", () => {
      if (this.#erasure !== undefined) {
        connection.close(CLOSE_ERASED, "This organization was deleted.");
        return;
      }
      if (this.#tail.count >= TAIL_CONNECTIONS_MAX) {
        connection.close(1013, "Too many connections follow this log. Try again later.");
        return;
      }
      this.#tail.open(connection, readTailRequest(request));
    });
  }

  override onMessage(connection: Connection<TailAttachment>, message: string | ArrayBuffer) {
    this.#guard("tail.message", () => this.#tail.receive(connection, message));
  }

  override onClose(connection: Connection<TailAttachment>, code: number) {
    this.#tail.close(connection);
    // A close frame without a code, as browsers send it, is one that neither the runtime nor partyserver answers.
    if (code === CLOSE_WITHOUT_CODE) {
      connection.close(1000);
    }
  }

  override onError(connection: Connection<TailAttachment>) {
    this.#tail.close(connection);
  }

  override onRequest() {
    return new Response(null, { status: 404 });
  }

  override alarm() {
    const context = { service: SERVICE, organizationId: this.name };
    return withLogContext(context, () => this.#jobs.run());
  }

  async #append(request: TenantAppend): Promise<Result<AppendAnswer>> {
    const limits = this.#limits.events.take(request.keyId, request.events.length, this.#clock());
    if (!limits.ok) {
      return limits;
    }
    const receipts = await this.#appends.append(request);
    if (!receipts.ok) {
      return receipts;
    }
    const answer = { receipts: receipts.value };
    return ok(limits.value === undefined ? answer : { ...answer, rateLimits: limits.value });
  }

  #openTail(): TailSessions {
    return new TailSessions({
      log: this.#log,
      clock: this.#clock,
      cutoff: () => this.#cutoff(),
      reader: this.#offloading.reader,
      connections: () => this.getConnections<TailAttachment>(),
      askEnded: (credentials) =>
        this.env.DIRECTORY.getByName(DIRECTORY_NAME).endedCredentials(credentials),
      pingedAt: (connection) => this.ctx.getWebSocketAutoResponseTimestamp(connection)?.getTime(),
    });
  }

  #openQueue(): AppendQueue {
    return new AppendQueue({
      commit: (requests) => this.#log.append(requests, this.#clock()),
      flush: () => this.ctx.storage.sync(),
      committed: (commit) => this.#stored(commit),
      sealable: () => this.#log.sealable,
      seal: () => {
        this.#log.sealStep(this.#clock());
        this.#offloading.check();
      },
      pause,
    });
  }

  #record(event: AuditEvent): LineRun {
    return this.#log.record(event, this.#clock());
  }

  /** Events are on disk: whoever follows the log is told, and they will be purged one day. */
  #stored(run: LineRun): void {
    this.#tail.publish(run);
    if (!this.#isPurgeScheduled && run.lines.length > 0) {
      void this.#schedulePurge();
    }
    const sealAt = this.#isSealScheduled ? undefined : nextSealAt(this.#log.unsealedSince);
    if (sealAt !== undefined) {
      this.#isSealScheduled = true;
      void this.#jobs.schedule(SEAL_JOB, sealAt);
    }
  }

  #openOffloading(env: Env): Offloading {
    const ports = {
      sql: this.#sql,
      clock: this.#clock,
      organizationId: this.name,
      random: randomUint32,
      databaseBytes: () => this.ctx.storage.sql.databaseSize,
      schedule: (kind: string, dueAt: number) => {
        if (this.#jobs.dueAt(kind) === undefined) {
          void this.#jobs.schedule(kind, dueAt);
        }
      },
    };
    return new Offloading(ports, env);
  }

  /** A read that counts against the limits of whoever asks. */
  async #query<T>(readerId: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const taken = this.#limits.queries.take(readerId, 1, this.#clock());
    return taken.ok ? run() : taken;
  }

  #read<T>(run: (fetched: FetchedBlocks) => T, limits: FetchLimits): Promise<Result<T>> {
    const context = { service: SERVICE, organizationId: this.name };
    return withLogContext(context, () => this.#offloading.reader.read(run, limits));
  }

  #sealOld(): number | undefined {
    const now = this.#clock();
    if (this.#log.sealable > 0) {
      this.#log.sealStep(now);
      return now;
    }
    if ((nextSealAt(this.#log.unsealedSince) ?? Infinity) <= now) {
      this.#log.sealTailStep(now);
    }
    const dueAt = nextSealAt(this.#log.unsealedSince);
    this.#isSealScheduled = dueAt !== undefined;
    return dueAt;
  }

  #cutoff(): number {
    return retentionCutoff(this.#clock(), this.#retentionDays);
  }

  async #purge(): Promise<number | undefined> {
    const { done, record, awayBlockId } = this.#log.purge(this.#clock(), this.#retentionDays);
    this.#tail.publish(record);
    if (awayBlockId !== undefined) {
      await this.#offloading.returnBlocks(awayBlockId);
    }
    this.#offloading.check();
    if (!done) {
      return this.#clock();
    }
    const dueAt = nextPurgeAt(this.#log.oldestIngestedAt(), this.#retentionDays);
    this.#isPurgeScheduled = dueAt !== undefined;
    return dueAt;
  }

  async #schedulePurge(): Promise<void> {
    const dueAt = nextPurgeAt(this.#log.oldestIngestedAt(), this.#retentionDays);
    if (dueAt !== undefined) {
      this.#isPurgeScheduled = true;
      await this.#jobs.schedule(RETENTION_JOB, Math.max(dueAt, this.#clock()));
    }
  }

  /** partyserver would send the stack of whatever is thrown here to the client. */
  #guard(action: string, body: () => void): void {
    withLogContext({ service: SERVICE, organizationId: this.name }, () => {
      try {
        body();
      } catch (error) {
        log.error(action, "The live tail failed.", errorFacts(error));
      }
    });
  }
}

function openDatabase(storage: DurableObjectStorage): Sql {
  const sql = new DurableSql(storage);
  migrate(sql, "log", LOG_MIGRATIONS);
  migrate(sql, "jobs", JOB_MIGRATIONS);
  migrate(sql, "settings", SETTINGS_MIGRATIONS);
  migrate(sql, "tickets", TICKET_MIGRATIONS);
  migrate(sql, "own_events", OWN_EVENT_MIGRATIONS);
  return sql;
}

function readTailRequest({ headers }: Request): TailRequest {
  return JSON.parse(decodeURIComponent(headers.get(TAIL_REQUEST_HEADER) ?? "")) as TailRequest;
}
