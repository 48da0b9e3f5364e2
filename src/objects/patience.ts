/** Waits for some work, but not for ever; the work goes on. The promise must not reject. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([
    work,
    scheduler.wait(ms, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
}

/** Lets the other calls of an object have their turn. */
export function pause(): Promise<void> {
  return scheduler.wait(0);
}
