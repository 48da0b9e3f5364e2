/** What is wrong with a query, in English. Apart, because readers of other languages load their own sentences. */
import type { QueryErrorTexts } from "./query-error.ts";

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
  colon_expected: ({ meant }) =>
    `Did you mean '${meant}'? Put a text to search for into quotation marks.`,
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
