/**
 * Who calls, and what they may do. Every route begins with `admit`, and reaches a log only through
 * `openOrganization`, which answers 404 for another tenant's organization exactly as for one that does not exist.
 */
import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { ORGANIZATION_ID } from "../../contract/organization.ts";
import type { Caller } from "../../contract/own-event.ts";
import { DIRECTORY_NAME, type Stub } from "../../env.ts";
import { isApiKey, isSessionToken } from "../../kernel/api-key.ts";
import { systemClock } from "../../kernel/clock.ts";
import { failure, fieldFailure, notFound } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Role } from "../../kernel/role.ts";
import type { Scope } from "../../kernel/scope.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type {
  DirectoryRpc,
  PortalSession,
  PortalSessionKind,
} from "../../objects/directory/directory-rpc.ts";
import { addLogContext } from "../../observe/logger.ts";
import type { HttpContext } from "../http.ts";
import { Tenant } from "../tenant.ts";
import { DirectoryCache } from "./directory-cache.ts";
import { INVALID_SESSION, portalPrincipal, refuseForeignPage } from "./portal-principal.ts";
import { readSessionCookie } from "./session-cookie.ts";

export interface Principal {
  /** Who this is in the log of an organization: "root", an API key, a user, or a portal session of nobody named. */
  readonly actor: Caller["actor"];
  readonly can: (scope: Scope) => boolean;
  /** The only organization that this principal sees; null for all. */
  readonly organizationId: string | null;
  /** Of people. */
  readonly role?: Role;
  /** Milliseconds since the epoch; absent or null for never. */
  readonly expiresAt?: number | null;
  /** When a portal link was how they came. */
  readonly portal?: PortalSession;
}

const ROOT: Principal = {
  actor: { id: "root", type: "root_key" },
  can: () => true,
  organizationId: null,
};
const INVALID_KEY = failure(
  "invalid_api_key",
  "The API key is not valid. Check it, or make a new one.",
);
const cache = new DirectoryCache(systemClock);

export function directory(context: HttpContext): Stub<DirectoryRpc> {
  return context.env.DIRECTORY.getByName(DIRECTORY_NAME);
}

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
  const place = await cache.organization(() => directory(context), id.value, mayCreate);
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

/** The caller, whatever they may do. */
export async function authenticate(context: HttpContext): Promise<Result<Principal>> {
  const header = context.req.header("authorization");
  if (header === undefined) {
    const cookie = readSessionCookie(context);
    if (cookie !== undefined) {
      const fromOwnPage = refuseForeignPage(context);
      return fromOwnPage.ok ? authenticateSession(context, cookie, "cookie") : fromOwnPage;
    }
    const message = "Send an API key in the header 'Authorization: Bearer <key>'.";
    return failure("authentication_required", message);
  }
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined) {
    return failure("authentication_required", "The header 'Authorization' must be 'Bearer <key>'.");
  }
  const keyHash = sha256Hex(token);
  if (isRootKey(context.env.REKISHI_ROOT_KEY, keyHash)) {
    return ok(ROOT);
  }
  return isSessionToken(token)
    ? authenticateSession(context, token, "token")
    : authenticateKey(context, token, keyHash);
}

async function authenticateKey(
  context: HttpContext,
  key: string,
  keyHash: string,
): Promise<Result<Principal>> {
  if (!isApiKey(key)) {
    return INVALID_KEY;
  }
  const holder = await cache.keyHolder(() => directory(context), keyHash);
  if (holder === null) {
    return INVALID_KEY;
  }
  const { keyId, name, organizationId, scopes, expiresAt } = holder;
  const actor = { id: keyId, type: "api_key", name };
  return ok({ actor, organizationId, can: (scope) => scopes.includes(scope), expiresAt });
}

async function authenticateSession(
  context: HttpContext,
  token: string,
  kind: PortalSessionKind,
): Promise<Result<Principal>> {
  const session = isSessionToken(token)
    ? await cache.portalSession(() => directory(context), sha256Hex(token))
    : null;
  return session?.kind === kind ? ok(portalPrincipal(session)) : INVALID_SESSION;
}

/** Ends a portal session here and in the Directory. */
export async function endPortalSession(context: HttpContext, token: string): Promise<void> {
  const hash = sha256Hex(token);
  await directory(context).endPortalSession(hash);
  cache.forgetPortalSession(hash);
}

/** The root key never changes while an isolate lives, so it is hashed once. */
let rootKeyHash: { readonly of: string; readonly hash: Buffer } | undefined;

/** Compares digests, so that the time it takes says nothing about the key. */
function isRootKey(rootKey: string | undefined, keyHash: string): boolean {
  if (rootKey === undefined || rootKey === "") {
    return false;
  }
  if (rootKeyHash?.of !== rootKey) {
    rootKeyHash = { of: rootKey, hash: Buffer.from(sha256Hex(rootKey)) };
  }
  return timingSafeEqual(rootKeyHash.hash, Buffer.from(keyHash));
}
