/**
 * A log as the units that a query reads: the tail, loose blocks and segments, each with the times it spans.
 *
 * Late arrivals make units overlap in occurred_at, so a query takes them in the order of the list it makes and stops
 * when no further unit can add to it: the read of a log-structured merge tree.
 */
import type { Position } from "../contract/event-query.ts";
import type { StoredEvent } from "../contract/event.ts";
import type { Query } from "../query/query.ts";
import type { Sql } from "../sql/sql.ts";
import { type BlockLines, openBlock } from "./block-lines.ts";
import { BlockTest } from "./block-test.ts";
import {
  type BlockInfo,
  encodedBlock,
  type Extent,
  findBlock,
  isAtHome,
  looseBlocks,
} from "./blocks.ts";
import type { EventSet } from "./event-set.ts";
import type { FetchedBlocks } from "./fetched-blocks.ts";
import type { Geometry } from "./geometry.ts";
import { parseLine } from "./line.ts";
import type { SegmentColumns } from "./segment-columns.ts";
import { readColumns, type SegmentInfo } from "./segments.ts";
import { tailRows } from "./tail.ts";

export interface BlockUnit {
  readonly kind: "block";
  readonly extent: Extent;
  readonly block: BlockInfo;
}

export type Unit =
  | BlockUnit
  | { readonly kind: "segment"; readonly extent: Extent; readonly segment: SegmentInfo };

/** What a query can see of a log. */
export interface ReadScope {
  /** The oldest event that has not expired. */
  readonly firstSeq: number;
  /** Events up to it are in blocks; the others in the tail. */
  readonly sealedSeq: number;
  readonly segments: readonly SegmentInfo[];
  readonly geometry: Geometry;
  /** Blocks that a search may read before it stops. */
  readonly blocksMax: number;
  /** What was fetched of the blob store. */
  readonly fetched: FetchedBlocks;
}

export function unitsOf(sql: Sql, segments: readonly SegmentInfo[]): Unit[] {
  return [
    ...looseBlocks(sql).map(blockUnit),
    ...segments.map((segment): Unit => ({ kind: "segment", extent: segment, segment })),
  ];
}

/**
 * Blocks of a segment that are read alone, because that takes less time than reading its columns: a few, and all of them in
 * the database, because columns may know that none has to be fetched. Undefined when they are not.
 *
 * @param ids undefined or null for more than a few. Those of blocks that are gone are left out.
 */
export function unitsReadAlone(
  sql: Sql,
  ids: readonly number[] | null | undefined,
  { fewBlocks }: Geometry,
): readonly BlockUnit[] | undefined {
  if (ids == null || ids.length > fewBlocks) {
    return undefined;
  }
  const blocks = ids.map((id) => findBlock(sql, id)).filter((block) => block !== undefined);
  return blocks.every(({ id }) => isAtHome(sql, id)) ? blocks.map(blockUnit) : undefined;
}

function blockUnit(block: BlockInfo): BlockUnit {
  return { kind: "block", extent: block, block };
}

/** Which events of a block match; the first event of the block has `firstSeq`. */
export interface BlockMatches {
  readonly firstSeq: number;
  readonly events: EventSet;
}

/** The events of a block that match. None when the block is lacking. */
export function seqsOf(matches: BlockMatches | undefined): number[] {
  return matches === undefined
    ? []
    : Array.from(matches.events.numbers(), (event) => matches.firstSeq + event);
}

/** The blocks that some events of a segment are in, when they are few. @param events their numbers, in order. */
export function fewBlocksOf(
  events: Uint32Array,
  { firstSeq }: SegmentInfo,
  geometry: Geometry,
): readonly number[] | undefined {
  const ids = new Set<number>();
  for (const event of events) {
    ids.add(geometry.blockOf(firstSeq + event));
    if (ids.size > geometry.fewBlocks) {
      return undefined;
    }
  }
  return [...ids];
}

/** Whether some events of an extent are to be seen and occurred from `from` to `to`, both included, as far as it tells. */
export function mayReach(
  extent: Extent,
  { firstSeq }: ReadScope,
  from: number,
  to: number,
): boolean {
  const { lastSeq, minOccurredAt, maxOccurredAt } = extent;
  return lastSeq >= firstSeq && maxOccurredAt >= from && minOccurredAt <= to;
}

/** Reads blocks for one query; what it has read stays at hand until the query is answered. */
export class BlockReader {
  readonly #sql: Sql;
  readonly #geometry: Geometry;
  readonly #fetched: FetchedBlocks;
  readonly #test: BlockTest;
  readonly #lines = new Map<number, BlockLines>();
  readonly #matches = new Map<number, BlockMatches>();
  /** What the query has cost so far, in blocks. */
  cost = 0;

  constructor(sql: Sql, where: Query, { geometry, fetched }: ReadScope) {
    this.#sql = sql;
    this.#geometry = geometry;
    this.#fetched = fetched;
    this.#test = new BlockTest(where);
  }

  /** The line of an event. Undefined when its block is lacking. */
  line(seq: number): string | undefined {
    const lines = this.#open(this.#geometry.blockOf(seq));
    return lines?.at(seq - lines.firstSeq);
  }

  /** Whether an event matches. Undefined when its block is lacking. */
  isMatch(seq: number): boolean | undefined {
    const matches = this.matches(this.#geometry.blockOf(seq));
    return matches && matches.events.has(seq - matches.firstSeq);
  }

  /** Undefined when the block is lacking. */
  matches(blockId: number): BlockMatches | undefined {
    const known = this.#matches.get(blockId);
    if (known !== undefined) {
      return known;
    }
    const lines = this.#open(blockId);
    if (lines === undefined) {
      return undefined;
    }
    const matches = { firstSeq: lines.firstSeq, events: this.#test.matching(lines) };
    keep(this.#matches, MATCHES_AT_HAND, blockId, matches);
    return matches;
  }

  /** Where in the list the events of a block are that match, in order of seq. Undefined when the block is lacking. */
  places(blockId: number): Position[] | undefined {
    const matches = this.matches(blockId);
    const times = matches && this.#open(blockId)?.occurredAts;
    return (
      times &&
      seqsOf(matches).map((seq) => ({ seq, occurredAt: times[seq - matches.firstSeq] ?? 0 }))
    );
  }

  /** Notes that the block is lacking, if it is, and does not read it. */
  want(blockId: number): void {
    if (!isAtHome(this.#sql, blockId)) {
      this.#fetched.find(blockId);
    }
  }

  columns(segment: SegmentInfo): SegmentColumns {
    this.cost += COLUMNS_COST + (segment.lastSeq - segment.firstSeq) * COLUMNS_COST_AN_EVENT;
    return readColumns(this.#sql, segment);
  }

  #open(blockId: number): BlockLines | undefined {
    const known = this.#lines.get(blockId);
    if (known !== undefined) {
      return known;
    }
    this.cost++;
    const bytes = encodedBlock(this.#sql, blockId) ?? this.#fetched.find(blockId);
    if (bytes === undefined) {
      return undefined;
    }
    const lines = openBlock(bytes);
    keep(this.#lines, BLOCKS_AT_HAND, blockId, lines);
    return lines;
  }
}

/** A few neighbours are enough, because events are read nearly in order: when they are many, all are forgotten. */
function keep<Value>(map: Map<number, Value>, most: number, blockId: number, value: Value): void {
  if (map.size >= most) {
    map.clear();
  }
  map.set(blockId, value);
}

const BLOCKS_AT_HAND = 32;
const MATCHES_AT_HAND = 1_024;
/** Testing the columns of a segment, in blocks read and matched in the same time. */
const COLUMNS_COST = 0.2;
const COLUMNS_COST_AN_EVENT = 0.000_03;

/** An event with what a search orders it by. */
export interface ReadEvent {
  readonly seq: number;
  readonly occurredAt: number;
  readonly line: string;
  readonly stored: StoredEvent;
}

/** Events of the tail from `firstSeq` on. */
export function* tailEvents(sql: Sql, firstSeq: number): Iterable<ReadEvent> {
  for (const row of tailRows(sql, firstSeq)) {
    for (const [index, line] of row.lines.entries()) {
      if (row.firstSeq + index >= firstSeq) {
        yield readEventOf(line);
      }
    }
  }
}

export function readEventOf(line: string): ReadEvent {
  const stored = parseLine(line);
  return { seq: stored.seq, occurredAt: Date.parse(stored.event.occurred_at), line, stored };
}
