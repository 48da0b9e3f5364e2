/**
 * The work of offloading, a bounded step at a time: one run of blocks is copied, or leaves the database, or some
 * objects are deleted. Whoever runs the steps (a job over the object's alarm) runs one at a time.
 *
 * A step that fails throws, changes nothing that is read, and may be run again. A run is sent when:
 *
 *   - the database is larger than the limit, less what is on its way already;
 *   - its events are older than the window of idempotency, so that an append never needs the blob store.
 *
 * The blocks stay at home for a while after their copy was confirmed, and the copy is read once more before they go:
 * a disk may say that it has a file before it has it for good (workerd's disk service does).
 */
import type { BlobFailure, BlobResult } from "../../blob/blob-failure.ts";
import type { BlobStore } from "../../blob/blob-store.ts";
import { IDEMPOTENCY_WINDOW_MS } from "../../kernel/limits.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type { Sql } from "../../sql/sql.ts";
import { type BlockInfo, blocksBetween } from "../blocks.ts";
import type { Geometry } from "../geometry.ts";
import { readBlocks } from "./block-object.ts";
import {
  beginOffload,
  bringHome,
  bytesOnTheirWay,
  confirmOffload,
  dropBlocks,
  dueDeletions,
  findOffload,
  forgetDeletion,
  nextDeletionAt,
  objectOf,
  type Offload,
  oldestAtHome,
  oldestCopy,
  unconfirmed,
} from "./offloads.ts";

export interface OffloadPorts {
  readonly sql: Sql;
  readonly geometry: Geometry;
  readonly store: BlobStore;
  readonly clock: () => number;
  readonly organizationId: string;
  /** The organization's own folder in the store, with a slash at its end. */
  readonly folder: string;
  /** An unsigned 32-bit integer, for keys that cannot be guessed. */
  readonly random: () => number;
  /** How large the database is; what it could reuse does not count. */
  readonly databaseBytes: () => number;
  /** How large it may become. */
  readonly limitBytes: number;
  /** How long blocks stay at home after their copy was confirmed. */
  readonly keepMs: number;
}

/** The window of idempotency, and an hour by which a clock may be set back. */
const STAY_MS = IDEMPOTENCY_WINDOW_MS + 60 * 60 * 1_000;
/** Objects that one step deletes. */
const DELETIONS = 32;

/** Blocks would be sent if they were old enough. */
export function isOverLimit({ sql, databaseBytes, limitBytes }: OffloadPorts): boolean {
  const bytes = databaseBytes();
  return bytes > limitBytes && bytes - bytesOnTheirWay(sql) > limitBytes;
}

/** @returns when the next step is due, or undefined when there is nothing to do. */
export async function offloadStep(ports: OffloadPorts): Promise<number | undefined> {
  const { sql, clock, keepMs } = ports;
  const copied = oldestCopy(sql);
  const dropAt = copied?.copiedAt === undefined ? Infinity : copied.copiedAt + keepMs;
  if (copied !== undefined && dropAt <= clock()) {
    await drop(ports, copied);
    return clock();
  }
  const next = unconfirmed(sql) ?? begin(ports);
  if (next !== undefined) {
    await copy(ports, next);
    return clock();
  }
  const sendAt = isOverLimit(ports) ? eligibleAt(oldestAtHome(sql, ports.geometry)) : Infinity;
  const dueAt = Math.min(dropAt, sendAt);
  return dueAt === Infinity ? undefined : Math.max(dueAt, clock());
}

/** Puts the run of a block back into the database, because the purge has to take a part of it away. */
export async function returnBlocks(
  {
    sql,
    store,
    clock,
  }: Pick<OffloadPorts, "sql" | "clock"> & { readonly store: BlobStore | undefined },
  blockId: number,
): Promise<void> {
  const offload = findOffload(sql, blockId);
  if (offload?.isAway === true) {
    const blocks = await readBlocks(store, offload.key, offload.places);
    if (!blocks.ok) {
      throw storeError(blocks.failure);
    }
    bringHome(sql, offload, blocks.value, clock());
  }
}

/** @returns when the next step is due, or undefined when there is nothing to delete. */
export async function deletionStep({
  sql,
  store,
  clock,
}: Pick<OffloadPorts, "sql" | "store" | "clock">): Promise<number | undefined> {
  const keys = dueDeletions(sql, clock(), DELETIONS);
  expectDone(await store.delete(keys));
  sql.transaction(() => keys.forEach((key) => forgetDeletion(sql, key)));
  return nextDeletionAt(sql);
}

function begin(ports: OffloadPorts): Offload | undefined {
  const { sql, clock, organizationId, folder } = ports;
  const blocks = isOverLimit(ports) ? oldestAtHome(sql, ports.geometry) : [];
  const [first] = blocks;
  if (first === undefined || eligibleAt(blocks) > clock()) {
    return undefined;
  }
  const name = `${String(first.id).padStart(12, "0")}-${randomHex(ports)}.blocks`;
  beginOffload(sql, `${folder}log/${name}`, objectOf(sql, organizationId, blocks));
  return findOffload(sql, first.id);
}

/** When all of these blocks are older than the window of idempotency. */
function eligibleAt(blocks: readonly BlockInfo[]): number {
  return (blocks.at(-1)?.lastIngestedAt ?? Infinity) + STAY_MS;
}

async function copy(ports: OffloadPorts, offload: Offload): Promise<void> {
  const bytes = bytesAtHome(ports, offload);
  expectDone(await ports.store.put(offload.key, bytes));
  await expectStored(ports, offload, bytes);
  confirmOffload(ports.sql, offload, ports.clock());
}

async function drop(ports: OffloadPorts, offload: Offload): Promise<void> {
  try {
    await expectStored(ports, offload, bytesAtHome(ports, offload));
  } catch (error) {
    if (error instanceof LostCopyError) {
      confirmOffload(ports.sql, offload, null);
    }
    throw error;
  }
  dropBlocks(ports.sql, offload);
}

function bytesAtHome({ sql, organizationId }: OffloadPorts, offload: Offload): Uint8Array {
  const blocks = blocksBetween(sql, offload.firstBlockId, offload.lastBlockId);
  return objectOf(sql, organizationId, blocks).bytes;
}

/** The copy is not there, or is not what was sent. */
class LostCopyError extends Error {}

async function expectStored(
  { store }: OffloadPorts,
  { key }: Offload,
  bytes: Uint8Array,
): Promise<void> {
  const stored = await store.read(key);
  if (!stored.ok && stored.failure.code !== "blob_not_found") {
    throw storeError(stored.failure);
  }
  if (!stored.ok || sha256Hex(stored.value) !== sha256Hex(bytes)) {
    throw new LostCopyError(
      `The copy ${key} is ${stored.ok ? "not what was sent" : "not there"}. The blocks stay where they are and are sent again.`,
    );
  }
}

function expectDone(result: BlobResult<unknown>): void {
  if (!result.ok) {
    throw storeError(result.failure);
  }
}

function storeError({ code, message }: BlobFailure): Error {
  return new Error(`${code}: ${message}`);
}

function randomHex({ random }: OffloadPorts): string {
  return [random(), random()].map((word) => word.toString(16).padStart(8, "0")).join("");
}
