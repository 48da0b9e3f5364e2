/** A cheap look at a stored line before it is parsed: many events of a block that was read have none of the words. */
import type { Query } from "./query.ts";

const ASCII_WORD = /^[a-z0-9]+$/;
const NON_ASCII = /[^\0-\x7f]/;

/** False only for lines that cannot match. */
export function lineTest(query: Query): (line: string) => boolean {
  const words = neededWords(query);
  return words.length === 0 ? () => true : (line) => mayHaveWords(line.toLowerCase(), words);
}

/** False only for texts that do not have all the words. Whatever is not ASCII may be a word in another spelling. */
export function mayHaveWords(lowerText: string, words: readonly string[]): boolean {
  return words.every((word) => lowerText.includes(word)) || NON_ASCII.test(lowerText);
}

/** Words that every matching event has in its texts, as far as they are plain letters and digits. */
export function neededWords(query: Query): string[] {
  switch (query.kind) {
    case "and":
      return query.of.flatMap(neededWords);
    case "text":
      return query.words.filter((word) => ASCII_WORD.test(word));
    default:
      return [];
  }
}
