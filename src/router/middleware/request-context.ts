/** Gives every request its id and trace, and writes its one log line. */
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { uuidv7 } from "uuidv7";
import { log, withLogContext } from "../../observe/logger.ts";
import { traceOf } from "../../observe/trace.ts";
import type { HttpContext, HttpEnv } from "../http.ts";
import { metrics } from "../metrics.ts";

export function requestContext(): MiddlewareHandler<HttpEnv> {
  return function requestContext(context, next) {
    const requestId = uuidv7();
    const startedAt = performance.now();
    context.set("requestId", requestId);
    const trace = traceOf(context.req.header("traceparent"), requestId);
    return withLogContext({ service: "router", requestId, ...trace }, async () => {
      await next();
      if (context.res.status !== 101) {
        context.res.headers.set("X-Request-Id", requestId);
      }
      const elapsedMs = performance.now() - startedAt;
      const route = routePath(context, -1);
      countRequest(context, route, elapsedMs);
      logRequest(context, route, elapsedMs);
    });
  };
}

const STATUS_CLASSES = ["", "1xx", "2xx", "3xx", "4xx", "5xx"];

function countRequest(context: HttpContext, route: string, elapsedMs: number): void {
  const { method } = context.req;
  metrics.requests.add(
    1,
    method,
    route,
    STATUS_CLASSES[Math.floor(context.res.status / 100)] ?? "",
  );
  metrics.requestSeconds.observe(elapsedMs / 1_000, method, route);
}

function logRequest(context: HttpContext, route: string, elapsedMs: number): void {
  const { method } = context.req;
  const { status } = context.res;
  const facts = {
    method,
    route,
    status,
    durationMs: Math.round(elapsedMs * 100) / 100,
    outcome: status < 400 ? "success" : "failure",
    code: context.get("failureCode"),
  };
  const message = `${method} ${route} ${status}`;
  if (status >= 500) {
    log.error("http.request", message, facts);
  } else if (status === 401 || status === 403 || status === 429) {
    log.warn("http.request", message, facts);
  } else {
    log.info("http.request", message, facts);
  }
}
