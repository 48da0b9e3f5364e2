/**
 * The cookie of a portal session. `__Host-` binds it to this host alone, and SameSite=Strict keeps it from requests that
 * other sites begin. Only on a machine's own plain-HTTP address it has another name and is not Secure, for development;
 * a name is read only where it is written.
 */
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { HttpContext } from "../http.ts";
import { ownOrigin } from "./own-origin.ts";

const NAME = "rekishi_session";

export function readSessionCookie(context: HttpContext): string | undefined {
  return context.req.header("cookie") === undefined
    ? undefined
    : getCookie(context, NAME, optionsOf(context).prefix);
}

export function writeSessionCookie(context: HttpContext, token: string, seconds: number): void {
  setCookie(context, NAME, token, { ...optionsOf(context), maxAge: seconds });
}

export function clearSessionCookie(context: HttpContext): void {
  deleteCookie(context, NAME, optionsOf(context));
}

function optionsOf(context: HttpContext): CookieOptions & { readonly prefix?: "host" } {
  const common = { path: "/", httpOnly: true, sameSite: "Strict" } as const;
  return ownOrigin(context).startsWith("https:")
    ? { ...common, secure: true, prefix: "host" }
    : common;
}
