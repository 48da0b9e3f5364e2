/** One term of a query's text as a node of the tree, or what is wrong with it. */
import { fail, ok, type Result } from "../kernel/result.ts";
import { type FieldKind, readField, shown } from "./fields.ts";
import type { TermToken } from "./lex.ts";
import { openWords } from "./open-words.ts";
import { countOf, numberOf, timeOf } from "./ordered-value.ts";
import { type QueryError, queryError, type QueryProblem, type Span } from "./query-error.ts";
import type { Field, FieldTerm, TextTerm } from "./query.ts";
import { fold, words } from "./words.ts";

export function termOf(token: TermToken): Result<FieldTerm | TextTerm, QueryError> {
  const problem = colonProblem(token);
  if (problem !== undefined) {
    return problem;
  }
  if (token.field === undefined) {
    return textTerm(token);
  }
  const named = readField(token.field);
  return "problem" in named
    ? refuse(named.problem, token, Math.max(token.field.length, 1))
    : fieldTerm(token, named.field, named.kind);
}

const OTHER_SIGN = /^([^=<>!]+)(?:(!?)=+|([<>]=?))/;

/** Refuses `actor.id=user_1`: as words it finds nothing, and nothing would say why. Other words may have such signs. */
function colonProblem(token: TermToken) {
  const { field, literal } = token;
  const written = field === undefined ? literal.text : `${field}:${literal.text}`;
  const [start = "", name = "", not = "", comparison = ""] = OTHER_SIGN.exec(written) ?? [];
  if ((field === undefined && literal.isQuoted) || "problem" in readField(name)) {
    return undefined;
  }
  const value = `${written.slice(start.length)}${literal.isPrefix ? "*" : ""}`;
  const meant = `${not && "-"}${name}:${comparison}${shown(value)}`;
  return refuse({ code: "colon_expected", parameters: { meant } }, token, start.length);
}

function textTerm(token: TermToken): Result<TextTerm, QueryError> {
  const { text, isPrefix } = token.literal;
  const found = isPrefix ? openWords(text) : words(text);
  const last = found.at(-1);
  if (last === undefined) {
    return refuse({ code: "no_word", parameters: {} }, token);
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
    return refuse({ code: "value_missing", parameters: { field } }, token);
  }
  const code = expectation(kind, comparison !== undefined, literal.text);
  if (code !== undefined) {
    return refuse({ code, parameters: { field } }, literal);
  }
  return ok({ kind: "field", field, op: comparison ?? "is", value: literal.text });
}

function comparisonProblem(token: TermToken, kind: FieldKind): QueryProblem | undefined {
  if (kind === "text") {
    return { code: "field_has_no_order", parameters: { field: token.field ?? "" } };
  }
  return token.literal.isPrefix ? { code: "compared_with_prefix", parameters: {} } : undefined;
}

/** What the value should have been, or undefined when it is. */
function expectation(kind: FieldKind, isCompared: boolean, value: string) {
  if (kind === "time" && timeOf(value) === undefined) {
    return "time_expected";
  }
  if (kind === "count" && countOf(value) === undefined) {
    return "whole_number_expected";
  }
  return kind === "scalar" && isCompared && numberOf(value) === undefined
    ? "number_expected"
    : undefined;
}

function refuse(problem: QueryProblem, { at, length }: Span, shorter: number = length) {
  return fail<QueryError>(queryError(problem, { at, length: shorter }));
}
