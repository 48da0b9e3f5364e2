/** Asks an object, and tells one that is busy or was reset from one that has a bug. */
import type { Failure } from "../kernel/failure.ts";
import { ok, type Result } from "../kernel/result.ts";
import { errorFacts, log } from "../observe/logger.ts";

/**
 * Runs `ask` against an object. A reset is tried once more with a new stub, because a stub stays broken
 * after an exception; so what is asked must be safe to repeat, as appends are by their fingerprints. An overload is not
 * tried again: then the answer is `unavailable`. What is neither is a bug and throws.
 */
export async function askObject<Stub, T>(
  open: () => Stub,
  unavailable: Failure,
  ask: (object: Stub) => Promise<T>,
): Promise<Result<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return ok(await ask(open()));
    } catch (error) {
      const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
      if (retryable !== true && overloaded !== true) {
        throw error;
      }
      const facts = { attempt, ...errorFacts(error) };
      log.warn("object.call", "An object did not answer.", facts);
      if (overloaded === true || attempt === 2) {
        return { ok: false, failure: unavailable };
      }
    }
  }
}
