/** `/api_keys`: making, rotating and revoking API keys (contract, "Organizations, keys, schemas, retention, portal"). */
import * as z from "zod";
import {
  apiKeySchema,
  newApiKeyAnswerSchema,
  newApiKeySchema,
  rotationSchema,
} from "../../contract/api-key.ts";
import { read } from "../../contract/field-errors.ts";
import { listSchema } from "../../contract/list.ts";
import { failure, notFound } from "../../kernel/failure.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Scope } from "../../kernel/scope.ts";
import { parseStrictJson } from "../../kernel/strict-json.ts";
import { directory, openOrganization, type Principal } from "../auth/access.ts";
import { callerOf } from "../auth/caller.ts";
import { directoryCache } from "../auth/directory.ts";
import { readBody, readText } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { listOf, listQuerySchema, readListQuery } from "../list-query.ts";
import type { Route } from "../route.ts";

export const apiKeyRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/api_keys",
    summary: "Create an API key",
    scope: "keys:write",
    body: newApiKeySchema,
    answer: { status: 201, schema: newApiKeyAnswerSchema },
    handle: createApiKey,
  },
  {
    method: "get",
    path: "/api_keys",
    summary: "List API keys",
    scope: "keys:write",
    query: listQuerySchema.extend({
      organization_id: z.string().optional().describe("Only the keys of this organization."),
    }),
    answer: { status: 200, schema: listSchema(apiKeySchema) },
    handle: listApiKeys,
  },
  {
    method: "get",
    path: "/api_keys/{id}",
    summary: "Get an API key",
    scope: "keys:write",
    answer: { status: 200, schema: apiKeySchema },
    handle: getApiKey,
  },
  {
    method: "post",
    path: "/api_keys/{id}/rotate",
    summary: "Give an API key a new text; the former one works on for a while",
    scope: "keys:write",
    body: rotationSchema,
    answer: { status: 200, schema: newApiKeyAnswerSchema },
    handle: rotateApiKey,
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

async function createApiKey(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const { organizationId } = principal;
  const input = await readBody(context, newApiKeySchema);
  if (!input.ok) {
    return input;
  }
  const excess = refuseExcess(principal, input.value.scopes);
  if (excess !== undefined) {
    return excess;
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

async function listApiKeys(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const query = readListQuery(context, ["organization_id"]);
  if (!query.ok) {
    return query;
  }
  const wanted = context.req.query("organization_id");
  if (wanted === undefined) {
    const keys = await directory(context).apiKeys(query.value, principal.organizationId);
    return ok(context.json(listOf(keys)));
  }
  const tenant = await openOrganization(context, principal, wanted);
  if (!tenant.ok) {
    return tenant;
  }
  const keys = await directory(context).apiKeys(query.value, tenant.value.organizationId);
  return ok(context.json(listOf(keys)));
}

async function getApiKey(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  const key = await directory(context).apiKey(context.req.param("id") ?? "", organizationId);
  return key === null ? notFound("API key") : ok(context.json(key));
}

async function rotateApiKey(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const rotation = await readRotation(context);
  if (!rotation.ok) {
    return rotation;
  }
  const id = context.req.param("id") ?? "";
  const key = await directory(context).apiKey(id, principal.organizationId);
  if (key === null) {
    return notFound("API key");
  }
  // Who rotates a key is given its text.
  const excess = refuseExcess(principal, key.scopes);
  if (excess !== undefined) {
    return excess;
  }
  const caller = callerOf(context, principal);
  const rotated = await directory(context).rotateApiKey(id, rotation.value, caller);
  directoryCache.forgetKey(id);
  return rotated === null ? notFound("API key") : ok(context.json(rotated));
}

/** The body may be left out. */
async function readRotation(
  context: HttpContext,
): Promise<Result<z.output<typeof rotationSchema>>> {
  const text = await readText(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  if (!text.ok) {
    return text;
  }
  const body = text.value === "" ? ok({}) : parseStrictJson(text.value);
  return body.ok ? read(rotationSchema, body.value, "", "invalid_request") : body;
}

async function revokeApiKey(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const id = context.req.param("id") ?? "";
  const isRevoked = await directory(context).revokeApiKey(
    id,
    principal.organizationId,
    callerOf(context, principal),
  );
  directoryCache.forgetKey(id);
  return isRevoked ? ok(context.body(null, 204)) : notFound("API key");
}

/** Nobody can come by a key that may do more than their own. */
function refuseExcess({ can }: Principal, scopes: readonly Scope[]) {
  const excess = scopes.find((scope) => !can(scope));
  return excess === undefined
    ? undefined
    : failure(
        "forbidden",
        `You do not have the scope '${excess}', so you cannot be given a key that has it.`,
      );
}
