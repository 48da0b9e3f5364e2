/** Which organizations a credential can show. */
import type { EventResource } from "../../contract/event.ts";
import type { List } from "../../contract/list.ts";
import type { Organization } from "../../contract/organization.ts";
import { ok } from "../../kernel/result.ts";
import type { Api, ApiResult } from "./client.ts";

const ORGANIZATIONS_MAX = 100;

export type Access =
  /** Any of these, and perhaps more. */
  | { readonly kind: "many"; readonly organizations: readonly Organization[] }
  /** One; its id is empty where its log has no event that tells it. */
  | { readonly kind: "one"; readonly organizationId: string }
  /** The credential may read events, and does not say of whom. */
  | { readonly kind: "unknown" };

/** Finds out with the requests that the credential may make: the list first, then its own log. */
export async function findAccess(api: Api): Promise<ApiResult<Access>> {
  const listed = await api.get<List<Organization>>("/organizations", {
    parameters: { limit: ORGANIZATIONS_MAX, order: "desc" },
  });
  if (listed.ok) {
    return ok({ kind: "many", organizations: listed.value.data });
  }
  if (listed.failure.status !== 403) {
    return listed;
  }
  const own = await api.get<List<EventResource>>("/audit_logs/events", {
    parameters: { limit: 1 },
  });
  if (own.ok) {
    return ok({ kind: "one", organizationId: own.value.data[0]?.organization_id ?? "" });
  }
  const isNameMissing = own.failure.errors?.some(({ field }) => field === "organization_id");
  return isNameMissing === true ? ok({ kind: "unknown" }) : own;
}
