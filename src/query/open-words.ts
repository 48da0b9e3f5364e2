/**
 * The words of a text that may go on, as the text of a prefix does. Its last word may be the beginning of a longer one,
 * and what is several words now may turn out to be one.
 */
import { fold, words } from "./words.ts";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const SOME_UUID = "00000000-0000-0000-0000-000000000000";
const NUMBER_AND_DOT = /^\d+(?:\.\d+)*\.$/;

/** As `words`, but a UUID that is cut (`0190a3b4-55`) and a number before a last dot (`10.0.`) are one word each. */
export function openWords(text: string): string[] {
  const folded = fold(text);
  const found: string[] = [];
  let at = 0;
  for (const word of words(folded)) {
    at = folded.indexOf(word, at);
    const rest = folded.slice(at);
    if (isCut(rest)) {
      return [...found, rest];
    }
    found.push(word);
    at += word.length;
  }
  return found;
}

/** Words in a row, of which the last may be open: the beginning of a longer one. */
export interface WordRow {
  readonly words: readonly string[];
  readonly isOpen: boolean;
}

/** The ways in which a row can stand in a text: one that ends with a cut word may also be the words in that. */
export function readings(row: WordRow): readonly WordRow[] {
  const last = row.words.at(-1) ?? "";
  if (!row.isOpen || !isCut(last)) {
    return [row];
  }
  return [row, { words: [...row.words.slice(0, -1), ...words(last)], isOpen: !/[.-]$/.test(last) }];
}

export function isUuid(word: string): boolean {
  return UUID.test(word);
}

function isCut(text: string): boolean {
  const isCutUuid =
    text.length > 8 &&
    text.length < SOME_UUID.length &&
    UUID.test(text + SOME_UUID.slice(text.length));
  return isCutUuid || NUMBER_AND_DOT.test(text);
}
