/** `/organizations` (contract, "Organizations, keys, schemas, retention, portal"). */
import { newOrganizationSchema } from "../../contract/organization.ts";
import { failure, notFound } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { directory, openOrganization, type Principal } from "../auth/access.ts";
import { readBody } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { listOf, readListQuery } from "../list-query.ts";
import type { Route } from "../route.ts";

export const organizationRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/organizations",
    summary: "Create an organization",
    scope: "organizations:write",
    body: newOrganizationSchema,
    answer: { status: 201 },
    handle: createOrganization,
  },
  {
    method: "get",
    path: "/organizations",
    summary: "List organizations",
    scope: "organizations:write",
    answer: { status: 200 },
    handle: listOrganizations,
  },
  {
    method: "get",
    path: "/organizations/{id}",
    summary: "Get an organization",
    scope: ["organizations:write", "events:read"],
    answer: { status: 200 },
    handle: getOrganization,
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
  const created = await directory(context).createOrganization(input.value);
  return created.ok ? ok(context.json(created.value, 201)) : created;
}

async function listOrganizations(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  const query = readListQuery(context);
  if (!query.ok) {
    return query;
  }
  if (organizationId !== null) {
    const own = await directory(context).organization(organizationId);
    const data = own === null ? [] : [own];
    return ok(context.json(listOf({ data, before: null, after: null })));
  }
  return ok(context.json(listOf(await directory(context).organizations(query.value))));
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
