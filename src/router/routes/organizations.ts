/** `/organizations` (contract, "Organizations, keys, schemas, retention, portal"). */
import * as z from "zod";
import { idempotentHeadersSchema } from "../../contract/append.ts";
import { listSchema } from "../../contract/list.ts";
import {
  newOrganizationSchema,
  type Organization,
  organizationChangeSchema,
  organizationSchema,
} from "../../contract/organization.ts";
import { failure, notFound } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { directory, openOrganization, type Principal } from "../auth/access.ts";
import { callerOf } from "../auth/caller.ts";
import { directoryCache } from "../auth/directory.ts";
import { readBody } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { answerMade, requestNameOf } from "../idempotency.ts";
import { listOf, listQuerySchema, readListQuery } from "../list-query.ts";
import type { Route } from "../route.ts";

export const organizationRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/organizations",
    summary: "Create an organization",
    scope: "organizations:write",
    headers: idempotentHeadersSchema,
    body: newOrganizationSchema,
    answer: { status: 201, schema: organizationSchema },
    handle: createOrganization,
  },
  {
    method: "get",
    path: "/organizations",
    summary: "List organizations",
    scope: ["organizations:write", "events:read"],
    query: listQuerySchema.extend({
      search: z.string().optional().describe("A part of the name or id, or the whole external id."),
      domains: z
        .string()
        .optional()
        .describe("WorkOS's filter. Organizations have no domains here."),
    }),
    answer: { status: 200, schema: listSchema(organizationSchema) },
    handle: listOrganizations,
  },
  {
    method: "get",
    path: "/organizations/external_id/{external_id}",
    summary: "Get an organization by its external id",
    scope: ["organizations:write", "events:read"],
    answer: { status: 200, schema: organizationSchema },
    handle: getOrganizationByExternalId,
  },
  {
    method: "get",
    path: "/organizations/{id}",
    summary: "Get an organization",
    scope: ["organizations:write", "events:read"],
    answer: { status: 200, schema: organizationSchema },
    handle: getOrganization,
  },
  {
    method: "put",
    path: "/organizations/{id}",
    summary: "Change an organization",
    scope: "organizations:write",
    body: organizationChangeSchema,
    answer: { status: 200, schema: organizationSchema },
    handle: updateOrganization,
  },
  {
    method: "delete",
    path: "/organizations/{id}",
    summary: "Delete an organization with everything it has, for ever",
    scope: "organizations:write",
    answer: { status: 202 },
    handle: deleteOrganization,
  },
];

async function createOrganization(
  context: HttpContext,
  principal: Principal,
): Promise<Result<Response>> {
  if (principal.organizationId !== null) {
    return failure("forbidden", "A key of one organization cannot create another.");
  }
  const input = await readBody(context, newOrganizationSchema);
  if (!input.ok) {
    return input;
  }
  const request = requestNameOf(context, principal, input.value);
  if (!request.ok) {
    return request;
  }
  const created = await directory(context).createOrganization(
    input.value,
    callerOf(context, principal),
    request.value,
  );
  return created.ok ? ok(answerMade(context, created.value)) : created;
}

async function listOrganizations(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  const query = readListQuery(context, ["search", "domains[]"]);
  if (!query.ok) {
    return query;
  }
  const { search, domains, "domains[]": domainList = domains } = context.req.query();
  if (domainList !== undefined) {
    // No organization has any, and a list of all would look as if all had them.
    return ok(answerList([]));
  }
  if (organizationId !== null) {
    const own = await directory(context).organization(organizationId);
    return ok(answerList(own === null ? [] : [own]));
  }
  const filter = search === undefined ? {} : { search };
  return ok(context.json(listOf(await directory(context).organizations(query.value, filter))));

  function answerList(data: readonly Organization[]): Response {
    return context.json(listOf({ data, before: null, after: null }));
  }
}

async function getOrganizationByExternalId(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  const externalId = context.req.param("external_id") ?? "";
  const organization = await directory(context).organizationByExternalId(externalId);
  const isVisible = organizationId === null || organization?.id === organizationId;
  return organization === null || !isVisible
    ? notFound("Organization")
    : ok(context.json(organization));
}

async function getOrganization(
  context: HttpContext,
  principal: Principal,
): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.param("id"));
  if (!tenant.ok) {
    return tenant;
  }
  const organization = await directory(context).organization(tenant.value.organizationId);
  return organization === null ? notFound("Organization") : ok(context.json(organization));
}

async function updateOrganization(
  context: HttpContext,
  principal: Principal,
): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.param("id"));
  if (!tenant.ok) {
    return tenant;
  }
  const change = await readBody(context, organizationChangeSchema);
  if (!change.ok) {
    return change;
  }
  const { organizationId } = tenant.value;
  const caller = callerOf(context, principal);
  const updated = await directory(context).updateOrganization(organizationId, change.value, caller);
  return updated.ok ? ok(context.json(updated.value)) : updated;
}

/** 202, as WorkOS answers: what an organization had in a blob store may take a while to go. */
async function deleteOrganization(
  context: HttpContext,
  principal: Principal,
): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.param("id"));
  if (!tenant.ok) {
    return tenant;
  }
  if (principal.organizationId !== null) {
    return failure("forbidden", "A key of one organization cannot delete it.");
  }
  const { organizationId } = tenant.value;
  const caller = callerOf(context, principal);
  const deleted = await directory(context).deleteOrganization(organizationId, caller);
  directoryCache.forgetOrganization(organizationId);
  return deleted.ok ? ok(context.body(null, 202)) : deleted;
}
