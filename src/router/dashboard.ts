/**
 * Serves the dashboard's files, which `scripts/dashboard/build.ts` makes, and adds what the browser must enforce.
 *
 * It owns which paths are pages and their headers. It does not own the files: the platform's asset store does, or a
 * folder on one machine, both bound as ASSETS.
 */
import type { Hono } from "hono";
import { allowedOrigins } from "./auth/allowed-origins.ts";
import { cachedResponse, weakEtag } from "./cached-response.ts";
import type { HttpContext, HttpEnv } from "./http.ts";

/** The paths that show the dashboard; what each shows, the browser decides (src/dashboard/app.tsx). */
const PAGES = ["/", "/live", "/exports", "/settings", "/portal"];
/** The same page, for the frames of other sites that are allowed. */
const FRAMED_PAGE = "/embed";
/** The element that makes such a frame. */
const ELEMENT = "/embed.js";
const ELEMENT_SECONDS = 300;
/** Scripts, styles and pictures; the hash of what is in them is in their names. */
const ASSETS = "/assets/:file";
const ASSET_NAME = /^[\w-]+\.(?:js|css|svg)$/;
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Only what this server itself serves runs, and nothing that an event holds can become a script. */
const RESTRICTIONS = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-cache",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

export function serveDashboard(app: Hono<HttpEnv>): void {
  for (const path of PAGES) {
    app.get(path, async (context) => (await page(context, [])) ?? context.notFound());
  }
  app.get(FRAMED_PAGE, async (context) => {
    const hosts = [...(await allowedOrigins(context))];
    return (await page(context, hosts)) ?? context.notFound();
  });
  app.get(ELEMENT, async (context) => (await element(context)) ?? context.notFound());
  app.get(ASSETS, async (context) => (await asset(context)) ?? context.notFound());
}

/** The page; undefined where the dashboard was not built. @param hosts the origins that may show it in a frame. */
async function page(context: HttpContext, hosts: readonly string[]): Promise<Response | undefined> {
  const file = await readFile(context, "/index.html");
  if (file === undefined) {
    return undefined;
  }
  const html = await file.text();
  const ancestors = hosts.length === 0 ? "'none'" : hosts.join(" ");
  return cachedResponse(context, html, {
    ...PAGE_HEADERS,
    "Content-Security-Policy": [...RESTRICTIONS, `frame-ancestors ${ancestors}`].join("; "),
    ...(hosts.length === 0 ? { "X-Frame-Options": "DENY" } : {}),
    ETag: weakEtag(html),
  });
}

/** Any site may load it; what its frame shows is decided by the page. */
async function element(context: HttpContext): Promise<Response | undefined> {
  const file = await readFile(context, ELEMENT);
  return (
    file &&
    cachedResponse(context, file.body, {
      "Access-Control-Allow-Origin": "*",
      "Cache-Control": `public, max-age=${ELEMENT_SECONDS}`,
      "Content-Type": TYPES["js"] ?? "",
      "Cross-Origin-Resource-Policy": "cross-origin",
      "X-Content-Type-Options": "nosniff",
    })
  );
}

/** A file with a hash in its name; undefined where there is none of this name, as after a newer version was deployed. */
async function asset(context: HttpContext): Promise<Response | undefined> {
  const name = context.req.param("file") ?? "";
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
  if (!ASSET_NAME.test(name) || type === undefined) {
    return undefined;
  }
  const file = await readFile(context, `/assets/${name}`);
  return (
    file &&
    cachedResponse(context, file.body, {
      "Content-Type": type,
      "Cache-Control": "public, max-age=31536000, immutable",
      ETag: `W/"${name}"`,
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    })
  );
}

/** Asks with a request of its own: no header of the client reaches the asset store. */
async function readFile(context: HttpContext, path: string): Promise<Response | undefined> {
  const file = await context.env.ASSETS?.fetch(new Request(new URL(path, context.req.url)));
  return file?.ok === true ? file : undefined;
}
