/** `GET /metrics`: what this isolate has counted (contract, "Health and metrics"). */
import { failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { METRICS_MEDIA_TYPE } from "../../observe/metrics.ts";
import type { Principal } from "../auth/access.ts";
import type { HttpContext } from "../http.ts";
import { metrics } from "../metrics.ts";
import type { Route } from "../route.ts";

export const metricsRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/metrics",
    summary: "Read counters and durations in the text form of Prometheus",
    description:
      "They are of this process since its start. On Cloudflare they are of one of many isolates.",
    scope: "metrics:read",
    answer: { status: 200, mediaTypes: ["text/plain"] },
    handle: readMetrics,
  },
];

async function readMetrics(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  if (organizationId !== null) {
    return failure("forbidden", "Metrics are of all organizations. Use a key of none of them.");
  }
  const lines = Object.values(metrics).flatMap((metric) => metric.lines());
  return ok(context.body(`${lines.join("\n")}\n`, 200, { "content-type": METRICS_MEDIA_TYPE }));
}
