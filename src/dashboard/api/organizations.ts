/** Which organizations a credential can show. */
import type { List } from "../../contract/list.ts";
import type { Organization } from "../../contract/organization.ts";
import type { Session as Holder } from "../../contract/portal.ts";
import { ok } from "../../kernel/result.ts";
import type { Api, ApiResult } from "./client.ts";

const ORGANIZATIONS_MAX = 100;

export type Access =
  /** Any of these, and perhaps more. */
  | { readonly kind: "many"; readonly organizations: readonly Organization[] }
  | { readonly kind: "one"; readonly organizationId: string }
  /** The credential may read events of every organization, and not list them. */
  | { readonly kind: "unknown" };

export async function findAccess(api: Api, holder: Holder): Promise<ApiResult<Access>> {
  if (holder.organization_id !== null) {
    return ok({ kind: "one", organizationId: holder.organization_id });
  }
  if (!holder.scopes.includes("organizations:write")) {
    return ok({ kind: "unknown" });
  }
  const listed = await api.get<List<Organization>>("/organizations", {
    parameters: { limit: ORGANIZATIONS_MAX, order: "desc" },
  });
  return listed.ok ? ok({ kind: "many", organizations: listed.value.data }) : listed;
}
