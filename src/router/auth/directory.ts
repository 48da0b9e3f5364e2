/** The Directory, and what this isolate remembers of its answers. */
import { DIRECTORY_NAME, type Stub } from "../../env.ts";
import { systemClock } from "../../kernel/clock.ts";
import type { DirectoryRpc } from "../../objects/directory/directory-rpc.ts";
import type { HttpContext } from "../http.ts";
import { DirectoryCache } from "./directory-cache.ts";

export const directoryCache = new DirectoryCache(systemClock);

export function directory(context: HttpContext): Stub<DirectoryRpc> {
  return context.env.DIRECTORY.getByName(DIRECTORY_NAME);
}
