/** One group commit while it is gathered: the new events of all its requests, before any of them is written. */
import type { Geometry } from "./geometry.ts";
import { FINGERPRINT_BYTES } from "./idempotency.ts";
import { buildLine } from "./line.ts";

export interface LogOptions {
  readonly organizationId: string;
  /** An unsigned 32-bit integer for the random part of an id. */
  readonly random: () => number;
  /** For tests that need many steps: the rows that one step of a purge removes, … */
  readonly purgeStepRows?: number;
  /** … where blocks and segments end, … */
  readonly geometry?: Geometry;
  /** … and what one page of a search, or one step of a count, may read. */
  readonly searchBlocksMax?: number;
  readonly countStepBlocks?: number;
}

/** Where an event stands in the log. */
export interface AppendReceipt {
  readonly id: string;
  readonly seq: number;
  /** The event was there already: this is the first answer again. */
  readonly replayed: boolean;
}

export class CommitBuilder {
  readonly firstSeq: number;
  readonly ingestedAt: number;
  readonly lines: string[] = [];
  /** The seq that each new fingerprint got. */
  readonly keys = new Map<string, number>();
  readonly #fingerprints: Uint8Array[] = [];
  readonly #options: LogOptions;

  constructor(options: LogOptions, firstSeq: number, ingestedAt: number) {
    this.#options = options;
    this.firstSeq = firstSeq;
    this.ingestedAt = ingestedAt;
  }

  get fingerprints(): Uint8Array {
    const packed = new Uint8Array(this.#fingerprints.length * FINGERPRINT_BYTES);
    this.#fingerprints.forEach((bytes, index) => packed.set(bytes, index * FINGERPRINT_BYTES));
    return packed;
  }

  find(key: string): number | undefined {
    return this.keys.get(key);
  }

  lineAt(seq: number): string | undefined {
    return this.lines[seq - this.firstSeq];
  }

  /** Adds a new event; `key` is its fingerprint, number `index` of `fingerprints`. */
  add(event: string, key: string, fingerprints: Uint8Array, index: number): AppendReceipt {
    const seq = this.firstSeq + this.lines.length;
    const line = buildLine(event, {
      organizationId: this.#options.organizationId,
      seq,
      ingestedAt: this.ingestedAt,
      random: this.#options.random(),
    });
    this.lines.push(line.text);
    this.keys.set(key, seq);
    const start = index * FINGERPRINT_BYTES;
    this.#fingerprints.push(fingerprints.subarray(start, start + FINGERPRINT_BYTES));
    return { id: line.id, seq, replayed: false };
  }
}
