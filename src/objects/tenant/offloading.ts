/**
 * Offloading of one tenant's log: wires `log/offload` to the settings, the blob store and the jobs of the object.
 *
 * It decides nothing about blocks. Without a blob store, or with settings that are wrong, nothing is offloaded, and
 * the log says so when it would have been.
 */
import type { BlobStore } from "../../blob/blob-store.ts";
import { type BlobSettings, openBlobStore } from "../../blob/open.ts";
import type { Clock } from "../../kernel/clock.ts";
import { Geometry } from "../../log/geometry.ts";
import { OffloadReader } from "../../log/offload/offload-reader.ts";
import {
  deletionStep,
  isOverLimit,
  type OffloadPorts,
  offloadStep,
  returnBlocks,
} from "../../log/offload/offload-step.ts";
import { nextDeletionAt } from "../../log/offload/offloads.ts";
import { log } from "../../observe/logger.ts";
import type { Sql } from "../../sql/sql.ts";
import type { JobHandler } from "../jobs.ts";
import { type OffloadEnv, offloadSettings } from "./offload-settings.ts";
import { tenantFolder } from "./tenant-folder.ts";

export interface OffloadingPorts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly organizationId: string;
  readonly random: () => number;
  readonly databaseBytes: () => number;
  /** Makes a job due, unless it is waiting already. */
  readonly schedule: (kind: string, dueAt: number) => void;
}

const OFFLOAD_JOB = "offload";
const DELETION_JOB = "blob_deletion";

export class Offloading {
  readonly reader: OffloadReader;
  readonly #ports: OffloadingPorts;
  readonly #offload: OffloadPorts | undefined;
  readonly #limitBytes: number;
  #hasWarned = false;

  constructor(ports: OffloadingPorts, env: BlobSettings & OffloadEnv) {
    this.#ports = ports;
    const store = storeOf(env);
    const { sql, clock, organizationId } = ports;
    const settings = offloadSettings(env);
    this.#limitBytes = settings.ok ? settings.value.limitBytes : Infinity;
    if (store !== undefined && settings.ok) {
      const folder = tenantFolder(organizationId);
      const geometry = new Geometry();
      this.#offload = { ...ports, ...settings.value, store, geometry, folder };
    }
    if (!settings.ok) {
      log.error("offload.settings", settings.failure);
    }
    this.reader = new OffloadReader({
      sql,
      store,
      clock,
      report: ({ code, message }) =>
        log.error("offload.read", "The blob store does not give out what it should.", {
          code,
          message,
        }),
    });
  }

  /** The jobs, by their kinds. */
  get handlers(): ReadonlyMap<string, JobHandler> {
    return new Map<string, JobHandler>([
      [OFFLOAD_JOB, () => this.#offload && offloadStep(this.#offload)],
      [DELETION_JOB, () => this.#offload && deletionStep(this.#offload)],
    ]);
  }

  /** Makes due what there is to do. Cheap enough for every block that is sealed. */
  check(): void {
    const { sql, clock, databaseBytes, schedule } = this.#ports;
    if (databaseBytes() > this.#limitBytes) {
      this.#checkLimit();
    }
    const deleteAt = nextDeletionAt(sql);
    if (deleteAt !== undefined) {
      schedule(DELETION_JOB, Math.max(deleteAt, clock()));
    }
  }

  /** Brings the run of a block back into the database. Throws when the store does not give it. */
  returnBlocks(blockId: number): Promise<void> {
    const { sql, clock } = this.#ports;
    return returnBlocks({ sql, clock, store: this.#offload?.store }, blockId);
  }

  #checkLimit(): void {
    if (this.#offload === undefined) {
      if (!this.#hasWarned) {
        this.#hasWarned = true;
        const facts = { databaseBytes: this.#ports.databaseBytes(), limitBytes: this.#limitBytes };
        log.warn(
          "offload.impossible",
          "The database is over its limit and there is no blob store.",
          facts,
        );
      }
    } else if (isOverLimit(this.#offload)) {
      this.#ports.schedule(OFFLOAD_JOB, this.#ports.clock());
    }
  }
}

function storeOf(env: BlobSettings): BlobStore | undefined {
  const store = openBlobStore(env);
  if (!store.ok) {
    log.error("offload.settings", store.failure.message);
    return undefined;
  }
  return store.value;
}
