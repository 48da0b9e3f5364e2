/** One term of a query's text as a node of the tree, or what is wrong with it. */
import { fail, ok, type Result } from "../kernel/result.ts";
import { type FieldKind, readField } from "./fields.ts";
import type { QueryError, Span, TermToken } from "./lex.ts";
import { openWords } from "./open-words.ts";
import { countOf, numberOf, timeOf } from "./ordered-value.ts";
import type { Field, FieldTerm, TextTerm } from "./query.ts";
import { fold, words } from "./words.ts";

export function termOf(token: TermToken): Result<FieldTerm | TextTerm, QueryError> {
  if (token.field === undefined) {
    return textTerm(token);
  }
  const named = readField(token.field);
  return "problem" in named
    ? refuse(named.problem, token, Math.max(token.field.length, 1))
    : fieldTerm(token, named.field, named.kind);
}

function textTerm(token: TermToken): Result<TextTerm, QueryError> {
  const { text, isPrefix } = token.literal;
  const found = isPrefix ? openWords(text) : words(text);
  const last = found.at(-1);
  if (last === undefined) {
    return refuse("Nothing to search for: this has no letter and no digit.", token);
  }
  return ok({
    kind: "text",
    words: found,
    // In `shared.*` the last word is complete: what may follow is another word.
    isPrefix: isPrefix && fold(text).endsWith(last),
    isPhrase: found.length > 1,
  });
}

function fieldTerm(token: TermToken, field: Field, kind: FieldKind): Result<FieldTerm, QueryError> {
  const { comparison, literal } = token;
  const problem = comparison === undefined ? undefined : comparisonProblem(token, kind);
  if (problem !== undefined) {
    return refuse(problem, token);
  }
  if (literal.isPrefix) {
    return ok({ kind: "field", field, op: "prefix", value: literal.text });
  }
  if (literal.text === "" && !literal.isQuoted) {
    return refuse(`'${field}' needs a value after the colon.`, token);
  }
  const expected = expectation(kind, comparison !== undefined, literal.text);
  if (expected !== undefined) {
    return refuse(`'${field}' is compared with ${expected}.`, literal);
  }
  return ok({ kind: "field", field, op: comparison ?? "is", value: literal.text });
}

function comparisonProblem(token: TermToken, kind: FieldKind): string | undefined {
  if (kind === "text") {
    return `'${token.field}' has no order to compare by. Put a value that begins with < or > into quotation marks.`;
  }
  return token.literal.isPrefix
    ? "A comparison takes a whole value, without '*' at its end."
    : undefined;
}

/** What the value should have been, or undefined when it is. */
function expectation(kind: FieldKind, isCompared: boolean, value: string): string | undefined {
  if (kind === "time" && timeOf(value) === undefined) {
    return "a date or time such as 2026-11-01 or 2026-11-01T09:30:00Z";
  }
  if (kind === "count" && countOf(value) === undefined) {
    return "a whole number";
  }
  return kind === "scalar" && isCompared && numberOf(value) === undefined ? "a number" : undefined;
}

function refuse(message: string, { at, length }: Span, shorter: number = length) {
  return fail<QueryError>({ message, at, length: shorter });
}
