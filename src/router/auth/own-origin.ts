/**
 * The origin under which browsers know this server, and what follows from it: which pages are its own, and whether a
 * cookie may be set at all.
 */
import { failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { HttpContext } from "../http.ts";

/** `https://audit.example.com`: the setting, or what the request itself was sent to. */
export function ownOrigin(context: HttpContext): string {
  const setting = URL.parse(context.env.REKISHI_PUBLIC_URL ?? "");
  return (setting ?? new URL(context.req.url)).origin;
}

/** What a browser calls potentially trustworthy: encrypted, or this very machine. */
export function isTrustworthy(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

/** Our own origin, where portal sessions are possible: their cookie must not travel unencrypted. */
export function trustworthyOrigin(context: HttpContext): Result<string> {
  const origin = ownOrigin(context);
  const message = `The portal needs HTTPS, and this server is known as ${origin}. Set REKISHI_PUBLIC_URL to the https address that browsers use.`;
  return isTrustworthy(new URL(origin)) ? ok(origin) : failure("invalid_request", message);
}

/**
 * Whether a page of this server sent the request. Browsers write both headers, and no page can change them; a request
 * with neither is not from a browser, and so has no business with a cookie.
 * Source: OWASP, Cross-Site Request Forgery Prevention, "Fetch Metadata" and "Verifying Origin".
 */
export function isFromOwnPage(context: HttpContext): boolean {
  return (
    context.req.header("sec-fetch-site") === "same-origin" ||
    context.req.header("origin") === ownOrigin(context)
  );
}
