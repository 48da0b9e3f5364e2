/** A query for everything that can be wrong with one. */
import { QUERY_DEPTH_MAX, QUERY_LENGTH_MAX, QUERY_TERMS_MAX } from "../../src/query/parse.ts";
import type { QueryErrorCode } from "../../src/query/query-error.ts";

export const FAULTY_QUERIES: Readonly<Record<QueryErrorCode, string>> = {
  too_long: "x".repeat(QUERY_LENGTH_MAX + 1),
  too_deep: `${"(".repeat(QUERY_DEPTH_MAX + 1)}a${")".repeat(QUERY_DEPTH_MAX + 1)}`,
  too_many_terms: "a ".repeat(QUERY_TERMS_MAX + 1),
  parenthesis_not_opened: "a)",
  parenthesis_not_closed: "(a",
  parentheses_empty: "()",
  term_missing_before: "OR a",
  term_missing_after: "a OR",
  minus_alone: "a - b",
  space_missing: 'a"b',
  star_not_at_end: "a*b",
  escape_unknown: String.raw`"a\b"`,
  quotation_not_closed: '"a',
  no_word: "?!",
  value_missing: "action:",
  time_expected: "occurred_at:soon",
  whole_number_expected: "seq:x",
  number_expected: "metadata.n:>x",
  field_has_no_order: "action:>x",
  compared_with_prefix: "seq:>1*",
  field_missing: ":x",
  colon_expected: "actor.id=user_1",
  metadata_name_invalid: "metadata.a.b:x",
  field_misspelt: "actoin:x",
  field_unknown: "nonsense_field:x",
};
