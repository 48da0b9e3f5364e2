/** `/api_keys`: making, listing and revoking API keys (contract, "Organizations, keys, schemas, retention, portal"). */
import { Hono } from "hono";
import { newApiKeySchema, type NewApiKeyAnswer } from "../../contract/api-key.ts";
import { read } from "../../contract/field-errors.ts";
import { failure, notFound } from "../../kernel/failure.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import type { Result } from "../../kernel/result.ts";
import { admit, directory } from "../auth/access.ts";
import { readJsonObject } from "../body.ts";
import { failureResponse } from "../failure-response.ts";
import type { HttpContext, HttpEnv } from "../http.ts";
import { listOf, readListQuery } from "../list-query.ts";

export const apiKeys = new Hono<HttpEnv>();

apiKeys.post("/", async (context) => {
  const created = await create(context);
  return created.ok ? context.json(created.value, 201) : failureResponse(context, created.failure);
});

apiKeys.get("/", async (context) => {
  const principal = await admit(context, "keys:write");
  if (!principal.ok) {
    return failureResponse(context, principal.failure);
  }
  const query = readListQuery(context);
  if (!query.ok) {
    return failureResponse(context, query.failure);
  }
  const { organizationId } = principal.value;
  return context.json(listOf(await directory(context).apiKeys(query.value, organizationId)));
});

apiKeys.delete("/:id", async (context) => {
  const principal = await admit(context, "keys:write");
  if (!principal.ok) {
    return failureResponse(context, principal.failure);
  }
  const id = context.req.param("id");
  const revoked = await directory(context).revokeApiKey(id, principal.value.organizationId);
  return revoked ? context.body(null, 204) : failureResponse(context, notFound("API key").failure);
});

/** Nobody can make a key that may do more than their own. */
async function create(context: HttpContext): Promise<Result<NewApiKeyAnswer>> {
  const principal = await admit(context, "keys:write");
  if (!principal.ok) {
    return principal;
  }
  const body = await readJsonObject(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const input = read(newApiKeySchema, body.value, "", "invalid_request");
  if (!input.ok) {
    return input;
  }
  const { can, organizationId } = principal.value;
  const excess = input.value.scopes.find((scope) => !can(scope));
  if (excess !== undefined) {
    const message = `Your key does not have the scope '${excess}', so it cannot give it to another.`;
    return failure("forbidden", message);
  }
  const wanted = input.value.organization_id ?? organizationId;
  if (organizationId !== null && wanted !== organizationId) {
    return notFound(`Organization '${wanted}'`);
  }
  return directory(context).createApiKey({ ...input.value, organization_id: wanted });
}
