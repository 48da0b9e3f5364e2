/**
 * Strict reading of JSON from outside: what is accepted here can be written as RFC 8785 canonical JSON without loss.
 *
 * `JSON.parse` does the parsing; one walk then refuses what it lets through: duplicate names (it keeps the last),
 * lone surrogates, numbers beyond ±2^53, and nesting without end. I-JSON (RFC 7493 §2) is the source of the rules.
 */
import { type Failure, failure } from "./failure.ts";
import { jsonFault } from "./json-fault.ts";
import { JSON_DEPTH_MAX } from "./limits.ts";
import { ok, type Result } from "./result.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/**
 * Parses `text`, or says what is wrong with it and where.
 *
 * @param subject what the text is, as a sentence about it begins.
 */
export function parseStrictJson(text: string, subject: string = "The body"): Result<Json> {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return failure("invalid_request", `${subject} ${problemOf(text)}.`);
  }
  const walk: Walk = { subject, names: 0, fault: undefined };
  visit(value, 1, "", walk);
  if (walk.fault !== undefined) {
    return { ok: false, failure: walk.fault };
  }
  if (walk.names !== countNames(text)) {
    return failure(
      "invalid_request",
      `${subject} has an object with the same name twice. Send every name once.`,
    );
  }
  return ok(value);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** To look for the place in a longer text takes too long for what somebody may send on purpose. */
const PLACED_CHARACTERS_MAX = 512 * 1024;

function problemOf(text: string): string {
  if (text.trim() === "") {
    return "is empty. Send JSON";
  }
  return text.length > PLACED_CHARACTERS_MAX
    ? "is not valid JSON"
    : `is not valid JSON: ${jsonFault(text)}`;
}

interface Walk {
  readonly subject: string;
  names: number;
  fault: Failure | undefined;
}

function visit(value: Json, depth: number, path: string, walk: Walk): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) {
      refuse(walk, path, "has half of a surrogate pair. Send well-formed Unicode.");
    }
  } else if (typeof value === "number") {
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
      refuse(walk, path, "is a number beyond ±(2^53 - 1). Send it as a string.");
    }
  } else if (typeof value === "object" && value !== null) {
    if (depth > JSON_DEPTH_MAX) {
      refuse(walk, path, `is nested deeper than ${JSON_DEPTH_MAX} levels.`);
    } else if (Array.isArray(value)) {
      visitItems(value, depth, path, walk);
    } else {
      visitMembers(value, depth, path, walk);
    }
  }
}

function visitItems(items: Json[], depth: number, path: string, walk: Walk): void {
  for (let index = 0; index < items.length && walk.fault === undefined; index++) {
    visit(items[index] ?? null, depth + 1, `${path}[${index}]`, walk);
  }
}

function visitMembers(object: JsonObject, depth: number, path: string, walk: Walk): void {
  for (const name of Object.keys(object)) {
    walk.names++;
    if (!name.isWellFormed()) {
      refuse(walk, path, "has a name with half of a surrogate pair. Send well-formed Unicode.");
    }
    if (walk.fault !== undefined) {
      return;
    }
    visit(object[name] ?? null, depth + 1, path === "" ? name : `${path}.${name}`, walk);
  }
}

function refuse(walk: Walk, path: string, problem: string): void {
  const field = path.toWellFormed();
  const message = `${field === "" ? walk.subject : `'${field}'`} ${problem}`;
  walk.fault ??=
    field === ""
      ? { code: "invalid_request", message }
      : { code: "invalid_request", message, errors: [{ field, code: "invalid_value", message }] };
}

/**
 * How many names the objects of a valid JSON text have: its strings that a colon follows. Fewer in the parsed value
 * means that one was there twice. Jumps from quote to quote, so the text between costs a native search only.
 */
function countNames(text: string): number {
  let names = 0;
  let open = text.indexOf('"');
  while (open !== -1) {
    let close = text.indexOf('"', open + 1);
    while (isEscaped(text, close)) {
      close = text.indexOf('"', close + 1);
    }
    let next = close + 1;
    while (isWhiteSpace(text.charCodeAt(next))) {
      next++;
    }
    if (text.charCodeAt(next) === COLON) {
      names++;
    }
    open = text.indexOf('"', next);
  }
  return names;
}

const COLON = 0x3a;
const BACKSLASH = 0x5c;

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) {
    backslashes++;
  }
  return backslashes % 2 === 1;
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
