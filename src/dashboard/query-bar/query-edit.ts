/**
 * Changes the text of a query by one condition, as a click on a value does, and leaves the rest as a person wrote it.
 *
 * What it understands are conditions that hold for the whole query: `field:value`, `-field:value`, and a group of
 * values of one field, `(field:a OR field:b)`. Everything else is kept and not looked into.
 */
import { lex, type TermToken, type Token } from "../../query/lex.ts";
import { queryText } from "../../query/query-text.ts";
import type { Field } from "../../query/query.ts";

export type Mode = "only" | "without";

/** Which values of a field the query asks for, and which it leaves out. */
export interface Conditions {
  readonly only: ReadonlySet<string>;
  readonly without: ReadonlySet<string>;
}

interface Clause {
  readonly text: string;
  readonly condition?: {
    readonly field: string;
    readonly mode: Mode;
    readonly values: readonly string[];
  };
}

export function conditionsOn(q: string, field: string): Conditions {
  const only = new Set<string>();
  const without = new Set<string>();
  for (const { condition } of clausesOf(q) ?? []) {
    if (condition?.field === field) {
      condition.values.forEach((value) => (condition.mode === "only" ? only : without).add(value));
    }
  }
  return { only, without };
}

/**
 * Adds the condition, or takes it away when it is there. Values asked for of one field are alternatives; a value that
 * is asked for is no longer left out, and the other way round.
 */
export function toggleCondition(q: string, field: string, value: string, mode: Mode): string {
  const clauses = clausesOf(q);
  if (clauses === undefined) {
    return `${q} ${conditionText(field, [value], mode)}`.trim();
  }
  const conditions = conditionsOn(q, field);
  const isThere = conditions[mode].has(value);
  const kept = clauses.map((clause) => withoutValue(clause, field, value));
  if (!isThere) {
    add(kept, field, value, mode);
  }
  return join(kept);
}

/** The query without what it asks for or leaves out of one field: for counting what else one could ask for. */
export function withoutConditions(q: string, field: string): string {
  const clauses = clausesOf(q) ?? [{ text: q }];
  return join(clauses.filter(({ condition }) => condition?.field !== field));
}

/** `field:value`, with quotation marks where the value needs them. */
export function conditionText(field: string, values: readonly string[], mode: Mode): string {
  const terms = values.map((value) =>
    queryText({ kind: "field", field: field as Field, op: "is", value }),
  );
  const text = terms.length === 1 ? (terms[0] ?? "") : `(${terms.join(" OR ")})`;
  return mode === "only" ? text : `-${text}`;
}

function join(clauses: readonly Clause[]): string {
  return clauses
    .map(({ text }) => text)
    .filter((text) => text !== "")
    .join(" ");
}

function withoutValue(clause: Clause, field: string, value: string): Clause {
  const { condition } = clause;
  if (condition?.field !== field || !condition.values.includes(value)) {
    return clause;
  }
  return clauseOf(
    field,
    condition.values.filter((each) => each !== value),
    condition.mode,
  );
}

function add(clauses: Clause[], field: string, value: string, mode: Mode): void {
  const index = clauses.findIndex(
    ({ condition }) => condition?.field === field && condition.mode === mode,
  );
  const values = clauses[index]?.condition?.values ?? [];
  // Each value that is left out is a clause of its own, which reads better than a group.
  if (mode === "only" && values.length > 0) {
    clauses[index] = clauseOf(field, [...values, value], mode);
  } else {
    clauses.push(clauseOf(field, [value], mode));
  }
}

function clauseOf(field: string, values: readonly string[], mode: Mode): Clause {
  return values.length === 0
    ? { text: "" }
    : { text: conditionText(field, values, mode), condition: { field, values, mode } };
}

/** The parts that must all hold; undefined where the text is no query. */
function clausesOf(q: string): Clause[] | undefined {
  const tokens = lex(q);
  if (!tokens.ok) {
    return undefined;
  }
  const clauses: Clause[] = [];
  for (let at = 0; at < tokens.value.length;) {
    const { kind } = tokens.value[at] ?? { kind: ")" };
    if (kind === "OR") {
      return [{ text: `(${q.trim()})` }];
    }
    if (kind === "AND") {
      at++;
      continue;
    }
    const end = endOfClause(tokens.value, at);
    if (end === undefined) {
      return undefined;
    }
    clauses.push(readClause(q, tokens.value.slice(at, end)));
    at = end;
  }
  return clauses;
}

function endOfClause(tokens: readonly Token[], start: number): number | undefined {
  let at = start;
  while (tokens[at]?.kind === "-" || tokens[at]?.kind === "NOT") {
    at++;
  }
  let depth = 0;
  do {
    const kind = tokens[at]?.kind;
    if (kind === undefined) {
      return undefined;
    }
    depth += kind === "(" ? 1 : 0;
    depth -= kind === ")" ? 1 : 0;
    at++;
  } while (depth > 0);
  return depth < 0 ? undefined : at;
}

function readClause(q: string, tokens: readonly Token[]): Clause {
  const first = tokens[0];
  const last = tokens.at(-1);
  const text = q.slice(first?.at ?? 0, (last?.at ?? 0) + (last?.length ?? 0));
  const isNegated = first?.kind === "-" || first?.kind === "NOT";
  const terms = termsOf(isNegated ? tokens.slice(1) : tokens);
  const field = terms?.[0]?.field;
  if (terms === undefined || field === undefined) {
    return { text };
  }
  const values = terms.map(({ literal }) => literal.text);
  return { text, condition: { field, mode: isNegated ? "without" : "only", values } };
}

/** The terms of a single condition or of a group of alternatives, when all are exact values of the same field. */
function termsOf(tokens: readonly Token[]): readonly TermToken[] | undefined {
  const isGroup = tokens[0]?.kind === "(";
  const inner = isGroup ? tokens.slice(1, -1) : tokens;
  const terms = inner.filter((token, index) => index % 2 === 0 && token.kind === "term");
  const isRegular =
    terms.length === Math.ceil(inner.length / 2) &&
    inner.every((token, index) => index % 2 === 0 || token.kind === "OR");
  const exact = terms as readonly TermToken[];
  const isOneField = exact.every(
    ({ field, comparison, literal }) =>
      field === exact[0]?.field && comparison === undefined && !literal.isPrefix,
  );
  return isRegular && isOneField ? exact : undefined;
}
