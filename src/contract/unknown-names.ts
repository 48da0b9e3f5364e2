/**
 * Names that a request has and the contract does not. They are refused, because a misspelt limit that is ignored gives
 * more than was meant: a key of every organization, a link with every right.
 */
import * as z from "zod";
import type { FieldError } from "../kernel/failure.ts";
import { FIELD_ERRORS_MAX } from "../kernel/limits.ts";
import { nearName } from "../kernel/near-name.ts";

const SHOWN_MAX = 64;

/**
 * One error for each name.
 *
 * @param known the names that there are.
 * @param root the path of the object that has the names, "" for the body itself.
 */
export function unknownNameErrors(
  names: readonly string[],
  known: readonly string[],
  root: string = "",
): FieldError[] {
  return names.slice(0, FIELD_ERRORS_MAX).map((name) => {
    const near = nearName(name, known);
    const field = root === "" ? shownName(name) : `${root}.${shownName(name)}`;
    const hint = near === undefined ? "" : ` Did you mean '${near}'?`;
    const message = `'${field}' is unknown.${hint} There are: ${known.join(", ")}.`;
    return { field, code: "unknown_name", message };
  });
}

/** A name that a client made up, as a short text of one line. */
export function shownName(name: string): string {
  return name
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "?")
    .slice(0, SHOWN_MAX)
    .toWellFormed();
}

/** A name that WorkOS's SDKs send and that has no meaning here: it may hold anything, and is left out of what is read. */
export const ignoredSchema = z
  .unknown()
  .transform(() => undefined)
  .optional()
  .describe("WorkOS's. It is ignored.");
