/**
 * Turns what zod found wrong into the contract's field errors: a path that the caller can find in their own request,
 * and a sentence that says what to send instead.
 */
import type * as z from "zod";
import { type Failure, type FailureCode, failure, type FieldError } from "../kernel/failure.ts";
import { FIELD_ERRORS_MAX } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";

/** Reads `value` as `schema`; `root` is the path of the value in the request, "" for the body itself. */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  root: string,
  code: FailureCode,
): Result<z.output<Schema>> {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success
    ? ok(result.data)
    : { ok: false, failure: failureOf(code, fieldErrors(result.error.issues, root)) };
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

function fieldErrors(issues: readonly z.core.$ZodIssue[], root: string): FieldError[] {
  return issues.slice(0, FIELD_ERRORS_MAX).map((issue) => {
    const field = pathText(root, issue.path);
    const subject = field === "" ? "The body" : `'${field}'`;
    return { field, code: ruleOf(issue), message: `${subject} ${sentenceOf(issue)}` };
  });
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

function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.input === undefined && (issue.code === "invalid_type" || issue.code === "invalid_union")
  );
}

function ruleOf(issue: z.core.$ZodIssue): string {
  return isMissing(issue) ? "required" : issue.code;
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (isMissing(issue)) {
    return "is required.";
  }
  switch (issue.code) {
    case "invalid_type":
      return `must be ${withArticle(issue.expected)}.`;
    case "unrecognized_keys":
      return `has the unknown name '${issue.keys[0]?.slice(0, 64)}'.`;
    case "too_small":
      return issue.origin === "string" && issue.minimum === 1
        ? "must not be empty."
        : `must be ${unitText(issue.origin, "at least", issue.minimum)}.`;
    case "too_big":
      return `must be ${unitText(issue.origin, "at most", issue.maximum)}.`;
    default:
      return `${issue.message}.`;
  }
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
