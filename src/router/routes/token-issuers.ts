/** `/token_issuers`: the identity providers whose JWTs are accepted (contract, "Organizations, keys, …"). */
import { listSchema } from "../../contract/list.ts";
import {
  newTokenIssuerSchema,
  type NewTokenIssuer,
  tokenIssuerSchema,
} from "../../contract/token-issuer.ts";
import { failure, fieldFailure, notFound } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { scopesOfRole } from "../../kernel/role.ts";
import { directory, type Principal } from "../auth/access.ts";
import { callerOf } from "../auth/caller.ts";
import { directoryCache } from "../auth/directory.ts";
import { isLoopback } from "../auth/own-origin.ts";
import { readBody } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { listOf, listQuerySchema, readListQuery } from "../list-query.ts";
import type { Route } from "../route.ts";

export const tokenIssuerRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/token_issuers",
    summary: "Accept the JWTs of an identity provider",
    scope: "keys:write",
    body: newTokenIssuerSchema,
    answer: { status: 201, schema: tokenIssuerSchema },
    handle: createTokenIssuer,
  },
  {
    method: "get",
    path: "/token_issuers",
    summary: "List token issuers",
    scope: "keys:write",
    query: listQuerySchema,
    answer: { status: 200, schema: listSchema(tokenIssuerSchema) },
    handle: listTokenIssuers,
  },
  {
    method: "get",
    path: "/token_issuers/{id}",
    summary: "Get a token issuer",
    scope: "keys:write",
    answer: { status: 200, schema: tokenIssuerSchema },
    handle: getTokenIssuer,
  },
  {
    method: "delete",
    path: "/token_issuers/{id}",
    summary: "Accept the JWTs of an identity provider no longer",
    scope: "keys:write",
    answer: { status: 204 },
    handle: deleteTokenIssuer,
  },
];

/** An issuer's tokens can name any organization, so that who sees one only has no business here. */
const WHOLE_ENVIRONMENT = failure(
  "forbidden",
  "Token issuers are of the whole environment. Use a key without an organization.",
);

async function createTokenIssuer(
  context: HttpContext,
  principal: Principal,
): Promise<Result<Response>> {
  if (principal.organizationId !== null) {
    return WHOLE_ENVIRONMENT;
  }
  const input = await readBody(context, newTokenIssuerSchema);
  if (!input.ok) {
    return input;
  }
  const refusal = refuseExcess(input.value, principal) ?? refuseJwksUri(context, input.value);
  if (refusal !== undefined) {
    return refusal;
  }
  const issuer = await directory(context).createTokenIssuer(
    input.value,
    callerOf(context, principal),
  );
  if (!issuer.ok) {
    return issuer;
  }
  directoryCache.forgetTokenIssuers();
  return ok(context.json(issuer.value, 201));
}

/** Nobody can let others in who may do more than themselves. */
function refuseExcess({ role_map }: NewTokenIssuer, { can }: Principal) {
  const excess = Object.values(role_map)
    .flatMap(scopesOfRole)
    .find((scope) => !can(scope));
  const message = `Your key does not have the scope '${excess}', so it cannot give a role that has it.`;
  return excess === undefined ? undefined : failure("forbidden", message);
}

function refuseJwksUri(context: HttpContext, { jwks_uri }: NewTokenIssuer) {
  const url = URL.parse(jwks_uri);
  const isPrivateAllowed = context.env.REKISHI_PRIVATE_ISSUERS === "true";
  const isAllowed =
    url !== null &&
    `${url.username}${url.password}${url.hash}` === "" &&
    (url.protocol === "https:" ||
      (url.protocol === "http:" && isPrivateAllowed && isLoopback(url.hostname)));
  const message =
    "'jwks_uri' must be an https address. With REKISHI_PRIVATE_ISSUERS=true, http://localhost is one too.";
  return isAllowed
    ? undefined
    : fieldFailure("unprocessable_entity", "jwks_uri", "invalid_format", message);
}

async function listTokenIssuers(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  if (organizationId !== null) {
    return WHOLE_ENVIRONMENT;
  }
  const query = readListQuery(context);
  return query.ok
    ? ok(context.json(listOf(await directory(context).tokenIssuers(query.value))))
    : query;
}

async function getTokenIssuer(
  context: HttpContext,
  { organizationId }: Principal,
): Promise<Result<Response>> {
  if (organizationId !== null) {
    return WHOLE_ENVIRONMENT;
  }
  const issuer = await directory(context).tokenIssuer(context.req.param("id") ?? "");
  return issuer === null ? notFound("Token issuer") : ok(context.json(issuer));
}

async function deleteTokenIssuer(
  context: HttpContext,
  principal: Principal,
): Promise<Result<Response>> {
  if (principal.organizationId !== null) {
    return WHOLE_ENVIRONMENT;
  }
  const isDeleted = await directory(context).deleteTokenIssuer(
    context.req.param("id") ?? "",
    callerOf(context, principal),
  );
  directoryCache.forgetTokenIssuers();
  return isDeleted ? ok(context.body(null, 204)) : notFound("Token issuer");
}
