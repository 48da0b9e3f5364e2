/**
 * Reads a whole log and says where it contradicts itself: for a backup, a copy, or a disk that is not trusted.
 *
 * It finds damage, not forgery: whoever can write the file can write one that agrees with itself.
 */
import type { StoredEvent } from "../contract/event.ts";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { seqOfEventId } from "../kernel/event-id.ts";
import type { Json } from "../kernel/strict-json.ts";
import { eventTerms } from "../query/index-terms.ts";
import type { Sql } from "../sql/sql.ts";
import { decodeBlock } from "./block-lines.ts";
import { type BlockInfo, type Extent, blocksBetween, encodedBlock, parseLines } from "./blocks.ts";
import { type Columns, ColumnsBuilder } from "./columns.ts";
import { shortHashes } from "./hash-text.ts";
import { parseLine } from "./line.ts";
import { type OffloadReader, ORDERED_LIMITS } from "./offload/offload-reader.ts";
import { purgedSeq } from "./retention.ts";
import { allSegments, readColumns, readSummary, type SegmentInfo } from "./segments.ts";
import { summarize } from "./summary.ts";
import { tailRows } from "./tail.ts";
import { candidateBlocks } from "./term-index.ts";

export interface Verification {
  readonly events: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly blocks: number;
  readonly segments: number;
  /** Sentences, at most `FAULTS_MAX` of them. Empty for a sound log. */
  readonly faults: readonly string[];
}

export const FAULTS_MAX = 100;

/** @param reader for the blocks that are in the blob store. */
export function verifyLog(sql: Sql, reader: OffloadReader): Promise<Verification> {
  return new Verifier(sql, reader).run();
}

class Verifier {
  readonly #sql: Sql;
  readonly #reader: OffloadReader;
  readonly #faults: string[] = [];
  readonly #firstSeq: number;
  #nextSeq: number;
  #ingestedAt = 0;
  #organizationId: string | undefined;
  #blocks = 0;

  constructor(sql: Sql, reader: OffloadReader) {
    this.#sql = sql;
    this.#reader = reader;
    this.#firstSeq = purgedSeq(sql) + 1;
    this.#nextSeq = this.#firstSeq;
  }

  async run(): Promise<Verification> {
    const segments = allSegments(this.#sql);
    let columns = new ColumnsBuilder();
    for (const block of blocksBetween(this.#sql, 0, Number.MAX_SAFE_INTEGER)) {
      const segment = segments.find(
        ({ id, lastBlockId }) => id <= block.id && block.id <= lastBlockId,
      );
      for (const { event, seq } of await this.#block(block)) {
        if (segment !== undefined && seq >= segment.firstSeq) {
          columns.add(event);
        }
      }
      if (segment?.lastBlockId === block.id) {
        this.#attempt(`segment ${segment.id}`, () => this.#segment(segment, columns.columns()));
        columns = new ColumnsBuilder();
      }
    }
    this.#attempt("the tail", () => this.#tail());
    return {
      events: this.#nextSeq - this.#firstSeq,
      firstSeq: this.#firstSeq,
      lastSeq: this.#nextSeq - 1,
      blocks: this.#blocks,
      segments: segments.length,
      faults: this.#faults,
    };
  }

  async #block(block: BlockInfo): Promise<StoredEvent[]> {
    this.#blocks++;
    const what = `block ${block.id} (seq ${block.firstSeq} to ${block.lastSeq})`;
    const bytes = await this.#encoded(what, block.id);
    const events =
      bytes &&
      this.#attempt(what, () => {
        const lines = decodeBlock(bytes);
        const parsed = parseLines(lines);
        this.#expect(
          parsed.length === block.lastSeq - block.firstSeq + 1,
          `${what} has ${parsed.length} events.`,
        );
        // A purge that has not ended leaves events that are gone already.
        const gone = Math.max(0, this.#firstSeq - block.firstSeq);
        lines.slice(gone).forEach((line, index) => this.#line(line, parsed[gone + index]));
        this.#extent(what, block, parsed);
        this.#index(what, block, parsed);
        return parsed;
      });
    this.#nextSeq = Math.max(this.#nextSeq, block.lastSeq + 1);
    return events ?? [];
  }

  async #encoded(what: string, blockId: number): Promise<Uint8Array | undefined> {
    const atHome = encodedBlock(this.#sql, blockId);
    if (atHome !== undefined) {
      return atHome;
    }
    try {
      const fetched = await this.#reader.read((round) => round.find(blockId), ORDERED_LIMITS);
      this.#expect(fetched.ok, `${what} cannot be read from the blob store.`);
      return fetched.ok ? fetched.value : undefined;
    } catch (error) {
      this.#expect(false, `${what} cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }

  #line(line: string, stored: StoredEvent = parseLine(line)): void {
    const what = `event ${this.#nextSeq}`;
    const ingestedAt = Date.parse(stored.ingested_at);
    this.#organizationId ??= stored.organization_id;
    this.#expect(
      stored.seq === this.#nextSeq,
      `${what} is missing: seq ${stored.seq} stands in its place.`,
    );
    this.#expect(
      seqOfEventId(stored.id) === stored.seq,
      `${what} has the id of another: ${stored.id}.`,
    );
    this.#expect(
      stored.organization_id === this.#organizationId,
      `${what} is of ${stored.organization_id}.`,
    );
    this.#expect(ingestedAt >= this.#ingestedAt, `${what} was ingested before the one before it.`);
    this.#expect(
      canonicalJson(stored as unknown as Json) === line,
      `${what} is not canonical JSON.`,
    );
    this.#ingestedAt = ingestedAt;
    this.#nextSeq = stored.seq + 1;
  }

  #extent(what: string, extent: Extent, events: readonly StoredEvent[]): void {
    const occurred = events.map(({ event }) => Date.parse(event.occurred_at));
    const ingested = events.map(({ ingested_at }) => Date.parse(ingested_at));
    const isTrue =
      extent.firstSeq === events[0]?.seq &&
      extent.minOccurredAt === Math.min(...occurred) &&
      extent.maxOccurredAt === Math.max(...occurred) &&
      extent.firstIngestedAt === ingested[0] &&
      extent.lastIngestedAt === ingested.at(-1);
    this.#expect(isTrue, `${what} spans other times than its events.`);
  }

  /** One event of the block, with all its words: reading the index for each event would take minutes. */
  #index(what: string, { id, isIndexed }: BlockInfo, events: readonly StoredEvent[]): void {
    const sample = events[id % events.length];
    if (!isIndexed || sample === undefined) {
      return;
    }
    eventTerms([sample], (term, isOfKind) => {
      const expression = { kind: "term", term, isPrefix: false } as const;
      const scope = isOfKind ? "any text" : "other text";
      const found = candidateBlocks(this.#sql, expression, scope, id, id);
      this.#expect(found?.includes(id) === true, `${what}: the index lacks the word '${term}'.`);
    });
  }

  #segment(segment: SegmentInfo, rebuilt: Columns): void {
    const what = `segment ${segment.id} (seq ${segment.firstSeq} to ${segment.lastSeq})`;
    const stored = readColumns(this.#sql, segment);
    const { hashes } = stored.actors;
    const agrees =
      isEqual(stored.times, rebuilt.times) &&
      (["actions", "actors", "actorTypes"] as const).every((name) => {
        const { dictionary, codes } = rebuilt[name];
        return stored[name].dictionary === dictionary && isEqual(stored[name].codes, codes);
      }) &&
      (hashes === undefined || isEqual(hashes, shortHashes(rebuilt.actors.texts))) &&
      isEqual(stored.targets.idHashes, rebuilt.targets.idHashes) &&
      isEqual(stored.targets.starts, rebuilt.targets.starts);
    this.#expect(agrees, `${what}: its columns are not those of its events.`);
    const summary = readSummary(this.#sql, segment.id);
    const { actors, quarterRuns, ...others } = summarize(rebuilt);
    const expected = {
      ...others,
      ...(summary.actors && { actors }),
      ...(summary.quarterRuns && { quarterRuns }),
    };
    this.#expect(
      canonicalJson(summary as unknown as Json) === canonicalJson(expected as unknown as Json),
      `${what}: its summary is not that of its events.`,
    );
  }

  #tail(): void {
    const firstSeq = this.#nextSeq;
    for (const row of tailRows(this.#sql, firstSeq)) {
      row.lines.slice(Math.max(0, firstSeq - row.firstSeq)).forEach((line) => this.#line(line));
    }
  }

  /** What cannot even be read is a fault too. */
  #attempt<T>(what: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#expect(false, `${what} cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }

  #expect(isMet: boolean, fault: string): void {
    if (!isMet && this.#faults.length < FAULTS_MAX) {
      this.#faults.push(fault);
    }
  }
}

function isEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((item, index) => item === b[index]);
}
