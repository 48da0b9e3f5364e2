/** The origins of other sites whose pages may call the API (CORS) and show the log in a frame. */
import { isOrigin, splitOrigins } from "../../kernel/origin.ts";
import type { HttpContext } from "../http.ts";
import { directory, directoryCache } from "./directory.ts";

/** Those of the setting and those of the token issuers; not our own. */
export async function allowedOrigins(context: HttpContext): Promise<ReadonlySet<string>> {
  const issuers = await directoryCache.tokenIssuers(() => directory(context));
  const origins = splitOrigins(context.env.REKISHI_ALLOWED_ORIGINS ?? "").filter(isOrigin);
  return new Set([...origins, ...issuers.flatMap((issuer) => issuer.allowed_origins)]);
}
