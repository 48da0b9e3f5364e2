/**
 * The end of a log: its database goes, and a tombstone stays in its place, so that a request that comes too late finds
 * an object that has nothing and takes nothing, instead of making it anew.
 */
const TOMBSTONE = "erasure";

/** "begun": nothing is served any more, and something may be left on the disk. "done": nothing is. */
export type Erasure = "begun" | "done";

/** RFC 6455 §7.4.1: what the reader may see has ended, and to come back is of no use. */
export const CLOSE_ERASED = 1008;

/** How far the erasure of a log is; undefined for a log that lives. */
export function readErasure(storage: DurableObjectStorage): Erasure | undefined {
  return storage.kv.get<Erasure>(TOMBSTONE);
}

/** Resolves when everything is gone from the disk but the tombstone. The object must start anew after it. */
export async function eraseStorage(storage: DurableObjectStorage): Promise<void> {
  // First, so that from here on nothing is served even if the process ends before the rest is done.
  storage.kv.put(TOMBSTONE, "begun" satisfies Erasure);
  await storage.sync();
  const emptied = storage.deleteAll();
  storage.kv.put(TOMBSTONE, "done" satisfies Erasure);
  await emptied;
  await storage.sync();
}
