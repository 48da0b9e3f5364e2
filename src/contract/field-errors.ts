/**
 * Turns what zod found wrong into the contract's field errors: a path that the caller can find in their own request,
 * and a sentence that says what to send instead.
 */
import * as z from "zod";
import { type Failure, type FailureCode, failure, type FieldError } from "../kernel/failure.ts";
import { FIELD_ERRORS_MAX } from "../kernel/limits.ts";
import { sameName } from "../kernel/near-name.ts";
import { ok, type Result } from "../kernel/result.ts";
import type { JsonObject } from "../kernel/strict-json.ts";
import { ignoredSchema, shownName, unknownNameErrors } from "./unknown-names.ts";

/**
 * Reads `value` as `schema`; `root` is the path of the value in the request, "" for the body itself. Unknown names, where
 * the schema refuses them, are an `invalid_request` whatever the code of other faults is.
 */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  root: string,
  code: FailureCode,
): Result<z.output<Schema>> {
  const result = schema.safeParse(value, { reportInput: true, error: sentenceOf });
  if (result.success) {
    return ok(result.data);
  }
  const { issues } = result.error;
  const hasUnknownNames = issues.some((issue) => issue.code === "unrecognized_keys");
  const errors = issues.flatMap((issue) => fieldErrors(issue, value, root));
  return {
    ok: false,
    failure: failureOf(
      hasUnknownNames ? "invalid_request" : code,
      errors.slice(0, FIELD_ERRORS_MAX),
    ),
  };
}

/** The failure of a body that is not read as a whole, when it has names that its schema has not. */
export function refuseUnknownNames(
  body: JsonObject,
  { shape }: z.ZodObject,
): { readonly ok: false; readonly failure: Failure } | undefined {
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(shape, name));
  return unknown.length === 0
    ? undefined
    : {
        ok: false,
        failure: failureOf("invalid_request", unknownNameErrors(unknown, Object.keys(shape))),
      };
}

/** One failure for many faults: the first fault is the message, because many clients show nothing else. */
export function failureOf(code: FailureCode, errors: readonly FieldError[]): Failure {
  const [first] = errors;
  const isCut = errors.length >= FIELD_ERRORS_MAX;
  const more =
    errors.length > 1 ? ` (and ${isCut ? "at least " : ""}${errors.length - 1} more)` : "";
  const message = first === undefined ? "The request is not valid." : `${first.message}${more}`;
  return failure(code, message, errors).failure;
}

function fieldErrors(issue: z.core.$ZodIssue, value: unknown, root: string): FieldError[] {
  const field = pathText(root, issue.path);
  if (issue.code === "unrecognized_keys") {
    return unknownNameErrors(issue.keys, issue.message.split(SEPARATOR), field);
  }
  const subject = field === "" ? "The body" : `'${field}'`;
  return [
    isMissing(issue)
      ? { field, code: "required", message: `${subject} is required${sentInstead(issue, value)}.` }
      : { field, code: issue.code, message: `${subject} ${issue.message}.` },
  ];
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") {
      return `${text}[${step}]`;
    }
    const name = String(step).toWellFormed().slice(0, 64);
    return text === "" ? name : `${text}.${name}`;
  }, root);
}

type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue;

function isMissing({ code, input }: Issue): boolean {
  return input === undefined && (code === "invalid_type" || code === "invalid_union");
}

/** Tells of a name in another style, such as `occurredAt`, where its owner has one. */
function sentInstead({ path }: z.core.$ZodIssue, value: unknown): string {
  const missing = String(path.at(-1));
  const owner = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
  const names = typeof owner === "object" && owner !== null ? Object.keys(owner) : [];
  const sent = sameName(
    missing,
    names.filter((name) => name !== missing),
  );
  return sent === undefined ? "" : ` (you sent '${shownName(sent)}')`;
}

const SEPARATOR = ", ";

/**
 * The end of the sentence about a fault that its schema has no words for. For unknown names it is the names that there
 * are: only here is the schema at hand that has them.
 */
function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${withArticle(issue.expected)}`;
    case "unrecognized_keys":
      return issue.inst instanceof z.ZodObject ? namesOf(issue.inst.shape).join(SEPARATOR) : "";
    case "too_small":
      return issue.origin === "string" && issue.minimum === 1
        ? "must not be empty"
        : `must be ${unitText(issue.origin, "at least", issue.minimum)}`;
    case "too_big":
      return `must be ${unitText(issue.origin, "at most", issue.maximum)}`;
    case "invalid_union":
      return "is none of what it can be";
    default:
      return undefined;
  }
}

function namesOf(shape: z.core.$ZodShape): string[] {
  return Object.keys(shape).filter((name) => shape[name] !== ignoredSchema);
}

function unitText(origin: string, bound: string, limit: number | bigint): string {
  switch (origin) {
    case "string":
      return `${bound} ${limit} characters long`;
    case "array":
      return `a list of ${bound} ${limit} items`;
    default:
      return `${bound} ${limit}`;
  }
}

function withArticle(type: string): string {
  switch (type) {
    case "int":
      return "a whole number";
    case "record":
    case "object":
      return "an object";
    case "array":
      return "a list";
    default:
      return `a ${type}`;
  }
}
