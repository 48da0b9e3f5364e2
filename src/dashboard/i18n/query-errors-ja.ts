/** 日本語（検索条件の誤り） */
import type { QueryErrorTexts } from "../../query/query-error.ts";

export const queryErrorsJa: QueryErrorTexts = {
  too_long: ({ max }) => `検索条件は${max}文字までです。`,
  too_deep: ({ max }) => `括弧や否定の入れ子は${max}段までです。`,
  too_many_terms: ({ max }) => `単語と値は合わせて${max}個までです。`,
  parenthesis_not_opened: () => "「)」に対応する「(」がありません。",
  parenthesis_not_closed: () => "「(」が閉じられていません。",
  parentheses_empty: () => "括弧の中が空です。",
  term_missing_before: ({ operator }) => `「${operator}」の前に条件がありません。`,
  term_missing_after: ({ operator }) => `「${operator}」の後に条件がありません。`,
  minus_alone: () => "「-」は除外する条件の直前に書いてください。",
  space_missing: () => 'ここに空白を入れるか、全体を引用符(")で囲んでください。',
  star_not_at_end: () =>
    '「*」は末尾にだけ使えます。文字として検索するには引用符(")で囲んでください。',
  escape_unknown: () => String.raw`引用符の中では、\ は \\、" は \" と書いてください。`,
  quotation_not_closed: () => "引用符が閉じられていません。",
  no_word: () => "文字も数字も含まれていないため、検索できません。",
  value_missing: ({ field }) => `「${field}」のコロンの後に値が必要です。`,
  time_expected: ({ field }) =>
    `「${field}」には日付か日時を指定してください(例: 2026-11-01、2026-11-01T09:30:00Z)。`,
  whole_number_expected: ({ field }) => `「${field}」には整数を指定してください。`,
  number_expected: ({ field }) => `「${field}」には数値を指定してください。`,
  field_has_no_order: ({ field }) =>
    `「${field}」は大小を比べられません。< や > で始まる値は引用符(")で囲んでください。`,
  compared_with_prefix: () => "比較する値の末尾に「*」は付けられません。",
  field_missing: () => "コロンの前にフィールド名がありません。",
  colon_expected: ({ meant }) =>
    `もしかして: ${meant}。文字として検索するには引用符(")で囲んでください。`,
  metadata_name_invalid: ({ name }) =>
    `「${name}」はメタデータ名として使えません。a-z、A-Z、0-9、_、- の40文字までです。`,
  field_misspelt: ({ name, near }) =>
    `「${name}」というフィールドはありません。もしかして: ${near.join("、")}`,
  field_unknown: ({ name, fields }) =>
    `「${name}」というフィールドはありません。使えるフィールド: ${fields.join("、")}。コロンを含む語は引用符(")で囲んでください。`,
};
