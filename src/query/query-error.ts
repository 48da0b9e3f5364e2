/**
 * What can be wrong with the text of a query: a code that stays, what its sentence names, and the place. Whoever shows it
 * makes a sentence of code and parameters: the API the English one, the dashboard that of its reader.
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
  /** `meant` is the condition that the words may be meant to be. */
  readonly colon_expected: { readonly meant: string };
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

export type QueryError = QueryProblem & Span;

export function queryError(problem: QueryProblem, { at, length }: Span): QueryError {
  return { ...problem, at, length };
}

/** The sentence of a problem in the language of the texts. */
export function problemText<C extends QueryErrorCode>(
  texts: QueryErrorTexts,
  { code, parameters }: { readonly code: C; readonly parameters: QueryErrorParameters[C] },
): string {
  return texts[code](parameters);
}
