/**
 * Which events of a block match a query, found out from the values of the block: no line is put together, and a value
 * that many events share is looked at once. It decides everything, and must agree with `query/match.ts`, whose tests of
 * values it uses.
 */
import { memoized } from "../kernel/memoized.ts";
import type { Json } from "../kernel/strict-json.ts";
import type { FieldValue } from "../query/event-values.ts";
import { type TextRow, textRows } from "../query/index-terms.ts";
import { compile, type EventTest, valueTest, type ValueTest } from "../query/match.ts";
import type { FieldTerm, Query, TextTerm } from "../query/query.ts";
import type { TextTest } from "../query/text-match.ts";
import { allLines, type BlockLines } from "./block-lines.ts";
import type { BlockValues, FactName, ValueColumn } from "./block-values.ts";
import { type Bound, boundOf, decided, type Facts, intersect } from "./bound.ts";
import { EventSet } from "./event-set.ts";
import { parseLine } from "./line.ts";

/** A query, prepared for many blocks. */
export class BlockTest {
  readonly #where: Query;
  readonly #matches: EventTest;
  readonly #tests = new Tests();

  constructor(where: Query) {
    this.#where = where;
    this.#matches = compile(where);
  }

  /** The events of the block that match. */
  matching(lines: BlockLines): EventSet {
    const { count, values } = lines;
    return values === undefined
      ? eventsThat(allLines(lines), (line) => this.#matches(parseLine(line)))
      : boundOf(this.#where, new BlockFacts(count, values, this.#tests)).must;
  }
}

/** @param items one an event. */
function eventsThat<Item>(items: readonly Item[], test: (item: Item) => boolean): EventSet {
  const events = new EventSet(items.length);
  items.forEach((item, event) => {
    if (test(item)) {
      events.add(event);
    }
  });
  return events;
}

/** The tests of a query's conditions, each made once. */
class Tests {
  readonly ofField = memoized(valueTest);
  readonly ofText = memoized(textRows);
}

const FACTS: ReadonlySet<string> = new Set<FactName>(["id", "ingested_at", "occurred_at", "seq"]);
/** The one value in an event's text that is no text to be searched. */
const VERSION = "version";

class BlockFacts implements Facts {
  readonly count: number;
  readonly #values: BlockValues;
  readonly #tests: Tests;

  constructor(count: number, values: BlockValues, tests: Tests) {
    this.count = count;
    this.#values = values;
    this.#tests = tests;
  }

  field(term: FieldTerm): Bound {
    const test = this.#tests.ofField(term);
    if (FACTS.has(term.field)) {
      const facts = this.#values.factsOf(term.field as FactName);
      return decided(eventsThat(facts, test));
    }
    return this.#eventsWith((column) =>
      column.field === term.field ? marksOf(column.text, test) : undefined,
    );
  }

  text(term: TextTerm): Bound {
    return this.#tests
      .ofText(term)
      .map((row) => this.#textRow(row))
      .reduce(intersect);
  }

  #textRow({ mayHave, test }: TextRow): Bound {
    return this.#eventsWith(({ field, text, isAscii }) =>
      field !== VERSION && mayHave(text, isAscii)
        ? marksOf(
            text,
            (value) => test(String(value)),
            (item) => mayHave(item, isAscii),
          )
        : undefined,
    );
  }

  #eventsWith(mark: (column: ValueColumn) => Uint8Array | undefined): Bound {
    const marks = this.#values.columns.map(mark);
    return decided(
      marks.some((items) => items !== undefined)
        ? this.#values.eventsWith(marks)
        : new EventSet(this.count),
    );
  }
}

/**
 * For each item of a column, 1 when it passes. Undefined when none does.
 *
 * @param mayPass false for the text of an item whose value surely does not pass.
 */
function marksOf(text: string, test: ValueTest, mayPass?: TextTest): Uint8Array | undefined {
  const known = new Map<string, boolean>();
  const items = text.split("\n");
  const marks = new Uint8Array(items.length);
  for (let index = 0; index < items.length; index++) {
    const item = items[index] ?? "";
    if (mayPass === undefined || mayPass(item)) {
      const passes = known.get(item) ?? test(JSON.parse(item) as Json as FieldValue);
      known.set(item, passes);
      marks[index] = passes ? 1 : 0;
    }
  }
  return marks.includes(1) ? marks : undefined;
}
