/** `/organizations` and what is set for each (contract, "Organizations, keys, schemas, retention, portal"). */
import { Hono } from "hono";
import { read } from "../../contract/field-errors.ts";
import { newOrganizationSchema, type Organization } from "../../contract/organization.ts";
import { readRetention, type RetentionAnswer } from "../../contract/retention.ts";
import { failure, notFound } from "../../kernel/failure.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Scope } from "../../kernel/scope.ts";
import { admit, directory, openOrganization } from "../auth/access.ts";
import { readJsonObject } from "../body.ts";
import { failureResponse } from "../failure-response.ts";
import type { HttpContext, HttpEnv } from "../http.ts";
import { listOf, readListQuery } from "../list-query.ts";
import type { Tenant } from "../tenant.ts";

export const organizations = new Hono<HttpEnv>();

organizations.post("/", async (context) => {
  const created = await create(context);
  return created.ok ? context.json(created.value, 201) : failureResponse(context, created.failure);
});

organizations.get("/", async (context) => {
  const principal = await admit(context, "organizations:write");
  if (!principal.ok) {
    return failureResponse(context, principal.failure);
  }
  const query = readListQuery(context);
  if (!query.ok) {
    return failureResponse(context, query.failure);
  }
  const { organizationId } = principal.value;
  if (organizationId !== null) {
    const own = await directory(context).organization(organizationId);
    return context.json(listOf({ data: own === null ? [] : [own], before: null, after: null }));
  }
  return context.json(listOf(await directory(context).organizations(query.value)));
});

organizations.get("/:id", async (context) => {
  const tenant = await openNamed(context, "organizations:write");
  if (!tenant.ok) {
    return failureResponse(context, tenant.failure);
  }
  const organization = await directory(context).organization(tenant.value.organizationId);
  return organization === null
    ? failureResponse(context, notFound("Organization").failure)
    : context.json(organization);
});

organizations.get("/:id/audit_logs_retention", async (context) => {
  const days = await readDays(context);
  return days.ok ? context.json(answer(days.value)) : failureResponse(context, days.failure);
});

organizations.put("/:id/audit_logs_retention", async (context) => {
  const days = await writeDays(context);
  return days.ok ? context.json(answer(days.value)) : failureResponse(context, days.failure);
});

async function create(context: HttpContext): Promise<Result<Organization>> {
  const principal = await admit(context, "organizations:write");
  if (!principal.ok) {
    return principal;
  }
  if (principal.value.organizationId !== null) {
    return failure("forbidden", "A key of one organization cannot create another.");
  }
  const body = await readJsonObject(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const input = read(newOrganizationSchema, body.value, "", "invalid_request");
  return input.ok ? directory(context).createOrganization(input.value) : input;
}

async function readDays(context: HttpContext): Promise<Result<number>> {
  const tenant = await openNamed(context, "retention:write");
  return tenant.ok ? tenant.value.call((object) => object.retentionDays()) : tenant;
}

async function writeDays(context: HttpContext): Promise<Result<number>> {
  const tenant = await openNamed(context, "retention:write");
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
  const written = await tenant.value.call((object) => object.setRetentionDays(days.value));
  return written.ok ? ok(days.value) : written;
}

async function openNamed(context: HttpContext, scope: Scope): Promise<Result<Tenant>> {
  const principal = await admit(context, scope);
  return principal.ok
    ? openOrganization(context, principal.value, context.req.param("id"))
    : principal;
}

function answer(days: number): RetentionAnswer {
  return { retention_period_in_days: days };
}
