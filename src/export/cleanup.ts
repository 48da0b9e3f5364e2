/** Deletes what an export has in the blob store: an upload under way, the file, the manifest. Safe to repeat. */
import type { BlobResult } from "../blob/blob-failure.ts";
import type { BlobStore } from "../blob/blob-store.ts";
import type { Sql } from "../sql/sql.ts";
import { fileKeys } from "./file.ts";
import { readOutput } from "./progress.ts";
import type { ExportSpec } from "./spec.ts";

export async function deleteFiles(
  store: BlobStore,
  sql: Sql,
  spec: ExportSpec,
): Promise<BlobResult<void>> {
  const { upload: ticket } = readOutput(sql);
  if (ticket !== undefined) {
    const upload = store.resumeUpload(ticket);
    const aborted = upload.ok ? await upload.value.abort() : upload;
    if (!aborted.ok) {
      return aborted;
    }
  }
  return store.delete(Object.values(fileKeys(spec)));
}
