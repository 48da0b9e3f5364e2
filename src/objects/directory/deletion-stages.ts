/** What a deleted organization has outside of the Directory, in the order in which it goes. */
import { deleteFolderStep } from "../../blob/delete-folder.ts";
import { openBlobStore } from "../../blob/open.ts";
import { type Env, objectIn, tenantLog } from "../../env.ts";
import type { Sql } from "../../sql/sql.ts";
import { tenantFolder } from "../tenant/tenant-folder.ts";
import type { Deleted, DeletionStage } from "./deletions.ts";
import { removeExportsOf } from "./exports.ts";

/** What was on its way to the blob store when the log ended has arrived, or never will. */
const LATE_BLOBS_MS = 60 * 60 * 1_000;

export function deletionStages(env: Env, sql: Sql): readonly DeletionStage[] {
  return [
    { name: "log", step: (deleted) => eraseLog(env, deleted) },
    { name: "exports", step: (deleted) => removeExports(env, sql, deleted) },
    { name: "blobs", step: (deleted) => deleteBlobs(env, deleted) },
    {
      name: "late blobs",
      delayMs: LATE_BLOBS_MS,
      step: (deleted) => deleteBlobs(env, deleted),
    },
  ];
}

/** The object ends itself with its log, and says that it is erased when it has started anew. */
async function eraseLog(env: Env, { organizationId, region }: Deleted): Promise<boolean> {
  try {
    return await tenantLog(env.TENANT_LOG, organizationId, region).erase();
  } catch (error) {
    if ((error as { durableObjectReset?: boolean }).durableObjectReset === true) {
      return false;
    }
    throw error;
  }
}

/** The objects of exports delete their files themselves. */
async function removeExports(env: Env, sql: Sql, deleted: Deleted): Promise<boolean> {
  await removeExportsOf(sql, deleted.organizationId, (id) =>
    objectIn(env.EXPORT, id, deleted.region).remove(),
  );
  return true;
}

async function deleteBlobs(env: Env, { organizationId }: Deleted): Promise<boolean> {
  const store = openBlobStore(env);
  if (!store.ok) {
    throw new Error(store.failure.message);
  }
  if (store.value === undefined) {
    return true;
  }
  const isEmpty = await deleteFolderStep(store.value, tenantFolder(organizationId));
  if (!isEmpty.ok) {
    throw new Error(isEmpty.failure.message);
  }
  return isEmpty.value;
}
