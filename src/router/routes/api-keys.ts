/** `/api_keys`: making, listing and revoking API keys (contract, "Organizations, keys, schemas, retention, portal"). */
import { newApiKeySchema } from "../../contract/api-key.ts";
import { failure, notFound } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { directory, type Principal } from "../auth/access.ts";
import { callerOf } from "../auth/caller.ts";
import { readBody } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { listOf, readListQuery } from "../list-query.ts";
import type { Route } from "../route.ts";

export const apiKeyRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/api_keys",
    summary: "Create an API key",
    scope: "keys:write",
    body: newApiKeySchema,
    answer: { status: 201 },
    handle: createApiKey,
  },
  {
    method: "get",
    path: "/api_keys",
    summary: "List API keys",
    scope: "keys:write",
    answer: { status: 200 },
    handle: listApiKeys,
  },
  {
    method: "delete",
    path: "/api_keys/{id}",
    summary: "Revoke an API key",
    scope: "keys:write",
    answer: { status: 204 },
    handle: revokeApiKey,
  },
];

/** Nobody can make a key that may do more than their own. */
async function createApiKey(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const { can, organizationId } = principal;
  const input = await readBody(context, newApiKeySchema);
  if (!input.ok) {
    return input;
  }
  const excess = input.value.scopes.find((scope) => !can(scope));
  if (excess !== undefined) {
    const message = `Your key does not have the scope '${excess}', so it cannot give it to another.`;
    return failure("forbidden", message);
  }
  const wanted = input.value.organization_id ?? organizationId;
  if (organizationId !== null && wanted !== organizationId) {
    return notFound(`Organization '${wanted}'`);
  }
  const key = await directory(context).createApiKey(
    { ...input.value, organization_id: wanted },
    callerOf(context, principal),
  );
  return key.ok ? ok(context.json(key.value, 201)) : key;
}

async function listApiKeys(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  const query = readListQuery(context);
  return query.ok
    ? ok(context.json(listOf(await directory(context).apiKeys(query.value, organizationId))))
    : query;
}

async function revokeApiKey(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const id = context.req.param("id") ?? "";
  const isRevoked = await directory(context).revokeApiKey(
    id,
    principal.organizationId,
    callerOf(context, principal),
  );
  return isRevoked ? ok(context.body(null, 204)) : notFound("API key");
}
