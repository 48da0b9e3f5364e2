/**
 * The index of words: which blocks may hold an event with a word. It may name a block too many, never one too few.
 *
 * One FTS5 document a block, without positions and without the text itself. Words are made by `query/words.ts`, for
 * events and for queries alike; here they only become tokens. A long word is kept as its first characters and a hash,
 * which takes a third of the room and still lets a prefix be looked up.
 */
import type { StoredEvent } from "../contract/event.ts";
import { eventTerms, type IndexExpression } from "../query/index-terms.ts";
import { firstRow, type Sql } from "../sql/sql.ts";

/**
 * Before the words of kinds (see `someKindText`). A block that an older version has indexed has all its words without
 * it; so a word without it may be anywhere, and one that is only with it is in nothing but a kind.
 */
const KIND_MARK = ".";
const WHOLE_CHARACTERS_MAX = 10;
const PREFIX_CHARACTERS = 5;
/** A block whose words take more than this is not indexed; it is a candidate for every query. */
const DOCUMENT_CHARACTERS_MAX = 500_000;

/** The words of a block's events. Undefined when they are too many to be indexed. */
export function documentOf(events: readonly StoredEvent[]): string | undefined {
  const tokens = new Set<string>();
  eventTerms(events, (term, isOfKind) => tokens.add((isOfKind ? KIND_MARK : "") + tokenOf(term)));
  const document = [...tokens].join(" ");
  return document.length > DOCUMENT_CHARACTERS_MAX ? undefined : document;
}

/** For a block of which nothing is indexed, or not any more. */
export function indexDocument(sql: Sql, blockId: number, document: string): void {
  sql.run("INSERT INTO term (rowid, terms) VALUES (?, ?)", blockId, document);
}

export function unindexBlocks(sql: Sql, firstId: number, lastId: number): void {
  for (let id = firstId; id <= lastId; id++) {
    sql.run("DELETE FROM term WHERE rowid = ?", id);
  }
}

/** Merges the index a little, in a bounded step. @returns false when there was nothing to merge. */
export function mergeIndexStep(sql: Sql, pages: number): boolean {
  const before = totalChanges(sql);
  sql.run("INSERT INTO term (term, rank) VALUES ('merge', ?)", pages);
  // The command itself counts as one.
  return totalChanges(sql) - before > 1;
}

function totalChanges(sql: Sql): number {
  return firstRow<{ changes: number }>(sql, "SELECT total_changes() AS changes")?.changes ?? 0;
}

/** In any text, or in some text that is not a kind. */
export type TextScope = "any text" | "other text";

/**
 * Indexed blocks from `firstId` to `lastId` that may hold an event that meets the expression by texts of the scope.
 * Null: all of them may.
 */
export function candidateBlocks(
  sql: Sql,
  expression: IndexExpression,
  scope: TextScope,
  firstId: number,
  lastId: number,
): number[] | null {
  const match = matchText(expression, scope === "any text" ? ["", KIND_MARK] : [""]);
  if (match === null || match === NOTHING) {
    return match === null ? null : [];
  }
  // One row with all of them: a row for each takes many times as long.
  const row = firstRow<{ ids: string | null }>(
    sql,
    "SELECT group_concat(rowid, ' ') AS ids FROM term WHERE term MATCH ? AND rowid BETWEEN ? AND ?",
    match,
    firstId,
    lastId,
  );
  return row?.ids == null ? [] : row.ids.split(" ").map(Number);
}

/** An expression that no block meets; FTS5 has no word for it. */
const NOTHING = "";

/**
 * The expression in FTS5's own language; null when it does not constrain anything.
 *
 * @param marks each may stand before a word.
 */
function matchText(expression: IndexExpression, marks: readonly string[]): string | null {
  switch (expression.kind) {
    case "any":
      return null;
    case "term":
      return grouped(
        marks.map((mark) =>
          expression.isPrefix
            ? prefixText(mark, expression.term)
            : `"${mark}${tokenOf(expression.term)}"`,
        ),
        "OR",
      );
    case "and": {
      const parts = expression.of
        .map((part) => matchText(part, marks))
        .filter((part) => part !== null);
      if (parts.includes(NOTHING)) {
        return NOTHING;
      }
      return parts.length === 0 ? null : grouped(parts, "AND");
    }
    case "or": {
      const parts = expression.of.map((part) => matchText(part, marks));
      if (parts.includes(null)) {
        return null;
      }
      const some = parts.filter((part) => part !== null && part !== NOTHING);
      return some.length === 0 ? NOTHING : grouped(some, "OR");
    }
  }
}

function grouped(parts: readonly (string | null)[], operator: "AND" | "OR"): string {
  return `(${parts.join(` ${operator} `)})`;
}

function prefixText(mark: string, prefix: string): string {
  return `"${mark}${prefix.slice(0, PREFIX_CHARACTERS)}"*`;
}

function tokenOf(term: string): string {
  return term.length <= WHOLE_CHARACTERS_MAX
    ? term
    : term.slice(0, PREFIX_CHARACTERS) + (hashTerm(term) >>> 0).toString(36);
}

/** 32-bit FNV-1a, enough to tell the words of one prefix apart most of the time. */
function hashTerm(term: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < term.length; index++) {
    hash = Math.imul(hash ^ term.charCodeAt(index), 0x01000193);
  }
  return hash;
}
