/**
 * Writes segments again: several that follow one another as one, or one without its beginning.
 *
 * With 65,536 events that takes longer than an append should wait. So it is done in memory, a column a step, or some of
 * a smaller segment's, and the last step writes: until then nothing has changed.
 */
import type { Sql } from "../sql/sql.ts";
import type { Extent } from "./blocks.ts";
import { type Columns, JoinedColumns } from "./columns.ts";
import type { Geometry } from "./geometry.ts";
import { deleteSegment, readColumns, type SegmentInfo, writeSegment } from "./segments.ts";
import { summarize, type Summary } from "./summary.ts";
import { encodeVector, VECTOR_NAMES, type VectorName } from "./vector-codec.ts";

/** Where the new segment begins. */
export type SegmentStart = Pick<SegmentInfo, "id" | "firstSeq" | "firstIngestedAt">;

/** Columns of a segment of 16 blocks that are written again in a step. */
const STEP_COLUMNS = 3;

/** The rewrite under way, of which there is one at a time. */
export class SegmentRewriter {
  readonly #sql: Sql;
  readonly #stepEvents: number;
  #underWay: { readonly key: string; readonly rewrite: Rewrite } | undefined;

  constructor(sql: Sql, { blockEvents, joinedBlocks }: Geometry) {
    this.#sql = sql;
    this.#stepEvents = blockEvents * joinedBlocks[0] * STEP_COLUMNS;
  }

  /**
   * Does the next step of writing `parts` as one segment that begins at `start`; the first step when it is not what the
   * last call was for.
   *
   * @returns the segment when it is written.
   */
  step(parts: readonly SegmentInfo[], start: SegmentStart): SegmentInfo | undefined {
    const key = JSON.stringify([parts, start]);
    if (this.#underWay?.key !== key) {
      this.#underWay = { key, rewrite: new Rewrite(this.#sql, parts, start) };
    }
    const { rewrite } = this.#underWay;
    let written: SegmentInfo | undefined;
    let events = 0;
    do {
      written = rewrite.step();
      events += rewrite.events;
    } while (written === undefined && events + rewrite.events <= this.#stepEvents);
    if (written !== undefined) {
      this.#underWay = undefined;
    }
    return written;
  }
}

class Rewrite {
  readonly #sql: Sql;
  readonly #parts: readonly SegmentInfo[];
  readonly #start: SegmentStart;
  readonly #columns: Columns;
  readonly #vectors = new Map<VectorName, Uint8Array>();
  #summary: Summary | undefined;

  constructor(sql: Sql, parts: readonly SegmentInfo[], start: SegmentStart) {
    this.#sql = sql;
    this.#parts = parts;
    this.#start = start;
    this.#columns = new JoinedColumns(
      parts.map((part) => readColumns(sql, part)),
      start.firstSeq - (parts[0]?.firstSeq ?? 0),
    );
  }

  /** How many events it reads. */
  get events(): number {
    return (this.#parts.at(-1)?.lastSeq ?? 0) - (this.#parts[0]?.firstSeq ?? 0) + 1;
  }

  step(): SegmentInfo | undefined {
    const name = VECTOR_NAMES[this.#vectors.size];
    if (name !== undefined) {
      this.#vectors.set(name, encodeVector(name, this.#columns));
      return undefined;
    }
    if (this.#summary === undefined) {
      this.#summary = summarize(this.#columns);
      return undefined;
    }
    return this.#write(this.#summary);
  }

  #write(summary: Summary): SegmentInfo {
    const last = this.#parts.at(-1);
    if (last === undefined) {
      throw new RangeError("No segment cannot be written again.");
    }
    const { id, firstSeq, firstIngestedAt } = this.#start;
    const info = { ...last, id, firstSeq, firstIngestedAt, ...timesOf(this.#columns) };
    this.#sql.transaction(() => {
      this.#parts.forEach((part) => deleteSegment(this.#sql, part));
      writeSegment(this.#sql, { info, vectors: this.#vectors, summary });
    });
    return info;
  }
}

function timesOf({ times }: Columns): Pick<Extent, "minOccurredAt" | "maxOccurredAt"> {
  const [first = 0] = times;
  let [minOccurredAt, maxOccurredAt] = [first, first];
  for (const time of times) {
    minOccurredAt = Math.min(minOccurredAt, time);
    maxOccurredAt = Math.max(maxOccurredAt, time);
  }
  return { minOccurredAt, maxOccurredAt };
}
