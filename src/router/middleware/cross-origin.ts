/**
 * CORS, for the pages of allowed origins. They send their credential themselves, as a bearer token; browsers are never
 * told to send ours, so `Access-Control-Allow-Credentials` is not there for anybody.
 */
import type { MiddlewareHandler, Next } from "hono";
import { cors } from "hono/cors";
import { allowedOrigins } from "../auth/allowed-origins.ts";
import type { HttpContext, HttpEnv } from "../http.ts";

const PREFLIGHT_SECONDS = 600;

export function crossOrigin(): MiddlewareHandler<HttpEnv> {
  const allow = cors({
    origin: (origin) => origin,
    allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "traceparent"],
    exposeHeaders: [
      "X-Request-Id",
      "Retry-After",
      "RateLimit",
      "RateLimit-Policy",
      "Idempotency-Replayed",
    ],
    maxAge: PREFLIGHT_SECONDS,
  });
  return function crossOrigin(context, next) {
    // WebSockets know no CORS; what may open one is decided by its credential.
    const isCors =
      context.req.header("origin") !== undefined && context.req.header("upgrade") === undefined;
    return isCors ? answerPage(context, next) : next();
  };

  async function answerPage(context: HttpContext, next: Next): Promise<Response | void> {
    if ((await allowedOrigins(context)).has(context.req.header("origin") ?? "")) {
      return allow(context, next);
    }
    await next();
    context.header("Vary", "Origin", { append: true });
  }
}
