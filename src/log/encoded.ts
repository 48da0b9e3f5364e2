/**
 * The log as it is stored, for readers that decode it in a place of their own: exports, streams, proofs.
 *
 * What is read here is handed out unopened. A reader asks from a seq, is given the pieces that follow, and goes on from
 * where they end; so it needs to know nothing of blocks, segments and the tail, or of where each of them is.
 */
import { blobFault, type BlobResult } from "../blob/blob-failure.ts";
import type { BlobStore } from "../blob/blob-store.ts";
import { ok } from "../kernel/result.ts";
import { requiredTerms } from "../query/index-terms.ts";
import type { Query } from "../query/query.ts";
import { timeBounds } from "../query/time-bounds.ts";
import type { Sql } from "../sql/sql.ts";
import {
  type BlockInfo,
  blocksBetween,
  encodedBlock,
  type Extent,
  extentsOfRuns,
} from "./blocks.ts";
import { Candidates } from "./candidates.ts";
import { type BlockPlace, readBlocks as readStoredBlocks } from "./offload/block-object.ts";
import { findPlace } from "./offload/offloads.ts";
import { tailRows } from "./tail.ts";
import type { ReadScope } from "./units.ts";

/** Some consecutive events: an encoded block (`openBlock` reads it), or stored lines that are not in a block yet. */
export type HeldPiece =
  | {
      readonly kind: "block";
      readonly firstSeq: number;
      readonly lastSeq: number;
      readonly minOccurredAt: number;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: "lines";
      readonly firstSeq: number;
      readonly lastSeq: number;
      readonly lines: readonly string[];
    };

/** Blocks in one object of the blob store: `fetchPiece` gets them, without a detour over the tenant's thread. */
export interface StoredPiece {
  readonly kind: "stored";
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly key: string;
  readonly blocks: readonly StoredBlock[];
}

export interface StoredBlock extends BlockPlace {
  readonly minOccurredAt: number;
}

export type EncodedPiece = HeldPiece | StoredPiece;

export interface EncodedRun {
  /** The first event from the position on that has not expired, or the end. What lies between has left the log. */
  readonly firstSeq: number;
  /** In order of seq. A block may begin before `firstSeq`: those of its events have expired. */
  readonly pieces: readonly EncodedPiece[];
  /** The position to go on from. What lies between the pieces cannot match the query. */
  readonly nextSeq: number;
}

export interface EncodedRequest {
  /** The first seq wanted, and the last. */
  readonly fromSeq: number;
  readonly toSeq: number;
}

/**
 * A run ends with the extent in which it becomes this large, some ten thousand events: of what follows, a reader knows
 * when it occurred. A run of large events ends anywhere.
 */
const RUN_BYTES = 1_000_000;
const RUN_BYTES_MAX = 4_000_000;
/** Blocks that one call looks at, so that a call is short when the query leaves most of them out. */
const RUN_BLOCKS_MAX = 1_024;

/** Reads some pieces from a position on. Blocks that time or the index rule out are passed over. */
export function readRun(
  sql: Sql,
  { fromSeq, toSeq }: EncodedRequest,
  where: Query,
  scope: ReadScope,
): EncodedRun {
  const firstSeq = Math.min(Math.max(fromSeq, scope.firstSeq), toSeq + 1);
  const lastSealed = Math.min(toSeq, scope.sealedSeq);
  return firstSeq <= lastSealed
    ? readBlocks(sql, { fromSeq: firstSeq, toSeq: lastSealed }, where, scope)
    : readTail(sql, firstSeq, toSeq);
}

/** Fetches what is in the blob store. */
export async function fetchPiece(
  store: BlobStore,
  piece: StoredPiece,
): Promise<BlobResult<HeldPiece[]>> {
  const fetched = await readStoredBlocks(store, piece.key, piece.blocks);
  if (!fetched.ok && fetched.failure.code === "blob_not_found") {
    const message = `${piece.key} is not there. If its blocks came back into the log since, it is asked again.`;
    return blobFault("blob_unavailable", message);
  }
  return fetched.ok
    ? ok(
        piece.blocks.map(({ id, firstSeq, lastSeq, minOccurredAt }) => {
          const bytes = fetched.value.get(id) ?? new Uint8Array();
          return { kind: "block", firstSeq, lastSeq, minOccurredAt, bytes };
        }),
      )
    : fetched;
}

/** The extents of sealed events from `fromSeq` to `toSeq`, in order of seq: of 4,096 events each, or somewhat fewer. */
export function sealedExtents(
  sql: Sql,
  { fromSeq, toSeq }: EncodedRequest,
  { geometry }: ReadScope,
): Extent[] {
  const [runBlocks] = geometry.joinedBlocks;
  const lastId = geometry.blockOf(toSeq);
  return extentsOfRuns(sql, geometry.blockOf(fromSeq), lastId, runBlocks);
}

function readBlocks(
  sql: Sql,
  { fromSeq, toSeq }: EncodedRequest,
  where: Query,
  { geometry }: ReadScope,
): EncodedRun {
  const firstId = geometry.blockOf(fromSeq);
  const lastId = Math.min(geometry.blockOf(toSeq), firstId + RUN_BLOCKS_MAX - 1);
  const candidates = new Candidates(sql, requiredTerms(where));
  const { from, to } = timeBounds(where);
  const mayMatch = (block: BlockInfo) =>
    block.maxOccurredAt >= from && block.minOccurredAt < to && candidates.may(block);
  const pieces: EncodedPiece[] = [];
  let size = 0;
  for (const block of blocksBetween(sql, firstId, lastId)) {
    if (mayMatch(block)) {
      const isExtentStart = (block.id - 1) % geometry.joinedBlocks[0] === 0;
      if (size >= RUN_BYTES_MAX || (size >= RUN_BYTES && isExtentStart)) {
        return { firstSeq: fromSeq, pieces, nextSeq: block.firstSeq };
      }
      const bytes = encodedBlock(sql, block.id);
      if (bytes === undefined) {
        size += addStored(pieces, sql, block);
      } else {
        const { firstSeq, lastSeq, minOccurredAt } = block;
        pieces.push({ kind: "block", firstSeq, lastSeq, minOccurredAt, bytes });
        size += bytes.byteLength;
      }
    }
  }
  return { firstSeq: fromSeq, pieces, nextSeq: Math.min(geometry.lastSeqOf(lastId), toSeq) + 1 };
}

/** Blocks of one object that follow one another become one piece, to be fetched with one request. @returns the size. */
function addStored(pieces: EncodedPiece[], sql: Sql, block: BlockInfo): number {
  const found = findPlace(sql, block.id);
  if (found === undefined) {
    throw new Error(`Block ${block.id} is neither in the database nor in the blob store.`);
  }
  const { key } = found.offload;
  const stored: StoredBlock = { ...found.place, minOccurredAt: block.minOccurredAt };
  const last = pieces.at(-1);
  const isNext = last?.kind === "stored" && last.key === key && last.lastSeq + 1 === block.firstSeq;
  const before = isNext ? pieces.pop() : undefined;
  const blocks = before?.kind === "stored" ? before.blocks : [];
  const firstSeq = before?.firstSeq ?? block.firstSeq;
  pieces.push({
    kind: "stored",
    firstSeq,
    lastSeq: block.lastSeq,
    key,
    blocks: [...blocks, stored],
  });
  return stored.length;
}

function readTail(sql: Sql, firstSeq: number, toSeq: number): EncodedRun {
  const pieces: EncodedPiece[] = [];
  let characters = 0;
  let nextSeq = firstSeq;
  for (const row of tailRows(sql, firstSeq)) {
    if (row.firstSeq > toSeq || characters >= RUN_BYTES) {
      break;
    }
    const first = Math.max(row.firstSeq, firstSeq);
    const last = Math.min(row.lastSeq, toSeq);
    const lines = row.lines.slice(first - row.firstSeq, last + 1 - row.firstSeq);
    pieces.push({ kind: "lines", firstSeq: first, lastSeq: last, lines });
    characters += lines.reduce((sum, line) => sum + line.length, 0);
    nextSeq = last + 1;
  }
  // Nothing is left when all that was wanted has expired.
  return {
    firstSeq,
    pieces,
    nextSeq: pieces.length === 0 ? toSeq + 1 : nextSeq,
  };
}
