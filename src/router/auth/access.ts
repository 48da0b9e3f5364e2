/**
 * What a caller may do. Every route begins with `admit`, and reaches a log only through `openOrganization`, which
 * answers 404 for another tenant's organization exactly as for one that does not exist. Who calls: `authenticate.ts`.
 */
import { ORGANIZATION_ID } from "../../contract/organization.ts";
import { failure, fieldFailure, notFound } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Scope } from "../../kernel/scope.ts";
import { addLogContext } from "../../observe/logger.ts";
import type { HttpContext } from "../http.ts";
import { Tenant } from "../tenant.ts";
import { authenticate } from "./authenticate.ts";
import { directory, directoryCache } from "./directory.ts";
import type { Principal } from "./principal.ts";

export { directory, type Principal };

/** The caller, if their credential is valid and has the scope, or one of the scopes. */
export async function admit(
  context: HttpContext,
  scope: Scope | readonly Scope[],
): Promise<Result<Principal>> {
  const principal = await authenticate(context);
  if (!principal.ok) {
    return principal;
  }
  const { actor, can } = principal.value;
  addLogContext({ userId: actor.id });
  const scopes = [scope].flat();
  return scopes.some(can)
    ? principal
    : failure("forbidden", `You do not have the scope '${scopes.join("' or '")}'.`);
}

/**
 * The object of an organization that the caller may see. A key of one organization need not name it.
 *
 * @param options.create the organization may be created, if the caller and the environment allow it.
 */
export async function openOrganization(
  context: HttpContext,
  principal: Principal,
  organizationId: unknown,
  options: { readonly create?: boolean } = {},
): Promise<Result<Tenant>> {
  const id = readOrganizationId(organizationId ?? principal.organizationId);
  if (!id.ok) {
    return id;
  }
  if (principal.organizationId !== null && principal.organizationId !== id.value) {
    return notFound(`Organization '${id.value}'`);
  }
  addLogContext({ organizationId: id.value });
  const mayCreate =
    options.create === true &&
    principal.can("organizations:write") &&
    context.env.AUTO_CREATE_ORGANIZATIONS !== "false";
  const place = await directoryCache.organization(() => directory(context), id.value, mayCreate);
  return place === null
    ? notFound(`Organization '${id.value}'`)
    : ok(new Tenant(context.env.TENANT_LOG, id.value, place.region));
}

function readOrganizationId(value: unknown): Result<string> {
  const field = "organization_id";
  if (value === undefined || value === null || value === "") {
    return fieldFailure("invalid_request", field, "required", `'${field}' is required.`);
  }
  if (typeof value !== "string" || !ORGANIZATION_ID.test(value)) {
    const message = `'${field}' must be 1 to 128 of the characters a-z, A-Z, 0-9, _, ., : and -.`;
    return fieldFailure("invalid_request", field, "invalid_format", message);
  }
  return ok(value);
}
