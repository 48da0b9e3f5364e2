/** Whether a text has the words of a term. */
import { readings, type WordRow } from "./open-words.ts";
import type { TextTerm } from "./query.ts";
import { fold, isCjk, isCommon, words } from "./words.ts";

export type TextTest = (text: string) => boolean;

/** The tests that a term asks for; each must be passed by some text of the event. */
export function textTests(term: TextTerm): TextTest[] {
  return rowsOf(term).map(rowTest);
}

/** A term as rows that must all be found: a phrase is one, words that may be anywhere are one each. */
export function rowsOf({ words, isPrefix, isPhrase }: TextTerm): WordRow[] {
  return isPhrase
    ? [{ words, isOpen: isPrefix }]
    : words.map((word, index) => ({
        words: [word],
        isOpen: isPrefix && index === words.length - 1,
      }));
}

export function rowTest(row: WordRow): TextTest {
  const mayHave = quickTest(row.words);
  const [only = ""] = row.words;
  if (row.words.length === 1 && isCjk(only)) {
    return (text) => mayHave(text) && fold(text).includes(only);
  }
  const ways = readings(row);
  return (text) => {
    if (!mayHave(text)) {
      return false;
    }
    const found = words(text);
    return ways.some((way) => isIn(way, found));
  };
}

/** Who knows that a text is ASCII spares it to be looked at for anything else. */
export type QuickTest = (text: string, isAscii?: boolean) => boolean;

/** Passes every text that has the words and few others, without cutting it into words. */
export function quickTest(wanted: readonly string[]): QuickTest {
  const [longest = ""] = wanted.flatMap(words).sort((a, b) => b.length - a.length);
  const regex = new RegExp(longest.replaceAll(".", String.raw`\.`), "i");
  // A common text folds by its case alone; any other one may fold to anything.
  return (text, isAscii = false) => regex.test(text) || !(isAscii || isCommon(text));
}

function isIn(row: WordRow, found: readonly string[]): boolean {
  const last = row.words.length - 1;
  for (let start = 0; start + last < found.length; start++) {
    const isHere = row.words.every((word, index) =>
      isWordIn(word, found[start + index] ?? "", row.isOpen && index === last),
    );
    if (isHere) {
      return true;
    }
  }
  return false;
}

function isWordIn(word: string, found: string, isOpen: boolean): boolean {
  if (isCjk(word)) {
    return found.includes(word);
  }
  return isOpen ? found.startsWith(word) : found === word;
}
