/**
 * Makes the file of an export: reads the log in order of seq, keeps what matches, puts it in order, writes it.
 *
 * This folder owns everything from encoded pieces of a log to a finished and verified file in a blob store, in bounded
 * memory and in steps that a crash cannot harm. It knows nothing of Durable Objects and HTTP; what it makes is specified
 * by the wire contract, "Exports". How it works is told in `docs/architecture.md`, "The life of an export".
 *
 * Everything that is known stands in the database after each part (`progress.ts`), and no statement is written between
 * two checkpoints that would not be true at the earlier one.
 */
import type { BlobResult } from "../blob/blob-failure.ts";
import type { BlobStore } from "../blob/blob-store.ts";
import { byteText } from "../kernel/byte-text.ts";
import type { Clock } from "../kernel/clock.ts";
import { ok } from "../kernel/result.ts";
import { type EncodedPiece, fetchPiece, type HeldPiece, type StoredPiece } from "../log/encoded.ts";
import { parseLine } from "../log/line.ts";
import type { Query } from "../query/query.ts";
import { timeBounds } from "../query/time-bounds.ts";
import type { Sql } from "../sql/sql.ts";
import { fileKeys } from "./file.ts";
import { fileFormat } from "./formats.ts";
import { Horizon, type Stretch } from "./horizon.ts";
import { Output } from "./output.ts";
import { readProgress, writeProgress } from "./progress.ts";
import { RowReader } from "./row-reader.ts";
import { Sorter, type SorterOptions } from "./sorter.ts";
import type { LogSource } from "./source.ts";
import type { ExportSpec } from "./spec.ts";

/** For tests that need many parts, runs and steps of few events. */
export interface MakerOptions extends SorterOptions {
  readonly partBytes?: number;
  readonly batchBytes?: number;
}

export interface MakerPorts {
  readonly sql: Sql;
  readonly source: LogSource;
  readonly store: BlobStore;
  readonly clock: Clock;
  /** Lets others have their turn: on one machine, the log itself. */
  readonly pause: () => Promise<void>;
  /** Goes to false when the export is not wanted any more. */
  readonly isWanted: () => boolean;
}

/** What is written without a pause: some hundred rows, less than a millisecond. */
const BATCH_BYTES = 192 * 1024;

export class Maker {
  readonly #ports: MakerPorts;
  readonly #spec: ExportSpec;
  readonly #where: Query;
  readonly #rows: RowReader;
  readonly #batchBytes: number;
  readonly #sorter: Sorter;
  readonly #output: Output;
  /** What is still to come, as far as it is known without reading it. */
  #outlook: Horizon | undefined;
  /** Nothing that is still to come occurred earlier. */
  #horizon = -Infinity;
  /** What the log has given and was not read yet, and where it ends. */
  #pieces: EncodedPiece[] = [];
  #runEnd = 0;
  #nextSeq: number;
  #events: number;
  #purged: number;

  /** Goes on from what the database says. @param where the query of the spec's filter. */
  constructor(ports: MakerPorts, spec: ExportSpec, where: Query, options: MakerOptions = {}) {
    this.#ports = ports;
    this.#spec = spec;
    this.#where = where;
    const format = fileFormat(spec);
    this.#rows = new RowReader(format, where);
    const progress = readProgress(ports.sql);
    this.#nextSeq = progress?.nextSeq ?? spec.firstSeq;
    this.#events = progress?.events ?? 0;
    this.#purged = progress?.purged ?? 0;
    this.#batchBytes = options.batchBytes ?? BATCH_BYTES;
    this.#sorter = new Sorter(ports.sql, progress?.last, options);
    this.#output = new Output(ports, fileKeys(spec).events, options.partBytes);
    if (progress === undefined) {
      this.#output.write(byteText(format.head));
      this.#writeProgress();
    }
  }

  get events(): number {
    return this.#events;
  }

  /** Events of the log that have been looked through. */
  get eventsRead(): number {
    return this.#nextSeq - this.#spec.firstSeq;
  }

  /** Changes with every part that the store has taken. */
  get mark(): string {
    return `${this.#output.partsSent} ${this.#nextSeq}`;
  }

  get purged(): number {
    return this.#purged;
  }

  /** The pieces in which the file is stored, when it is complete. */
  get pieces() {
    return this.#output.pieces;
  }

  /**
   * Works for about so long. After a failure the same call goes on; after a throw, only a new maker can.
   *
   * @returns whether the file is complete.
   */
  async work(milliseconds: number): Promise<BlobResult<boolean>> {
    const until = this.#ports.clock() + milliseconds;
    do {
      const step = await this.#step();
      if (!step.ok || step.value === "complete") {
        return step.ok ? ok(true) : step;
      }
      await this.#ports.pause();
    } while (this.#ports.isWanted() && this.#ports.clock() < until);
    return ok(false);
  }

  /** Does the next thing that is to be done, some milliseconds of it. */
  async #step(): Promise<BlobResult<"more" | "complete">> {
    if (this.#output.isPartFull) {
      return this.#sendPart();
    }
    if (this.#writeRows()) {
      return MORE;
    }
    if (this.#sorter.isFull) {
      await this.#checkpoint();
    } else if (this.#pieces[0] !== undefined) {
      return this.#readNext(this.#pieces[0]);
    } else if (this.#nextSeq <= this.#spec.headSeq) {
      return this.#fetchRun();
    } else if (this.#horizon < Infinity) {
      this.#horizon = Infinity;
    } else if (this.#output.hasLastPart) {
      return this.#sendPart();
    } else {
      const completed = await this.#output.complete();
      return completed.ok ? ok("complete") : completed;
    }
    return MORE;
  }

  /** Writes the next rows that nothing can precede any more. @returns whether there were any. */
  #writeRows(): boolean {
    const rows = this.#sorter.take(this.#horizon, this.#batchBytes);
    this.#output.write(rows.map(({ text }) => text).join(""));
    this.#events += rows.length;
    return rows.length > 0;
  }

  async #sendPart(): Promise<BlobResult<"more">> {
    const sent = await this.#output.sendPart();
    if (!sent.ok) {
      return sent;
    }
    await this.#checkpoint();
    return MORE;
  }

  async #fetchRun(): Promise<BlobResult<"more">> {
    this.#outlook ??= await this.#survey();
    const request = { fromSeq: this.#nextSeq, toSeq: this.#spec.headSeq };
    const run = await this.#ports.source.run(request, this.#spec.filter);
    const { firstSeq, pieces, nextSeq } = run;
    this.#purged += firstSeq - this.#nextSeq;
    this.#pieces = [...pieces];
    this.#runEnd = nextSeq;
    this.#readUpTo(pieces.length > 0 ? firstSeq : nextSeq);
    return MORE;
  }

  async #readNext(piece: EncodedPiece): Promise<BlobResult<"more">> {
    if (piece.kind === "stored") {
      return this.#fetch(piece);
    }
    this.#read(piece);
    this.#writeRows();
    return MORE;
  }

  /** One piece at a time, so that a store that fails now and then does not take away what others gave. */
  async #fetch(piece: StoredPiece): Promise<BlobResult<"more">> {
    const held = await fetchPiece(this.#ports.store, piece);
    if (!held.ok) {
      // The log is asked again from the first piece that was not read: its blocks may have come back.
      this.#pieces = [];
      return held;
    }
    this.#pieces.splice(0, 1, ...held.value);
    return MORE;
  }

  #read(piece: HeldPiece): void {
    this.#pieces.shift();
    for (const row of this.#rows.read(piece, this.#nextSeq, this.#spec.headSeq)) {
      this.#sorter.add(row);
    }
    this.#readUpTo(this.#pieces.length > 0 ? piece.lastSeq + 1 : this.#runEnd);
  }

  /** Everything before this seq has been read: so all that can still come is what follows. */
  #readUpTo(nextSeq: number): void {
    this.#nextSeq = nextSeq;
    this.#horizon = Math.min(
      ...this.#pieces.map(earliestIn),
      this.#outlook?.from(this.#runEnd) ?? -Infinity,
    );
  }

  /** What every part of the log spans in time. The tail is looked through for it, because nothing else tells. */
  async #survey(): Promise<Horizon> {
    const { source, pause } = this.#ports;
    const { headSeq, filter } = this.#spec;
    const extents = await source.extents({ fromSeq: this.#nextSeq, toSeq: headSeq });
    const stretches: Stretch[] = [...extents];
    for (let seq = (extents.at(-1)?.lastSeq ?? this.#nextSeq - 1) + 1; seq <= headSeq;) {
      const run = await source.run({ fromSeq: seq, toSeq: headSeq }, filter);
      stretches.push(...run.pieces.map((piece) => stretchOf(piece, headSeq)));
      await pause();
      seq = run.nextSeq;
    }
    return new Horizon(stretches, timeBounds(this.#where));
  }

  /** Makes durable what has been done, and keeps the sorted runs few. */
  async #checkpoint(): Promise<void> {
    this.#writeProgress();
    await this.#sorter.merge(this.#ports.pause);
  }

  #writeProgress(): void {
    this.#ports.sql.transaction(() => {
      this.#sorter.spill();
      writeProgress(this.#ports.sql, {
        nextSeq: this.#nextSeq,
        last: this.#sorter.last,
        events: this.#events,
        purged: this.#purged,
      });
      this.#output.checkpoint();
    });
  }
}

const MORE = ok("more" as const);

/** No event of a piece occurred earlier, as far as that is known without reading it. */
function earliestIn(piece: EncodedPiece): number {
  switch (piece.kind) {
    case "block":
      return piece.minOccurredAt;
    case "stored":
      return Math.min(...piece.blocks.map(({ minOccurredAt }) => minOccurredAt));
    default:
      return -Infinity;
  }
}

/** What a piece spans in time, or more: of a block only the beginning is known. */
function stretchOf(piece: EncodedPiece, headSeq: number): Stretch {
  const { lastSeq } = piece;
  if (piece.kind !== "lines") {
    return { lastSeq, minOccurredAt: earliestIn(piece), maxOccurredAt: Infinity };
  }
  const times = piece.lines
    .map(parseLine)
    .filter(({ seq }) => seq <= headSeq)
    .map(({ event }) => Date.parse(event.occurred_at));
  return { lastSeq, minOccurredAt: Math.min(...times), maxOccurredAt: Math.max(...times) };
}
