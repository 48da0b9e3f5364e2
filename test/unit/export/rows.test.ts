/** Rows of a file, against readers that others wrote: Papa Parse's parser, RFC 4180's grammar, JSON itself. */
import fc from "fast-check";
import papa from "papaparse";
import { describe, expect, test } from "vitest";
import { eventResource, readEvent, type StoredEvent } from "../../../src/contract/event.ts";
import type { ExportFormat } from "../../../src/contract/export.ts";
import { fileFormat } from "../../../src/export/formats.ts";
import { RowReader } from "../../../src/export/row-reader.ts";
import { textOf } from "../../../src/kernel/byte-text.ts";
import { canonicalJson } from "../../../src/kernel/canonical-json.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { encodeBlock } from "../../../src/log/block-codec.ts";
import type { HeldPiece } from "../../../src/log/encoded.ts";
import { buildLine, parseLine } from "../../../src/log/line.ts";
import { compile } from "../../../src/query/match.ts";
import { ALL, type Query } from "../../../src/query/query.ts";
import { whereOf } from "../../../src/query/where.ts";
import { anyEvent, anyFilter } from "../../support/arbitraries.ts";
import { parseCsv } from "../../support/csv.ts";
import { type EventInput, makeEvent } from "../../support/events.ts";

const FIRST_SEQ = 257;

function linesOf(events: readonly EventInput[]): string[] {
  return events.map((event, index) => {
    const text = readEvent(event as unknown as Json, "event");
    const facts = {
      organizationId: '組織_"1"',
      seq: FIRST_SEQ + index,
      ingestedAt: Date.UTC(2026, 10, 22, 23, 59, 59, 990) + index * 7,
      random: (index * 2_654_435_761) >>> 0,
    };
    return buildLine(text.ok ? text.value : "", facts).text;
  });
}

const extentOf = (lines: readonly string[]) => ({
  firstSeq: FIRST_SEQ,
  lastSeq: FIRST_SEQ + lines.length - 1,
});

const sealed = (lines: readonly string[]): HeldPiece => ({
  kind: "block",
  ...extentOf(lines),
  minOccurredAt: 0,
  bytes: encodeBlock(lines, lines.map(parseLine)),
});

const unsealed = (lines: readonly string[]): HeldPiece => ({
  kind: "lines",
  ...extentOf(lines),
  lines,
});

function rowsOf(piece: HeldPiece, format: ExportFormat, where: Query = ALL) {
  const reader = new RowReader(fileFormat({ format, bom: false }), where);
  const { firstSeq, lastSeq } = piece;
  return reader
    .read(piece, firstSeq, lastSeq)
    .map(({ text, ...position }) => ({ ...position, text: textOf(text) }));
}

const textIn = (format: ExportFormat, lines: readonly string[]) =>
  rowsOf(sealed(lines), format)
    .map(({ text }) => text)
    .join("");

/** What the contract says of each cell. */
function cellsOf({ id, seq, ingested_at, event }: StoredEvent): string[] {
  const { actor, context } = event;
  const json = (value: unknown) => canonicalJson(value as Json);
  const texts = [
    id,
    seq,
    event.occurred_at,
    ingested_at,
    event.action,
    event.version ?? "",
    actor.type,
    actor.id,
    actor.name ?? "",
    json(actor.metadata ?? {}),
    json(event.targets),
    context.location,
    context.user_agent ?? "",
    json(event.metadata ?? {}),
  ].map(String);
  return texts.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
  fc.stringMatching(/^[=+@\t\r\n ",;\\'a\ufeff契1-]{1,5}$/),
);
const trickyEvent: fc.Arbitrary<EventInput> = fc
  .tuple(anyText, anyText, anyText, anyText, anyText)
  .map(([a, b, c, d, e]) =>
    makeEvent({
      action: a,
      actor: { id: b, type: c, name: d, metadata: { k: e } },
      targets: [
        { id: a, type: "x", name: e },
        { id: d, type: b },
      ],
      context: { location: e, user_agent: b },
      metadata: { note: c, 9: d, 10: 1e21 },
    }),
  )
  .filter((event) => readEvent(event as unknown as Json, "event").ok);
const anyEvents = fc.array(fc.oneof(anyEvent, trickyEvent), { minLength: 1, maxLength: 30 });

describe("a CSV row", () => {
  test("is read by Papa Parse and by the grammar of RFC 4180 as the cells that the contract names", () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const lines = linesOf(events);
        const text = textIn("csv", lines);
        const expected = lines.map((line) => cellsOf(parseLine(line)));
        expect(parseCsv(text)).toEqual(expected);
        const parsed = papa.parse<string[]>(text, { newline: "\r\n", delimiter: "," });
        expect(parsed.errors).toEqual([]);
        expect(parsed.data.slice(0, -1)).toEqual(expected);
      }),
    );
  });
});

describe("an NDJSON row", () => {
  test("is the event as the API gives it, with its objects byte for byte as they are stored", () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const lines = linesOf(events);
        const rows = textIn("ndjson", lines).trimEnd().split("\n");
        expect(rows.map((row) => JSON.parse(row) as unknown)).toEqual(
          lines.map((line) => eventResource(parseLine(line))),
        );
        for (const [index, line] of lines.entries()) {
          const { actor, targets, context } = parseLine(line).event;
          for (const member of [actor, targets, context]) {
            expect(line).toContain(canonicalJson(member as Json));
            expect(rows[index]).toContain(canonicalJson(member as Json));
          }
        }
      }),
    );
  });
});

test("a row is the same whether its event is in a block, in a block of plain lines, or not sealed yet", () => {
  fc.assert(
    fc.property(
      anyEvents,
      fc.oneof(fc.constant({}), anyFilter),
      fc.constantFrom<ExportFormat>("csv", "ndjson"),
      (events, filter, format) => {
        const where = whereOf(filter);
        const query = where.ok ? where.value : ALL;
        const lines = linesOf(events);
        const rows = rowsOf(unsealed(lines), format, query);
        expect(rowsOf(sealed(lines), format, query)).toEqual(rows);
        const matching = lines.map(parseLine).filter(compile(query));
        expect(rows.map(({ seq }) => seq)).toEqual(matching.map(({ seq }) => seq));
        // A line that the log would not have written that way keeps its block from being shredded.
        const [first = ""] = lines;
        const odd = [`${first} `, ...lines.slice(1)];
        expect(rowsOf(sealed(odd), format, query)).toEqual(rows);
      },
    ),
    { numRuns: 200 },
  );
});
