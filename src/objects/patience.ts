/** Waits for some work, but not for ever; the work goes on. The promise must not reject. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  await Promise.race([
    work,
    scheduler.wait(ms, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
}
