/** The canonical text of a query, which says the same in one way only. */
import type { FieldTerm, Query, TextTerm } from "./query.ts";

const NOTHING = "seq:<1";
const EVERYTHING = "seq:>=1";
const PLAIN = /^[^\s()"*<>][^\s()"*]*$/;

/**
 * Writes a query as text. Parsing it gives the query again when `parseQuery` or `queryOfFilter` made the query; one
 * that holds "everything" or "nothing" inside gives an equivalent one. Larger queries than the parser's limits allow
 * have a text too, which it then refuses.
 */
export function queryText(query: Query): string {
  return query.kind === "all" ? "" : textOf(query);
}

function textOf(query: Query): string {
  switch (query.kind) {
    case "all":
      return EVERYTHING;
    case "and":
      return query.of.length === 0 ? EVERYTHING : query.of.map(operandOfAnd).join(" ");
    case "or":
      // Everything else binds closer, and an OR within an OR says the same without parentheses.
      return query.of.length === 0 ? NOTHING : query.of.map(textOf).join(" OR ");
    case "not":
      return `-${isGroup(query.of) ? grouped(query.of) : textOf(query.of)}`;
    case "field":
      return fieldText(query);
    default:
      return phraseText(query);
  }
}

function operandOfAnd(query: Query): string {
  return isGroup(query) ? grouped(query) : textOf(query);
}

function isGroup(query: Query): boolean {
  return (
    query.kind === "and" ||
    query.kind === "or" ||
    (query.kind === "text" && !query.isPhrase && query.words.length > 1)
  );
}

function grouped(query: Query): string {
  return `(${textOf(query)})`;
}

function fieldText({ field, op, value }: FieldTerm): string {
  const literal = PLAIN.test(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  if (op === "prefix") {
    return `${field}:${value === "" ? "" : literal}*`;
  }
  return `${field}:${op === "is" ? "" : op}${literal}`;
}

function phraseText({ words, isPrefix, isPhrase }: TextTerm): string {
  const text = words.join(" ");
  return `${isPhrase ? `"${text}"` : text}${isPrefix ? "*" : ""}`;
}
