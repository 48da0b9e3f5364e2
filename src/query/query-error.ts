/**
 * What can be wrong with the text of a query: a code that stays, what its sentence names, and the place. The English
 * sentence is what the API answers; whoever shows another language makes a sentence of code and parameters.
 */

/** A stretch of the text, in UTF-16 code units. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

type Nothing = Readonly<Record<string, never>>;

/** What the sentence of each code names. */
export interface QueryErrorParameters {
  readonly too_long: { readonly max: number };
  readonly too_deep: { readonly max: number };
  readonly too_many_terms: { readonly max: number };
  readonly parenthesis_not_opened: Nothing;
  readonly parenthesis_not_closed: Nothing;
  readonly parentheses_empty: Nothing;
  /** `operator` is a parenthesis, `-` or a word such as `AND`. */
  readonly term_missing_before: { readonly operator: string };
  readonly term_missing_after: { readonly operator: string };
  readonly minus_alone: Nothing;
  readonly space_missing: Nothing;
  readonly star_not_at_end: Nothing;
  readonly escape_unknown: Nothing;
  readonly quotation_not_closed: Nothing;
  readonly no_word: Nothing;
  readonly value_missing: { readonly field: string };
  readonly time_expected: { readonly field: string };
  readonly whole_number_expected: { readonly field: string };
  readonly number_expected: { readonly field: string };
  readonly field_has_no_order: { readonly field: string };
  readonly compared_with_prefix: Nothing;
  readonly field_missing: Nothing;
  readonly metadata_name_invalid: { readonly name: string };
  /** `near` are the fields that may be meant. */
  readonly field_misspelt: { readonly name: string; readonly near: readonly string[] };
  /** `fields` are all that there are. */
  readonly field_unknown: { readonly name: string; readonly fields: readonly string[] };
}

export type QueryErrorCode = keyof QueryErrorParameters;

/** A sentence for each code, in one language. */
export type QueryErrorTexts = {
  readonly [C in QueryErrorCode]: (parameters: QueryErrorParameters[C]) => string;
};

/** What is wrong, without its place. */
export type QueryProblem = {
  readonly [C in QueryErrorCode]: {
    readonly code: C;
    readonly parameters: QueryErrorParameters[C];
  };
}[QueryErrorCode];

export type QueryError = QueryProblem &
  Span & {
    /** The sentence in English, for the person who wrote the query. */
    readonly message: string;
  };

export function queryError(problem: QueryProblem, { at, length }: Span): QueryError {
  return { ...problem, message: problemText(ENGLISH, problem), at, length };
}

/** The sentence of a problem in the language of the texts. */
export function problemText<C extends QueryErrorCode>(
  texts: QueryErrorTexts,
  { code, parameters }: { readonly code: C; readonly parameters: QueryErrorParameters[C] },
): string {
  return texts[code](parameters);
}

export const ENGLISH: QueryErrorTexts = {
  too_long: ({ max }) => `The query is longer than ${max} characters.`,
  too_deep: ({ max }) => `The query is nested deeper than ${max} levels.`,
  too_many_terms: ({ max }) => `The query has more than ${max} words and values.`,
  parenthesis_not_opened: () => "This ')' closes nothing.",
  parenthesis_not_closed: () => "This '(' is not closed.",
  parentheses_empty: () => "There is nothing in these parentheses.",
  term_missing_before: ({ operator }) => `A term is missing before '${operator}'.`,
  term_missing_after: ({ operator }) => `A term is missing after '${operator}'.`,
  minus_alone: () => "Put '-' right before what it excludes.",
  space_missing: () => "Put a space here, or the whole text into quotation marks.",
  star_not_at_end: () =>
    "'*' can stand at the end only. To search for the character, use quotation marks.",
  escape_unknown: () => String.raw`In quotation marks, write \\ for \ and \" for ".`,
  quotation_not_closed: () => "This quotation mark is not closed.",
  no_word: () => "Nothing to search for: this has no letter and no digit.",
  value_missing: ({ field }) => `'${field}' needs a value after the colon.`,
  time_expected: ({ field }) =>
    `'${field}' is compared with a date or time such as 2026-11-01 or 2026-11-01T09:30:00Z.`,
  whole_number_expected: ({ field }) => `'${field}' is compared with a whole number.`,
  number_expected: ({ field }) => `'${field}' is compared with a number.`,
  field_has_no_order: ({ field }) =>
    `'${field}' has no order to compare by. Put a value that begins with < or > into quotation marks.`,
  compared_with_prefix: () => "A comparison takes a whole value, without '*' at its end.",
  field_missing: () => "The name of a field is missing before the colon.",
  metadata_name_invalid: ({ name }) =>
    `'${name}' is no metadata name: those have at most 40 of the characters a-z, A-Z, 0-9, _ and -.`,
  field_misspelt: ({ name, near }) =>
    `Unknown field '${name}'. Did you mean ${listed(near, "or")}?`,
  field_unknown: ({ name, fields }) =>
    `Unknown field '${name}'. The fields are ${listed(fields, "and")}. Put a text that has a colon into quotation marks.`,
};

function listed(names: readonly string[], conjunction: string): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} ${conjunction} ${last}`;
}
