/** What the index is asked, window by window, against a plain list of the blocks that have a word. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import { Candidates } from "../../../src/log/candidates.ts";
import { LOG_MIGRATIONS } from "../../../src/log/schema.ts";
import type { SegmentInfo } from "../../../src/log/segments.ts";
import { requiredTerms } from "../../../src/query/index-terms.ts";
import { migrate } from "../../../src/sql/migrate.ts";

const BLOCKS = 6_000;
const SEGMENT_BLOCKS = 256;
/** Every so many blocks there is one that is not indexed, from the number 90 on. */
const UNINDEXED_EVERY = 1_000;

/** Words and the blocks that have them. */
const WORDS: { readonly [word: string]: (id: number) => boolean } = {
  rare: (id) => id % 1_999 === 7,
  some: (id) => id % 5 === 0,
  frequent: (id) => id % 9 !== 0,
  // Dense in what is asked about first from one end, and nowhere else.
  clustered: (id) => id > 5_120,
  nowhere: () => false,
};

const sql = new NodeSql(":memory:");
migrate(sql, "log", LOG_MIGRATIONS);
sql.transaction(() => {
  for (let id = 1; id <= BLOCKS; id++) {
    const isIndexed = isIndexedBlock(id);
    sql.run("INSERT INTO block VALUES (?, NULL, 1, 1, 1, 1, 1, 1, ?)", id, isIndexed ? 1 : 0);
    if (isIndexed) {
      const words = Object.keys(WORDS).filter((word) => WORDS[word]?.(id));
      sql.run("INSERT INTO term (rowid, terms) VALUES (?, ?)", id, words.join(" "));
    }
  }
});

function isIndexedBlock(id: number): boolean {
  return id % UNINDEXED_EVERY !== 90;
}

function segmentOf(id: number, lastBlockId: number): SegmentInfo {
  const extent = { firstSeq: 1, lastSeq: 1, firstIngestedAt: 1, lastIngestedAt: 1 };
  return { id, lastBlockId, ...extent, minOccurredAt: 1, maxOccurredAt: 1 };
}

const segments = Array.from({ length: Math.ceil(BLOCKS / SEGMENT_BLOCKS) }, (_, n) =>
  segmentOf(n * SEGMENT_BLOCKS + 1, Math.min(BLOCKS, (n + 1) * SEGMENT_BLOCKS)),
);

function expectedIn(segment: SegmentInfo, word: string): number[] {
  return Array.from(
    { length: segment.lastBlockId - segment.id + 1 },
    (_, index) => segment.id + index,
  ).filter((id) => !isIndexedBlock(id) || WORDS[word]?.(id));
}

const anyOrder = fc.shuffledSubarray(segments, { minLength: 1 });
const word = fc.constantFrom(...Object.keys(WORDS));

function termOf(value: string) {
  return requiredTerms({ kind: "field", field: "metadata.word", op: "is", value });
}

test("segments asked about in any order name all blocks that have a word, and few others", () => {
  fc.assert(
    fc.property(anyOrder, word, (asked, value) => {
      const candidates = new Candidates(sql, termOf(value));
      for (const segment of asked) {
        const wanted = expectedIn(segment, value);
        const found = candidates.ofSegment(segment);
        if (found !== null) {
          expect(found).toEqual(wanted);
        } else {
          expect(["frequent", "clustered"]).toContain(value);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("what has a word outside of kinds is named exactly, however frequent it is", () => {
  fc.assert(
    fc.property(anyOrder, word, (asked, value) => {
      const candidates = new Candidates(sql, termOf(value), "other text");
      for (const segment of asked) {
        expect(candidates.ofSegment(segment)).toEqual(expectedIn(segment, value));
      }
    }),
    { numRuns: 60 },
  );
});

test("a word that all the newest blocks have is looked for again in those that are far older", () => {
  const candidates = new Candidates(sql, termOf("clustered"));
  const found = segments.toReversed().map((segment) => candidates.ofSegment(segment));
  expect(found[0]).toHaveLength(BLOCKS - 5_888);
  expect(found.at(-1)).toEqual(expectedIn(segmentOf(1, SEGMENT_BLOCKS), "clustered"));
});
