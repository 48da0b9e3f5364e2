/** Answers with a file that browsers keep: its ETag is compared, and it is sent compressed to whoever reads that. */
import { createHash } from "node:crypto";
import type { HttpContext } from "./http.ts";

/** @param headers with an ETag. */
export function cachedResponse(
  context: HttpContext,
  body: string | ReadableStream | null,
  headers: Readonly<Record<string, string>>,
): Response {
  if (
    context.req
      .header("if-none-match")
      ?.split(/, */)
      .includes(headers["ETag"] ?? "") === true
  ) {
    return new Response(null, { status: 304, headers });
  }
  const isGzipRead = /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
  // The runtime compresses what says that it is compressed.
  const encoding = isGzipRead ? { "Content-Encoding": "gzip" } : {};
  return new Response(body, { headers: { ...headers, ...encoding, Vary: "Accept-Encoding" } });
}

/** Weak, because the same text is sent compressed too. */
export function weakEtag(text: string): string {
  return `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}
