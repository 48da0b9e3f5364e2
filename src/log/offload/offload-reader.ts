/**
 * Reads a log of which the oldest blocks are in a blob store.
 *
 * A read of the engine is run; what it lacked is fetched, checked against its SHA-256, and the read is run again, until
 * it lacks nothing. So an answer is always whole. The first rounds fetch little, because a search does not know what it
 * will find; each further round may fetch twice as much. What was fetched stays for the next read, in bounded memory.
 */
import type { BlobFailure, BlobResult } from "../../blob/blob-failure.ts";
import type { BlobStore } from "../../blob/blob-store.ts";
import { failure, type Failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Sql } from "../../sql/sql.ts";
import type { FetchedBlocks } from "../fetched-blocks.ts";
import { type BlockPlace, readBlocks } from "./block-object.ts";
import { findPlace, type Offload } from "./offloads.ts";

/** What one read may fetch. */
export interface FetchLimits {
  /** Blocks that the first round may lack before it stops. */
  readonly firstBlocks: number;
  /** Blocks and milliseconds after which the read is told to stop where it can go on by a cursor. */
  readonly blocks: number;
  readonly ms: number;
  /** Neighbours will be asked for next: the rest of the run is fetched too. */
  readonly isInOrder?: boolean;
}

export const SEARCH_LIMITS: FetchLimits = { firstBlocks: 16, blocks: 64, ms: 2_000 };
/** A step of a count knows what the next ones need of the same segment, and what was fetched stays for them. */
export const COUNT_LIMITS: FetchLimits = { firstBlocks: 256, blocks: 1_024, ms: 20_000 };
export const ORDERED_LIMITS: FetchLimits = {
  firstBlocks: 1,
  blocks: 64,
  ms: 2_000,
  isInOrder: true,
};

/** Beyond these a read fails. */
const BLOCKS_MAX = 1_024;
const BYTES_MAX = 32 * 1024 * 1024;
const MS_MAX = 20_000;

const CACHE_BYTES_MAX = 8 * 1024 * 1024;
/** Reads that wait for the store at once, and requests that one of them has under way. */
const READS_MAX = 4;
const REQUESTS_MAX = 4;
const ATTEMPTS = 2;

const UNAVAILABLE: Failure = {
  ...failure(
    "tenant_unavailable",
    "Older events of this organization are kept in a blob store, which does not give them out right now. Send the same request again, or ask for newer events with 'range_start'.",
  ).failure,
  retryAfterSeconds: 5,
};

const TOO_MUCH = failure(
  "unprocessable_entity",
  `This would read more than ${BLOCKS_MAX} blocks of older events from the blob store. Narrow it with 'range_start' and 'range_end', or filter by action, actor id, actor type or target type only.`,
);

export interface OffloadReaderPorts {
  readonly sql: Sql;
  /** Undefined when the settings name none. */
  readonly store: BlobStore | undefined;
  readonly clock: () => number;
  /** Is told what the caller is not: which object, and what the store said. */
  readonly report: (failure: BlobFailure) => void;
}

/** Encoded blocks by their SHA-256: what a block holds may change, when a purge took some of its events. */
type Blocks = Map<string, Uint8Array>;

interface Stored {
  readonly offload: Offload;
  readonly place: BlockPlace;
}

export class OffloadReader {
  readonly #ports: OffloadReaderPorts;
  /** What was used last stands last. */
  readonly #cache: Blocks = new Map();
  #cacheBytes = 0;
  #reads = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(ports: OffloadReaderPorts) {
    this.#ports = ports;
  }

  /** The answer of `run`, if nothing must be fetched for it. */
  now<T>(run: (fetched: FetchedBlocks) => T): T | undefined {
    const round = new Round(this.#ports.sql, (hash) => this.#cache.get(hash), 1, false);
    const value = run(round);
    return round.isLacking ? undefined : value;
  }

  /** The answer of `run`, which is called again until it lacks nothing. */
  async read<T>(run: (fetched: FetchedBlocks) => T, limits: FetchLimits): Promise<Result<T>> {
    const startedAt = this.#ports.clock();
    const held: Blocks = new Map();
    let hasTurn = false;
    try {
      for (let most = limits.firstBlocks; ; most *= 2) {
        const ms = this.#ports.clock() - startedAt;
        const heldBytes = Array.from(held.values(), ({ byteLength }) => byteLength).reduce(
          (sum, size) => sum + size,
          0,
        );
        const isSpent = held.size >= limits.blocks || ms >= limits.ms || heldBytes >= BYTES_MAX / 2;
        const take = (hash: string) => this.#take(hash, held);
        const round = new Round(this.#ports.sql, take, most, isSpent);
        const value = run(round);
        if (!round.isLacking) {
          return ok(value);
        }
        if (held.size + round.lacking.size > BLOCKS_MAX || heldBytes > BYTES_MAX) {
          return TOO_MUCH;
        }
        if (ms > MS_MAX) {
          return { ok: false, failure: UNAVAILABLE };
        }
        if (!hasTurn) {
          await this.#turn();
          hasTurn = true;
        }
        const wanted = placesOf(round.lacking.values(), limits.isInOrder === true, heldBytes);
        const fetched = await this.#fetch(wanted, held);
        if (!fetched.ok) {
          this.#ports.report(fetched.failure);
          return { ok: false, failure: UNAVAILABLE };
        }
      }
    } finally {
      if (hasTurn) {
        this.#endTurn();
      }
    }
  }

  #take(hash: string, held: Blocks): Uint8Array | undefined {
    const bytes = held.get(hash) ?? this.#cache.get(hash);
    if (bytes !== undefined) {
      held.set(hash, bytes);
    }
    return bytes;
  }

  /** Fetches blocks, those of each object with one request. */
  async #fetch(wanted: ReadonlyMap<string, BlockPlace[]>, held: Blocks): Promise<BlobResult<void>> {
    const requests = [...wanted];
    let outcome: BlobResult<void> = ok(undefined);
    const work = async (): Promise<void> => {
      for (let next = requests.shift(); next !== undefined && outcome.ok; next = requests.shift()) {
        const fetched = await this.#fetchPlaces(...next, held);
        outcome = fetched.ok ? outcome : fetched;
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_MAX }, work));
    return outcome;
  }

  async #fetchPlaces(
    key: string,
    places: readonly BlockPlace[],
    held: Blocks,
  ): Promise<BlobResult<void>> {
    for (let attempt = 1; ; attempt++) {
      const blocks = await readBlocks(this.#ports.store, key, places);
      if (blocks.ok) {
        for (const { id, sha256 } of places) {
          const bytes = blocks.value.get(id) ?? new Uint8Array();
          held.set(sha256, bytes);
          this.#remember(sha256, bytes);
        }
        return ok(undefined);
      }
      const { id = 0 } = places[0] ?? {};
      if (findPlace(this.#ports.sql, id)?.offload.key !== key) {
        return ok(undefined);
      }
      if (attempt === ATTEMPTS || !blocks.failure.retryable) {
        return blocks;
      }
    }
  }

  #remember(hash: string, bytes: Uint8Array): void {
    this.#cacheBytes += bytes.byteLength - (this.#cache.get(hash)?.byteLength ?? 0);
    this.#cache.delete(hash);
    this.#cache.set(hash, bytes);
    for (const [oldest, { byteLength }] of this.#cache) {
      if (this.#cacheBytes <= CACHE_BYTES_MAX) {
        return;
      }
      this.#cache.delete(oldest);
      this.#cacheBytes -= byteLength;
    }
  }

  /** Memory is bounded by how many reads hold blocks at once. */
  async #turn(): Promise<void> {
    if (this.#reads >= READS_MAX) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#reads++;
    }
  }

  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#reads--;
    } else {
      next();
    }
  }
}

class Round implements FetchedBlocks {
  readonly lacking = new Map<number, Stored>();
  readonly isSpent: boolean;
  readonly #sql: Sql;
  readonly #take: (hash: string) => Uint8Array | undefined;
  readonly #most: number;

  constructor(
    sql: Sql,
    take: (hash: string) => Uint8Array | undefined,
    most: number,
    isSpent: boolean,
  ) {
    this.#sql = sql;
    this.#take = take;
    this.#most = most;
    this.isSpent = isSpent;
  }

  get isLacking(): boolean {
    return this.lacking.size > 0;
  }

  get isFull(): boolean {
    return this.lacking.size >= this.#most;
  }

  find(blockId: number): Uint8Array | undefined {
    const stored = findPlace(this.#sql, blockId);
    if (stored === undefined) {
      throw new Error(`Block ${blockId} is neither in the database nor in the blob store.`);
    }
    const bytes = this.#take(stored.place.sha256);
    if (bytes === undefined) {
      this.lacking.set(blockId, stored);
    }
    return bytes;
  }

  forgive(): void {
    this.lacking.clear();
  }
}

/** What to read of which object; no more than may be held. */
function placesOf(
  lacking: Iterable<Stored>,
  isInOrder: boolean,
  heldBytes: number,
): Map<string, BlockPlace[]> {
  const wanted = new Map<string, BlockPlace[]>();
  let bytes = heldBytes;
  for (const { offload, place } of lacking) {
    const places = isInOrder ? placesFrom(offload, place) : [place];
    bytes += places.reduce((sum, { length }) => sum + length, 0);
    if (bytes > BYTES_MAX && wanted.size > 0) {
      break;
    }
    wanted.set(offload.key, [...(wanted.get(offload.key) ?? []), ...places]);
  }
  return wanted;
}

function placesFrom({ places }: Offload, { id }: BlockPlace): BlockPlace[] {
  return places.filter((place) => place.id >= id);
}
