/** `/organizations/{id}/audit_logs_retention`: how long an organization's events are kept (contract, "Organizations…"). */
import {
  readRetention,
  type RetentionAnswer,
  retentionAnswerSchema,
  retentionSchema,
} from "../../contract/retention.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { openOrganization, type Principal } from "../auth/access.ts";
import { callerOf } from "../auth/caller.ts";
import { readJsonObject } from "../body.ts";
import type { HttpContext } from "../http.ts";
import type { Route } from "../route.ts";

const PATH = "/organizations/{id}/audit_logs_retention";

export const retentionRoutes: readonly Route[] = [
  {
    method: "get",
    path: PATH,
    summary: "Get the retention of an organization's events",
    scope: ["retention:write", "events:read"],
    answer: { status: 200, schema: retentionAnswerSchema },
    handle: getRetention,
  },
  {
    method: "put",
    path: PATH,
    summary: "Set the retention of an organization's events",
    scope: "retention:write",
    body: retentionSchema,
    description: "A shorter retention hides what it expires at once; the purge follows.",
    example: { retention_period_in_days: 730 },
    answer: { status: 200, schema: retentionAnswerSchema },
    handle: setRetention,
  },
];

async function getRetention(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.param("id"));
  if (!tenant.ok) {
    return tenant;
  }
  const days = await tenant.value.call((object) => object.retentionDays());
  return days.ok ? ok(answer(context, days.value)) : days;
}

async function setRetention(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.param("id"));
  if (!tenant.ok) {
    return tenant;
  }
  const body = await readJsonObject(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const days = readRetention(body.value);
  if (!days.ok) {
    return days;
  }
  const caller = callerOf(context, principal);
  const written = await tenant.value.call((object) => object.setRetentionDays(days.value, caller));
  return written.ok ? ok(answer(context, days.value)) : written;
}

function answer(context: HttpContext, days: number): Response {
  return context.json({ retention_period_in_days: days } satisfies RetentionAnswer);
}
