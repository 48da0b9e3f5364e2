/** Deletes everything below a prefix. */
import { ok } from "../kernel/result.ts";
import type { BlobResult } from "./blob-failure.ts";
import type { BlobStore } from "./blob-store.ts";

/** The disk service deletes one file after the other, so that a step must not be longer. */
const STEP_OBJECTS = 100;

/**
 * One bounded step: call it until it answers `true`, which says that nothing is left. It may be repeated at any time.
 *
 * @param prefix ends with a slash, and is not empty: a mistake must not delete everything.
 */
export async function deleteFolderStep(
  store: BlobStore,
  prefix: string,
): Promise<BlobResult<boolean>> {
  if (prefix === "") {
    throw new RangeError("The empty prefix is everything.");
  }
  const page = await store.list(prefix, { limit: STEP_OBJECTS });
  if (!page.ok) {
    return page;
  }
  const { blobs, cursor } = page.value;
  const deleted = await store.delete(blobs.map(({ key }) => key));
  return deleted.ok ? ok(blobs.length === 0 && cursor === undefined) : deleted;
}
