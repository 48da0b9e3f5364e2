/**
 * What an index of events must have for a query: terms that every matching event has. Other events may have them too,
 * so what an index finds is still to be matched.
 */
import type { StoredEvent } from "../contract/event.ts";
import { someKindText, someOtherText } from "./event-values.ts";
import { isUuid, openWords, readings, type WordRow } from "./open-words.ts";
import type { FieldTerm, Query, TextTerm } from "./query.ts";
import { type QuickTest, quickTest, rowsOf, rowTest, type TextTest } from "./text-match.ts";
import { cjkTerms, eachTerm, fold, isCjk, words } from "./words.ts";

/** The event has this term or, for a prefix, one that begins with it. */
export interface IndexTerm {
  readonly kind: "term";
  readonly term: string;
  readonly isPrefix: boolean;
}

export type IndexExpression =
  | { readonly kind: "any" }
  | IndexTerm
  | { readonly kind: "and"; readonly of: readonly IndexExpression[] }
  /** Of nothing: no event. */
  | { readonly kind: "or"; readonly of: readonly IndexExpression[] };

const ANY: IndexExpression = { kind: "any" };

/** Of one phrase or value. Each costs a look-up, and after so many another one excludes next to nothing. */
const TERMS_OF_ROW_MAX = 32;

/** Adds the terms that an index stores for some events, some of them more than once. Those of kinds are told apart. */
export function eventTerms(
  events: readonly StoredEvent[],
  add: (term: string, isOfKind: boolean) => void,
): void {
  textsOf(events, someKindText).forEach((text) => eachTerm(text, (term) => add(term, true)));
  textsOf(events, someOtherText).forEach((text) => eachTerm(text, (term) => add(term, false)));
}

/** Each text once: most of a log's come again and again. */
function textsOf(events: readonly StoredEvent[], someOf: typeof someKindText): Set<string> {
  const texts = new Set<string>();
  for (const event of events) {
    someOf(event, (text) => {
      texts.add(text);
      return false;
    });
  }
  return texts;
}

/** One of the conditions of a text term: what some text of an event passes, and the terms that this text then has. */
export interface TextRow {
  /** Passes whatever `test` passes, also as JSON and among other texts, and takes less time. */
  readonly mayHave: QuickTest;
  readonly test: TextTest;
  readonly terms: IndexExpression;
}

/** The conditions of a term, all of which an event must meet, each by some text. */
export function textRows(term: TextTerm): TextRow[] {
  return rowsOf(term).map((row) => ({
    mayHave: quickTest(row.words),
    test: rowTest(row),
    terms: anyOf(readings(row).map(requiredByRow)),
  }));
}

/** A condition on the terms of an event that every event matching the query meets. */
export function requiredTerms(query: Query): IndexExpression {
  switch (query.kind) {
    case "all":
    case "not":
      return ANY;
    case "and":
      return allOf(query.of.map(requiredTerms));
    case "or":
      return anyOf(query.of.map(requiredTerms));
    case "field":
      return requiredByField(query);
    default:
      return requiredByText(query);
  }
}

function allOf(expressions: readonly IndexExpression[]): IndexExpression {
  const of = expressions
    .flatMap((each) => (each.kind === "and" ? each.of : [each]))
    .filter((each) => each.kind !== "any");
  const [first = ANY] = of;
  return of.length < 2 ? first : { kind: "and", of };
}

function anyOf(expressions: readonly IndexExpression[]): IndexExpression {
  const of = expressions.flatMap((each) => (each.kind === "or" ? each.of : [each]));
  if (of.some((each) => each.kind === "any")) {
    return ANY;
  }
  const [first] = of;
  return of.length === 1 && first !== undefined ? first : { kind: "or", of };
}

function requiredByText(term: TextTerm): IndexExpression {
  return allOf(textRows(term).map(({ terms }) => terms));
}

function requiredByRow({ words, isOpen }: WordRow): IndexExpression {
  const last = words.length - 1;
  const terms = words.flatMap((word, index) => termsOf(word, isOpen && index === last));
  const distinct = new Map(terms.map((term) => [`${term.term} ${term.isPrefix}`, term]));
  return allOf(Array.from(distinct.values()).slice(0, TERMS_OF_ROW_MAX));
}

/** A CJK word may stand within a longer run: it has its pairs there, or begins one when it is a single character. */
function termsOf(word: string, isPrefix: boolean): IndexTerm[] {
  if (!isCjk(word)) {
    return [{ kind: "term", term: word, isPrefix }];
  }
  const pairs = cjkTerms(word).slice(0, -1);
  return pairs.length === 0
    ? [{ kind: "term", term: word, isPrefix: true }]
    : pairs.map((term) => ({ kind: "term", term, isPrefix: false }));
}

/** Fields whose values are not among the texts of the index. */
const NOT_INDEXED: ReadonlySet<string> = new Set([
  "id",
  "seq",
  "version",
  "occurred_at",
  "ingested_at",
]);

function requiredByField({ field, op, value }: FieldTerm): IndexExpression {
  if (NOT_INDEXED.has(field)) {
    return ANY;
  }
  switch (op) {
    case "is":
      return requiredByRow({ words: words(value), isOpen: false });
    case "prefix":
      return requiredByStart(value);
    default:
      return ANY;
  }
}

/** What every text has that begins with `start`, character for character. */
function requiredByStart(start: string): IndexExpression {
  const text = surePart(start);
  const found = openWords(text);
  const last = found.pop();
  if (last === undefined) {
    return ANY;
  }
  return text.endsWith(last)
    ? allOf([requiredByRow({ words: found, isOpen: false }), requiredByOpenWord(last)])
    : requiredByRow({ words: [...found, last], isOpen: false });
}

/**
 * The folded start without its last marks: what follows can still change their order. The letter before them stays,
 * though it may join a mark to come.
 */
function surePart(start: string): string {
  // Half of a surrogate pair at the end is the beginning of a character that is not known.
  return fold(start.replace(/[\ud800-\udbff]$/, "")).replace(/\p{M}+$/u, "");
}

function requiredByOpenWord(word: string): IndexExpression {
  // A mark may join the last letter of a UUID, which then is none: without the letter, both are allowed for.
  const sure = isUuid(word) ? word.slice(0, -1) : word;
  const ways = readings({ words: [sure], isOpen: true });
  if (ways.length > 1) {
    return anyOf(ways.map(requiredByRow));
  }
  if (isCjk(word)) {
    const run = withoutJoining(word);
    return run === "" ? ANY : requiredByRow({ words: [run], isOpen: false });
  }
  // The word may go on with a mark that joins its last letter; the index then has it decomposed too.
  const characters = Array.from(word);
  const [letter = ""] = (characters.pop() ?? "").normalize("NFD");
  const decomposed = characters.join("").normalize("NFD") + letter;
  const prefixes = new Set([word, decomposed]);
  return anyOf(Array.from(prefixes, (term) => ({ kind: "term", term, isPrefix: true })));
}

/** Kana before a sound mark and Hangul before a vowel or a final become other characters. */
function withoutJoining(run: string): string {
  const last = Array.from(run).at(-1) ?? "";
  const joins = ["\u3099", "\u309a", "\u1161", "\u11a8"].some(
    (next) => !(last + next).normalize("NFC").startsWith(last),
  );
  return joins ? run.slice(0, -last.length) : run;
}
