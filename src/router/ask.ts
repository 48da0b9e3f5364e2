/** Asks an object, and tells one that is busy or was reset from one that has a bug. */
import type { Failure } from "../kernel/failure.ts";
import { ok, type Result } from "../kernel/result.ts";
import { errorFacts, log } from "../observe/logger.ts";

/** What an error says of an object: the platform's words, and `erased`, which is ours (`objects/tenant/no-database.ts`). */
interface Signs {
  readonly retryable?: boolean;
  readonly overloaded?: boolean;
  readonly erased?: boolean;
}

/** Whether an object threw because it is overloaded or was reset, and not for a bug. */
export function isUnavailability(error: unknown): boolean {
  const { retryable, overloaded } = (error ?? {}) as Signs;
  return retryable === true || overloaded === true;
}

interface Fault {
  readonly ok: false;
  readonly failure: Failure;
}

/**
 * Runs `ask` against an object. A reset is tried once more with a new stub, because a stub stays broken
 * after an exception; so what is asked must be safe to repeat, as appends are by their fingerprints. An overload is not
 * tried again: then the answer is `unavailable`. What is neither is a bug and throws.
 *
 * @param gone the answer of an object whose data was deleted.
 */
export async function askObject<Stub, T>(
  open: () => Stub,
  unavailable: Failure,
  ask: (object: Stub) => Promise<T>,
  gone?: Fault,
): Promise<Result<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return ok(await ask(open()));
    } catch (error) {
      const { overloaded, erased } = error as Signs;
      if (erased === true && gone !== undefined) {
        return gone;
      }
      if (!isUnavailability(error)) {
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
