/** The origins of other sites whose pages may call the API (CORS) and show the log in a frame. */
import type { HttpContext } from "../http.ts";
import { directory, directoryCache } from "./directory.ts";

/** Those of the setting and those of the token issuers; not our own. */
export async function allowedOrigins(context: HttpContext): Promise<ReadonlySet<string>> {
  const issuers = await directoryCache.tokenIssuers(() => directory(context));
  const setting = context.env.REKISHI_ALLOWED_ORIGINS ?? "";
  const origins = setting.split(/[\s,]+/).filter((origin) => origin !== "");
  return new Set([...origins, ...issuers.flatMap((issuer) => issuer.allowed_origins)]);
}
