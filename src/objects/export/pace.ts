/**
 * When an export rests. On one machine all objects share a thread, so what an export does in one go, every append waits
 * for: it works in slices of a few milliseconds, and while others have work to do it leaves most of the time to them.
 */

/** A turn of the event loop that took longer than this was used by somebody else. */
const BUSY_MS = 2;
/** About as long as a slice takes. */
const REST_MS = 4;

/** Lets others have their turn, and a second one when they had use for the first. */
export async function restAsOthersNeed(): Promise<void> {
  const startedAt = performance.now();
  await scheduler.wait(0);
  if (performance.now() - startedAt > BUSY_MS) {
    await scheduler.wait(REST_MS);
  }
}
