/** `/organizations/{id}/audit_logs_retention`: how long an organization's events are kept (contract, "Organizations…"). */
import type * as z from "zod";
import { refuseUnknown } from "../../contract/event-query.ts";
import { read } from "../../contract/field-errors.ts";
import {
  type Configuration,
  configurationSchema,
  readRetention,
  type RetentionAnswer,
  retentionAnswerSchema,
  retentionQuerySchema,
  retentionSchema,
} from "../../contract/retention.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { RetentionPreview } from "../../objects/tenant/tenant-rpc.ts";
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
    query: retentionQuerySchema,
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
    answer: { status: 200, schema: retentionAnswerSchema },
    handle: setRetention,
  },
  {
    method: "get",
    path: "/organizations/{id}/audit_log_configuration",
    summary: "Get what is set for an organization's audit log",
    scope: ["retention:write", "events:read"],
    answer: { status: 200, schema: configurationSchema },
    handle: getConfiguration,
  },
];

async function getRetention(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.param("id"));
  if (!tenant.ok) {
    return tenant;
  }
  const query = readQuery(context);
  if (!query.ok) {
    return query;
  }
  const days = await tenant.value.call((object) => object.retentionDays());
  if (!days.ok) {
    return days;
  }
  const { preview_days: tried } = query.value;
  if (tried === undefined) {
    return ok(answer(context, days.value));
  }
  const preview = await tenant.value.call((object) => object.retentionPreview(tried));
  return preview.ok ? ok(answer(context, days.value, previewOf(tried, preview.value))) : preview;
}

function readQuery(context: HttpContext): Result<z.output<typeof retentionQuerySchema>> {
  const { searchParams } = new URL(context.req.url);
  return (
    refuseUnknown(searchParams, ["preview_days"]) ??
    read(retentionQuerySchema, Object.fromEntries(searchParams), "", "invalid_request")
  );
}

function previewOf(days: number, { events, oldestIngestedAt }: RetentionPreview) {
  return {
    retention_period_in_days: days,
    events,
    oldest_ingested_at: oldestIngestedAt === null ? null : new Date(oldestIngestedAt).toISOString(),
  };
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

async function getConfiguration(
  context: HttpContext,
  principal: Principal,
): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.param("id"));
  if (!tenant.ok) {
    return tenant;
  }
  const days = await tenant.value.call((object) => object.retentionDays());
  return days.ok
    ? ok(
        context.json({
          organization_id: tenant.value.organizationId,
          retention_period_in_days: days.value,
          state: "active",
        } satisfies Configuration),
      )
    : days;
}

function answer(
  context: HttpContext,
  days: number,
  preview?: RetentionAnswer["preview"],
): Response {
  return context.json({ retention_period_in_days: days, preview } satisfies RetentionAnswer);
}
