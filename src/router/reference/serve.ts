/**
 * Serves the description of the API: `/openapi.json` for programs, `/docs` for people. Both are made at the first
 * request for them in an isolate, and kept. They are for everybody: they hold nothing of any organization.
 */
import type { Hono } from "hono";
import { ownOrigin } from "../auth/own-origin.ts";
import { cachedResponse, weakEtag } from "../cached-response.ts";
import type { HttpContext, HttpEnv } from "../http.ts";
import { openApiDocument } from "./document.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { referencePage, STYLE_PATH } from "./page.ts";

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function serveReference(app: Hono<HttpEnv>): void {
  app.get("/openapi.json", (context) => {
    return file(context, "application/json", made().document);
  });
  app.get("/docs", (context) => {
    const page = made().page.replaceAll(ORIGIN, ownOrigin(context));
    return file(context, "text/html; charset=utf-8", page);
  });
  app.get(STYLE_PATH, (context) => file(context, "text/css; charset=utf-8", PAGE_STYLE));
}

/** Stands in the page for where this server is, which every request knows anew. */
const ORIGIN = "https://origin.invalid";

let kept: { readonly document: string; readonly page: string } | undefined;

function made() {
  if (kept === undefined) {
    const document = openApiDocument();
    kept = { document: JSON.stringify(document), page: referencePage(document, ORIGIN) };
  }
  return kept;
}

function file(context: HttpContext, type: string, text: string): Response {
  return cachedResponse(context, text, {
    "Content-Type": type,
    "Cache-Control": "no-cache",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    ETag: weakEtag(text),
  });
}
