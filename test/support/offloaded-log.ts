/** A log and a blob store on a disk in memory, with what moves its blocks there and back. */
import { CheckedStore } from "../../src/blob/checked-store.ts";
import { DiskDriver } from "../../src/blob/disk/disk-driver.ts";
import { DiskFiles } from "../../src/blob/disk/disk-files.ts";
import { NodeSql } from "../../src/cli/node-sql.ts";
import { Geometry } from "../../src/log/geometry.ts";
import { Log } from "../../src/log/log.ts";
import { OffloadReader } from "../../src/log/offload/offload-reader.ts";
import {
  deletionStep,
  type OffloadPorts,
  offloadStep,
} from "../../src/log/offload/offload-step.ts";
import { LOG_MIGRATIONS } from "../../src/log/schema.ts";
import { migrate } from "../../src/sql/migrate.ts";
import type { Sql } from "../../src/sql/sql.ts";
import { FaultyDisk } from "./faulty-disk.ts";

/** Blocks of 4 events, and runs of 2 blocks. */
export const SMALL = new Geometry(4, 2);

export const ORGANIZATION = "org_offloaded";

export class OffloadedLog {
  readonly file: NodeSql;
  readonly disk = new FaultyDisk();
  readonly store = new CheckedStore(new DiskDriver(new DiskFiles(this.disk, 1_000)));
  readonly time: { now: number };
  #random = 0;
  log: Log;
  reader: OffloadReader;
  #sql: Sql;

  /** @param time is moved by the test. */
  constructor(time: { now: number }, file = new NodeSql(":memory:")) {
    this.time = time;
    this.file = file;
    this.#sql = file;
    migrate(file, "log", LOG_MIGRATIONS);
    this.log = this.#openLog();
    this.reader = this.#openReader();
  }

  /** A new process, with a database of which the statements can be watched. */
  restart(sql: Sql = this.file): void {
    this.#sql = sql;
    this.log = this.#openLog();
    this.reader = this.#openReader();
  }

  /** Steps until nothing is left to do now. */
  async offloadAll(): Promise<void> {
    while (((await offloadStep(this.ports())) ?? Infinity) <= this.time.now) {
      // The next step.
    }
  }

  async deleteAll(): Promise<void> {
    while (((await deletionStep(this.ports())) ?? Infinity) <= this.time.now) {
      // The next step.
    }
  }

  /** Keys that the database knows of, and those that the store has. */
  keys(): { readonly known: string[]; readonly stored: string[] } {
    const rows = this.file.rows<{ key: string }>("SELECT key FROM offload ORDER BY key");
    return {
      known: Array.from(rows, ({ key }) => key),
      stored: [...this.disk.files.keys()].sort(),
    };
  }

  ports(): OffloadPorts {
    return {
      sql: this.#sql,
      geometry: SMALL,
      store: this.store,
      clock: () => this.time.now,
      organizationId: ORGANIZATION,
      folder: "tenants/1/",
      random: () => this.#random++,
      databaseBytes: () => 1e9,
      limitBytes: 0,
      keepMs: 0,
    };
  }

  #openLog(): Log {
    return new Log(this.#sql, {
      organizationId: ORGANIZATION,
      random: () => this.#random++,
      purgeStepRows: 2,
      geometry: SMALL,
      searchBlocksMax: 2,
      countStepBlocks: 1,
    });
  }

  #openReader(): OffloadReader {
    const clock = () => this.time.now;
    return new OffloadReader({ sql: this.#sql, store: this.store, clock, report: () => {} });
  }
}
