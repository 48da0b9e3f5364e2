/**
 * What a word is: the one definition that the index, the queries and the matching share.
 *
 * Texts are compared folded: compatibility forms, case and invisible characters make no difference. In a folded text a
 * word is, tried in this order,
 *
 * 1. a UUID;
 * 2. digits joined by single dots: an address, a version, a decimal;
 * 3. a run of Chinese, Japanese or Korean characters, which stand without spaces between words;
 * 4. a run of other letters and digits.
 *
 * Runs begin with a letter or digit; combining marks only continue them.
 */

const UUID = String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}`;
const NUMBER = String.raw`\d+(?:\.\d+)+`;
const CJK = String.raw`[[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]&&[\p{L}\p{N}]]`;
const SPACED = String.raw`[[\p{L}\p{N}]--${CJK}]`;
const WORD = new RegExp(
  String.raw`${UUID}|${NUMBER}|${CJK}[${CJK}\p{M}]*|${SPACED}[${SPACED}\p{M}]*`,
  "gv",
);
const CJK_START = new RegExp(`^${CJK}`, "v");

/*
 * The same for the characters of nearly all texts: ASCII, European letters, kana, usual kanji and Hangul. Their fold is
 * their lower case, and cutting them needs no table of all Unicode, which makes it several times as fast.
 */
const COMMON_CJK = String.raw`\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe\u4e00-\u9fff\uac00-\ud7a3`;
const COMMON_SPACED = String.raw`\da-z\xdf-\xf6\xf8-\u012f\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e`;
const COMMON_OTHER = String.raw`\0-\x7f\xc0-\xd6\xd8-\xde\u3001\u3002\u300c\u300d\u30fb`;
const COMMON_WORD = new RegExp(`${UUID}|${NUMBER}|[${COMMON_CJK}]+|[${COMMON_SPACED}]+`, "g");
const UNCOMMON = new RegExp(`[^${COMMON_OTHER}${COMMON_CJK}${COMMON_SPACED}]`);

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** What joins the letter before it: marks and, besides Korean, one letter (KIRAT RAI VOWEL SIGN E). */
const JOINING = /[\p{M}\u{16d67}]/u;

/** The words of a text, folded, in their order. */
export function words(text: string): string[] {
  return isCommon(text) ? commonWords(text) : otherWords(text);
}

export function isCjk(word: string): boolean {
  // Nothing before the first letter of Hangul is Chinese, Japanese or Korean.
  return word.charCodeAt(0) >= 0x1100 && CJK_START.test(word);
}

/** Whether the text has only characters that nearly all texts have; its fold is then its lower case. */
export function isCommon(text: string): boolean {
  return !UNCOMMON.test(text);
}

/**
 * The form in which texts are compared. Characters are folded one by one, so a text that begins as another does has a
 * fold that begins as the other's; only the last letter of the beginning may still join marks that follow.
 */
export function fold(text: string): string {
  return isCommon(text) ? text.toLowerCase() : foldOther(text);
}

/** What an index stores for a text; see `eachTerm`. */
export function indexTerms(text: string): Iterable<string> {
  const terms: string[] = [];
  eachTerm(text, (term) => terms.push(term));
  return terms;
}

/**
 * Adds what an index stores for a text: spaced words as they are; the pairs of neighbours of a CJK run and its last
 * character alone, so that every character of the run begins a term.
 *
 * A text with combining marks has its words decomposed too. A raw text that begins with `e` may go on with an accent,
 * and only the decomposed word then begins with `e`.
 */
export function eachTerm(text: string, add: (term: string) => void): void {
  if (isCommon(text)) {
    for (const word of commonWords(text)) {
      addWord(word, false, add);
    }
    return;
  }
  const hasMarks = JOINING.test(text);
  for (const word of otherWords(text)) {
    addWord(word, hasMarks, add);
  }
}

/** The pairs of neighbours of a CJK run, in their order, and then its last character. */
export function cjkTerms(run: string): string[] {
  const characters = Array.from(run);
  return characters.map((character, index) => character + (characters[index + 1] ?? ""));
}

function addWord(word: string, hasMarks: boolean, add: (term: string) => void): void {
  if (isCjk(word)) {
    for (const term of cjkTerms(word)) {
      add(term);
    }
    return;
  }
  add(word);
  if (hasMarks) {
    add(word.normalize("NFD"));
  }
}

function commonWords(text: string): string[] {
  return text.toLowerCase().match(COMMON_WORD) ?? [];
}

function otherWords(text: string): string[] {
  return foldOther(text).match(WORD) ?? [];
}

function foldOther(text: string): string {
  const lower = text.normalize("NFKD").replace(INVISIBLE, "").toLowerCase();
  // Lower-casing writes a sigma differently at the end of a word: the only rule of it that looks at the neighbours.
  return lower.replaceAll("ς", "σ").normalize("NFKC");
}
