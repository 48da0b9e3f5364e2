/** Nothing waits for a store without end, and nothing that a store throws gets past here. */
import { type BlobFault, blobFault, type BlobResult, errorText } from "./blob-failure.ts";
import { TRANSFER_BYTES_PER_MS_MIN } from "./blob-limits.ts";

const COMPLETION_MS_PER_PART = 10;

/** How long a call may take that moves this many bytes. */
export function transferMs(timeoutMs: number, bytes: number): number {
  return timeoutMs + Math.ceil(bytes / TRANSFER_BYTES_PER_MS_MIN);
}

/** How long a store may take to make one object of so many parts. */
export function completionMs(timeoutMs: number, parts: number): number {
  return timeoutMs + parts * COMPLETION_MS_PER_PART;
}

/**
 * Runs `work` for at most `ms`. Late, it is a retryable failure, and the controller has aborted what was under way.
 *
 * Not `AbortSignal.timeout`: its timer cannot be cleared, so that each call would keep the object awake for the whole
 * time, and an R2 binding takes no signal at all.
 *
 * @param explain gives the meaning of an error that `work` rejected with.
 */
export async function bounded<T>(
  what: string,
  ms: number,
  work: (controller: AbortController) => Promise<BlobResult<T>>,
  explain: (what: string, error: unknown) => BlobFault = unavailable,
): Promise<BlobResult<T>> {
  const controller = new AbortController();
  const late = Promise.withResolvers<BlobResult<T>>();
  const timer = setTimeout(() => {
    late.resolve(blobFault("blob_unavailable", `${what}: no answer within ${ms} ms.`));
    controller.abort();
  }, ms);
  try {
    return await Promise.race([work(controller), late.promise]);
  } catch (error) {
    return explain(what, error);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(what: string, error: unknown): BlobFault {
  return blobFault("blob_unavailable", `${what}: ${errorText(error)}.`);
}
