/** Where a tenant's objects are in the blob store. Everything below is that tenant's, and goes with it. */
import { sha256Hex } from "../../kernel/sha256.ts";

const CHARACTERS = 32;

/**
 * The tenant's own folder, with a slash at its end. It follows from the organization's id, so that it can be emptied
 * when the tenant's database is gone. The hash makes one folder name of any id; what keeps objects from being guessed
 * is the random part of their names.
 */
export function tenantFolder(organizationId: string): string {
  return `tenants/${sha256Hex(organizationId).slice(0, CHARACTERS)}/`;
}
