/** A cheap look at a stored line before it is parsed: many events of a block that was read have none of the words. */
import type { Query } from "./query.ts";

const ASCII_WORD = /^[a-z0-9]+$/;
const NON_ASCII = /[^\0-\x7f]/;

/** False only for lines that cannot match. A line with other than ASCII may have a word in another spelling. */
export function lineTest(query: Query): (line: string) => boolean {
  const needed = neededWords(query);
  return needed.length === 0
    ? () => true
    : (line) => {
        const lower = line.toLowerCase();
        return needed.every((word) => lower.includes(word)) || NON_ASCII.test(line);
      };
}

/** Words that every matching event has, as far as they are plain letters and digits. */
function neededWords(query: Query): string[] {
  switch (query.kind) {
    case "and":
      return query.of.flatMap(neededWords);
    case "text":
      return query.words.filter((word) => ASCII_WORD.test(word));
    default:
      return [];
  }
}
