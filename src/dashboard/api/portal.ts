/** The exchange of a portal link's code for a session. */
import type { Session as Holder } from "../../contract/portal.ts";
import { Api, type ApiResult } from "./client.ts";

/** @param as "cookie" in a tab of one's own, "token" inside another site, where browsers keep no cookie of ours. */
export function openPortalSession(
  code: string,
  as: "cookie" | "token",
): Promise<ApiResult<Holder & { readonly token?: string }>> {
  return new Api({ kind: "cookie" }).send("POST", "/portal/session", { body: { code, as } });
}
