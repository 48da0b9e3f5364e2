/** What is being written where the caret stands: the name of a field, or the value of one. */
export interface CaretPlace {
  /** Undefined while a field's name, or a word, is written. */
  readonly field: string | undefined;
  /** What stands before the caret, without a quotation mark. */
  readonly typed: string;
  /** The stretch of the text that a suggestion replaces. */
  readonly from: number;
  readonly to: number;
}

export function placeOf(text: string, caret: number): CaretPlace {
  const { start, isQuoted } = startOfTerm(text, caret);
  const end = endOfTerm(text, caret, isQuoted);
  const before = text.slice(start, caret);
  const colon = before.indexOf(":");
  if (colon === -1 || before.startsWith('"')) {
    return { field: undefined, typed: before, from: start, to: end };
  }
  const from = start + colon + 1 + (/^[<>]=?/.exec(before.slice(colon + 1))?.[0].length ?? 0);
  const typed = text
    .slice(from, caret)
    .replace(/^"/, "")
    .replaceAll(/\\(["\\])/g, "$1");
  return { field: before.slice(0, colon), typed, from, to: end };
}

/** Behind the last space or parenthesis that is not quoted, and behind the `-` of a negation. */
function startOfTerm(text: string, caret: number): { start: number; isQuoted: boolean } {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at++) {
    const character = text.charAt(at);
    if (isQuoted && character === "\\") {
      at++;
    } else if (character === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && /[\s()]/.test(character)) {
      start = at + 1;
    }
  }
  return { start: text.charAt(start) === "-" && start < caret ? start + 1 : start, isQuoted };
}

function endOfTerm(text: string, caret: number, isQuoted: boolean): number {
  const rest = isQuoted ? /^(?:[^"\\]|\\.)*"?/ : /^(?:"(?:[^"\\]|\\.)*"?|[^\s()"])*/;
  return caret + (rest.exec(text.slice(caret))?.[0].length ?? 0);
}
