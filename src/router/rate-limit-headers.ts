/** Tells a caller of the limits that apply: draft-ietf-httpapi-ratelimit-headers. */
import type { RateLimit } from "../kernel/rate-limit.ts";
import type { HttpContext } from "./http.ts";

export function tellRateLimits(context: HttpContext, limits: readonly RateLimit[]): void {
  const policies = limits.map((one) => `"${one.name}";q=${one.quota};w=${one.windowSeconds}`);
  const states = limits.map((one) => `"${one.name}";r=${one.remaining};t=${one.resetSeconds}`);
  context.header("RateLimit-Policy", policies.join(", "));
  context.header("RateLimit", states.join(", "));
}
