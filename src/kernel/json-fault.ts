/** Where a text that `JSON.parse` refuses stops being JSON. The engines say it in words of their own, or not at all. */

/** `name` and `value` are after a comma, where the list or object cannot end. */
type Awaited = "value" | "value or end" | "name" | "name or end" | "colon" | "comma or end";

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

/** What is wrong with the text and where, as the end of a sentence. At most one character of the text is in it. */
export function jsonFault(text: string): string {
  const at = jsonFaultAt(text);
  const before = text.slice(0, at);
  const line = 1 + countOf("\n", before);
  const character = 1 + lengthOf(before.slice(before.lastIndexOf("\n") + 1));
  const place = `${line === 1 ? "" : `line ${line}, `}character ${character}`;
  const [found] = text.slice(at, at + 2);
  return found === undefined
    ? `it ends too early, at ${place}`
    : `there should not be ${found === "'" ? `"'"` : `'${found}'`} at ${place}`;
}

function countOf(wanted: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    count++;
  }
  return count;
}

/** In characters, of which some take two units. Counted one by one: a list of them all may be large. */
function lengthOf(text: string): number {
  let length = 0;
  for (const character of text) {
    length += character === "" ? 0 : 1;
  }
  return length;
}

/** The index of the first character that cannot be there; the text's length when it ends too early. */
export function jsonFaultAt(text: string): number {
  const open: string[] = [];
  let awaited: Awaited = "value";
  let at = matchEnd(SPACE, text, 0) ?? 0;
  while (at < text.length) {
    const next = afterToken(text, at, awaited, open);
    if (!next.isRight) {
      return next.at;
    }
    ({ awaited } = next);
    at = matchEnd(SPACE, text, next.at) ?? next.at;
  }
  return at;
}

type Step =
  | { readonly isRight: true; readonly at: number; readonly awaited: Awaited }
  | { readonly isRight: false; readonly at: number };

/** @param open the brackets that are open at `at`; they are kept up to date. */
function afterToken(text: string, at: number, awaited: Awaited, open: string[]): Step {
  const first = text.charAt(at);
  const right = (next: Awaited): Step => ({ isRight: true, at: at + 1, awaited: next });
  const isEnd = first === (open.at(-1) === "{" ? "}" : "]");
  if (isEnd && awaited.endsWith("or end") && open.pop() !== undefined) {
    return right("comma or end");
  }
  switch (awaited) {
    case "colon":
      return first === ":" ? right("value") : { isRight: false, at };
    case "comma or end":
      return first === "," && open.length > 0
        ? right(open.at(-1) === "{" ? "name" : "value")
        : { isRight: false, at };
    case "name":
    case "name or end":
      return first === '"' ? afterString(text, at, "colon") : { isRight: false, at };
    default:
      if (first === "{" || first === "[") {
        open.push(first);
        return right(first === "{" ? "name or end" : "value or end");
      }
      return first === '"' ? afterString(text, at, "comma or end") : afterScalar(text, at);
  }
}

function afterScalar(text: string, at: number): Step {
  const end = matchEnd(SCALAR, text, at);
  return end === undefined
    ? { isRight: false, at }
    : { isRight: true, at: end, awaited: "comma or end" };
}

function afterString(text: string, quote: number, awaited: Awaited): Step {
  let at = quote + 1;
  for (; at < text.length && text.charAt(at) !== '"'; at++) {
    if (text.charAt(at) === "\\") {
      const end = matchEnd(ESCAPE, text, at);
      if (end === undefined) {
        return { isRight: false, at: Math.min(at + 1, text.length) };
      }
      at = end - 1;
    } else if (text.charCodeAt(at) < 0x20) {
      return { isRight: false, at };
    }
  }
  return at < text.length ? { isRight: true, at: at + 1, awaited } : { isRight: false, at };
}

function matchEnd(sticky: RegExp, text: string, at: number): number | undefined {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}
