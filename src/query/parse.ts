/**
 * Reads the text of a query.
 *
 *     query   = [ or ] ;
 *     or      = and { "OR" and } ;
 *     and     = not { [ "AND" ] not } ;
 *     not     = ( "-" | "NOT" ) not | "(" or ")" | term ;
 *     term    = literal [ "*" ]
 *             | field ":" literal [ "*" ] | field ":" "*"
 *             | field ":" ( "<" | "<=" | ">" | ">=" ) literal ;
 *     literal = plain | '"' { any but '"' and '\' | '\"' | '\\' } '"' ;
 *     plain   = one or more of any but white space, "(", ")", '"' and "*" ;
 *
 * Operators are upper case. A `-` negates only where a term begins, right before it. A plain literal with a colon is a
 * field's. A literal that is several words, such as `document.shared`, is a phrase of them.
 */
import { fail, ok, type Result } from "../kernel/result.ts";
import { lex, type Mark, type TermToken, type Token } from "./lex.ts";
import { type QueryError, queryError, type Span } from "./query-error.ts";
import { ALL, and, not, or, type Query } from "./query.ts";
import { termOf } from "./term.ts";

/** In UTF-16 code units. */
export const QUERY_LENGTH_MAX = 2_000;
/** Parentheses and negations within each other. */
export const QUERY_DEPTH_MAX = 20;
/** Conditions on fields, and words: each word of a phrase counts. */
export const QUERY_TERMS_MAX = 100;

/** Reads a query; the empty text is the query for everything. A failure points at the characters that are wrong. */
export function parseQuery(text: string): Result<Query, QueryError> {
  if (text.length > QUERY_LENGTH_MAX) {
    const beyond = { at: QUERY_LENGTH_MAX, length: text.length - QUERY_LENGTH_MAX };
    return fail(queryError({ code: "too_long", parameters: { max: QUERY_LENGTH_MAX } }, beyond));
  }
  const tokens = lex(text);
  if (!tokens.ok) {
    return tokens;
  }
  const reading: Reading = { tokens: tokens.value, next: 0, terms: 0 };
  const query = tokens.value.length === 0 ? ALL : parseOr(reading, 0);
  const rest = reading.tokens[reading.next];
  if (isFault(query)) {
    return fail(query);
  }
  // An operand ends before an operator, which is taken, or a parenthesis that nobody opened.
  return rest === undefined
    ? ok(query)
    : fail(queryError({ code: "parenthesis_not_opened", parameters: {} }, rest));
}

/** Where the reading stands. */
interface Reading {
  readonly tokens: readonly Token[];
  next: number;
  terms: number;
}

type Parsed = Query | QueryError;

function isFault(parsed: Parsed): parsed is QueryError {
  return "code" in parsed;
}

function parseOr(reading: Reading, depth: number): Parsed {
  const of: Query[] = [];
  do {
    const query = parseAnd(reading, depth);
    if (isFault(query)) {
      return query;
    }
    of.push(query);
  } while (take(reading, "OR"));
  return or(...of);
}

function parseAnd(reading: Reading, depth: number): Parsed {
  const of: Query[] = [];
  do {
    const query = parseNot(reading, depth);
    if (isFault(query)) {
      return query;
    }
    of.push(query);
  } while (take(reading, "AND") || startsOperand(reading.tokens[reading.next]));
  return and(...of);
}

function parseNot(reading: Reading, depth: number): Parsed {
  const token = reading.tokens[reading.next];
  if (!startsOperand(token)) {
    return missingTerm(reading.tokens[reading.next - 1], token);
  }
  reading.next++;
  if (token.kind === "term") {
    return parseTerm(reading, token);
  }
  if (depth === QUERY_DEPTH_MAX) {
    return queryError({ code: "too_deep", parameters: { max: QUERY_DEPTH_MAX } }, token);
  }
  if (token.kind === "(") {
    return parseGroup(reading, token, depth + 1);
  }
  const query = parseNot(reading, depth + 1);
  return isFault(query) ? query : not(query);
}

function parseGroup(reading: Reading, open: Mark, depth: number): Parsed {
  const query = parseOr(reading, depth);
  return isFault(query) || take(reading, ")") ? query : notClosed(open);
}

function parseTerm(reading: Reading, token: TermToken): Parsed {
  const term = termOf(token);
  if (!term.ok) {
    return term.failure;
  }
  reading.terms += term.value.kind === "text" ? term.value.words.length : 1;
  return reading.terms > QUERY_TERMS_MAX
    ? queryError({ code: "too_many_terms", parameters: { max: QUERY_TERMS_MAX } }, token)
    : term.value;
}

/** @param found what stands where a term should. */
function missingTerm(before: Token | undefined, found: Token | undefined): QueryError {
  if (found !== undefined && (found.kind !== ")" || before === undefined)) {
    const parameters = { operator: found.kind };
    return queryError({ code: "term_missing_before", parameters }, found);
  }
  if (before?.kind === "(") {
    return found === undefined
      ? notClosed(before)
      : queryError({ code: "parentheses_empty", parameters: {} }, spanning(before, found));
  }
  const parameters = { operator: before?.kind ?? "" };
  return queryError({ code: "term_missing_after", parameters }, before ?? { at: 0, length: 0 });
}

function notClosed(open: Mark): QueryError {
  return queryError({ code: "parenthesis_not_closed", parameters: {} }, open);
}

function spanning(first: Span, last: Span): Span {
  return { at: first.at, length: last.at + last.length - first.at };
}

function startsOperand(token: Token | undefined): token is Token {
  return token !== undefined && token.kind !== "AND" && token.kind !== "OR" && token.kind !== ")";
}

function take(reading: Reading, kind: Mark["kind"]): boolean {
  const isThere = reading.tokens[reading.next]?.kind === kind;
  reading.next += isThere ? 1 : 0;
  return isThere;
}
