/** A query's text cut into its parts: parentheses, operators and terms, each with its place. */
import { fail, ok, type Result } from "../kernel/result.ts";
import { type QueryError, queryError, type QueryProblem, type Span } from "./query-error.ts";
import type { Comparison } from "./query.ts";

export interface Mark extends Span {
  readonly kind: "(" | ")" | "-" | "AND" | "OR" | "NOT";
}

export interface TermToken extends Span {
  readonly kind: "term";
  /** What stands before the colon; undefined for words and phrases. */
  readonly field: string | undefined;
  readonly comparison: Comparison | undefined;
  readonly literal: Literal;
}

/** A value or words, without the quotation marks, escapes and `*` around them. */
interface Literal extends Span {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly isPrefix: boolean;
}

export type Token = Mark | TermToken;

const SPACE = /\s/;
const PLAIN = /[^\s()"]*/y;
const QUOTED = /(?:[^"\\]|\\["\\])*/y;
const COMPARISON = /[<>]=?/y;

/** Gives the parts in their order. Says what is wrong when a quotation mark, an escape, a `*` or a `-` is. */
export function lex(text: string): Result<readonly Token[], QueryError> {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    if (!token.ok) {
      return token;
    }
    tokens.push(token.value);
    at += token.value.length;
  }
  return ok(tokens);
}

function tokenAt(text: string, at: number): Result<Token, QueryError> {
  const first = text.charAt(at);
  if (first === "(" || first === ")") {
    return ok({ kind: first, at, length: 1 });
  }
  if (first === "-") {
    return endsTerm(text, at + 1)
      ? refuse({ code: "minus_alone", parameters: {} }, at, 1)
      : ok({ kind: first, at, length: 1 });
  }
  const run = matchAt(PLAIN, text, at);
  if (run === "AND" || run === "OR" || run === "NOT") {
    return ok({ kind: run, at, length: run.length });
  }
  return termAt(text, at, run.indexOf(":"));
}

/** @param colon where the colon stands in the term, or -1. */
function termAt(text: string, at: number, colon: number): Result<TermToken, QueryError> {
  const valueAt = at + colon + 1;
  const comparison = colon === -1 ? "" : matchAt(COMPARISON, text, valueAt);
  const literal = literalAt(text, valueAt + comparison.length);
  if (!literal.ok) {
    return literal;
  }
  return ok({
    kind: "term",
    at,
    length: literal.value.at + literal.value.length - at,
    field: colon === -1 ? undefined : text.slice(at, at + colon),
    comparison: comparison === "" ? undefined : (comparison as Comparison),
    literal: literal.value,
  });
}

function literalAt(text: string, at: number): Result<Literal, QueryError> {
  const literal = text.charAt(at) === '"' ? quotedAt(text, at) : plainAt(text, at);
  if (!literal.ok) {
    return literal;
  }
  const end = at + literal.value.length;
  if (!endsTerm(text, end) && text.charAt(end) !== "(") {
    return refuse({ code: "space_missing", parameters: {} }, end, 1);
  }
  return literal;
}

function plainAt(text: string, at: number): Result<Literal, QueryError> {
  const run = matchAt(PLAIN, text, at);
  const star = run.indexOf("*");
  if (star !== -1 && star < run.length - 1) {
    return refuse({ code: "star_not_at_end", parameters: {} }, at + star, 1);
  }
  const isPrefix = star !== -1;
  const plain = isPrefix ? run.slice(0, -1) : run;
  return ok({ at, length: run.length, text: plain, isQuoted: false, isPrefix });
}

function quotedAt(text: string, at: number): Result<Literal, QueryError> {
  const inside = matchAt(QUOTED, text, at + 1);
  const end = at + 1 + inside.length;
  if (text.charAt(end) === "\\" && end + 1 < text.length) {
    return refuse({ code: "escape_unknown", parameters: {} }, end, 1);
  }
  if (text.charAt(end) !== '"') {
    return refuse({ code: "quotation_not_closed", parameters: {} }, at, 1);
  }
  const isPrefix = text.charAt(end + 1) === "*";
  const length = end + (isPrefix ? 2 : 1) - at;
  const unescaped = inside.replaceAll(/\\(["\\])/g, "$1");
  return ok({ at, length, text: unescaped, isQuoted: true, isPrefix });
}

function endsTerm(text: string, at: number): boolean {
  const next = text.charAt(at);
  return next === "" || next === ")" || SPACE.test(next);
}

function matchAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? "";
}

function refuse(problem: QueryProblem, at: number, length: number) {
  return fail<QueryError>(queryError(problem, { at, length }));
}
