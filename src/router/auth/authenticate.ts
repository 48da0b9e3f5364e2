/** Finds out who calls, by whichever credential they send: an API key, a user's JWT, or a portal session. */
import { isApiKey, isSessionToken } from "../../kernel/api-key.ts";
import { failure, type FailureCode } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Scope } from "../../kernel/scope.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type { PortalSessionKind } from "../../objects/directory/directory-rpc.ts";
import type { HttpContext } from "../http.ts";
import { metrics } from "../metrics.ts";
import { bearerTokenOf, tokenHash } from "./bearer-token.ts";
import { clientNetwork } from "./client-address.ts";
import { directory, directoryCache } from "./directory.ts";
import { failedAttempts } from "./failed-attempts.ts";
import { authenticateJwt } from "./jwt-principal.ts";
import { isJwt } from "./jwt.ts";
import { INVALID_SESSION, portalPrincipal, refuseForeignPage } from "./portal-principal.ts";
import type { Principal } from "./principal.ts";
import { readSessionCookie } from "./session-cookie.ts";

const ROOT: Principal = {
  actor: { id: "root", type: "root_key" },
  can: () => true,
  organizationId: null,
};
const INVALID_KEY = failure(
  "invalid_api_key",
  "The API key is not valid. Check it, or make a new one.",
);

/** What is said of a credential that is not valid. */
const REJECTIONS: ReadonlySet<FailureCode> = new Set(["invalid_api_key", "invalid_token"]);

/** The caller, whatever they may do. */
export async function authenticate(context: HttpContext): Promise<Result<Principal>> {
  const principal = await identify(context);
  if (!principal.ok && REJECTIONS.has(principal.failure.code)) {
    failedAttempts.count(clientNetwork(context));
    metrics.rejectedCredentials.add(1, principal.failure.code);
  }
  return principal;
}

async function identify(context: HttpContext): Promise<Result<Principal>> {
  const header = context.req.header("authorization");
  if (header === undefined) {
    const cookie = readSessionCookie(context);
    if (cookie !== undefined) {
      const fromOwnPage = refuseForeignPage(context);
      return fromOwnPage.ok
        ? authenticateSession(context, cookie, sha256Hex(cookie), "cookie")
        : fromOwnPage;
    }
    const message = "Send an API key or a token in the header 'Authorization: Bearer <key>'.";
    return failure("authentication_required", message);
  }
  const token = bearerTokenOf(header);
  if (token === undefined) {
    return failure("authentication_required", "The header 'Authorization' must be 'Bearer <key>'.");
  }
  const keyHash = tokenHash(token);
  if (isRootKey(context.env.REKISHI_ROOT_KEY, keyHash)) {
    return ok(ROOT);
  }
  if (isSessionToken(token)) {
    return authenticateSession(context, token, keyHash, "token");
  }
  return isJwt(token) ? authenticateUser(context, token) : authenticateKey(context, token, keyHash);
}

/** Whether a token is valid is found out without the Directory, so only the answer is slowed. */
async function authenticateUser(context: HttpContext, token: string): Promise<Result<Principal>> {
  const principal = await authenticateJwt(context, token);
  if (principal.ok || !REJECTIONS.has(principal.failure.code)) {
    return principal;
  }
  const slowed = await slow(context);
  return slowed.ok ? principal : slowed;
}

async function slow(context: HttpContext): Promise<Result<null>> {
  const slowed = await failedAttempts.slow(clientNetwork(context));
  if (!slowed.ok) {
    metrics.rejectedCredentials.add(1, "too_many_attempts");
  }
  return slowed;
}

async function authenticateKey(
  context: HttpContext,
  key: string,
  keyHash: string,
): Promise<Result<Principal>> {
  if (!directoryCache.knowsKey(keyHash)) {
    const slowed = await slow(context);
    if (!slowed.ok) {
      return slowed;
    }
  }
  if (!isApiKey(key)) {
    return INVALID_KEY;
  }
  const holder = await directoryCache.keyHolder(() => directory(context), keyHash);
  if (holder === null) {
    return INVALID_KEY;
  }
  const { keyId, name, organizationId, scopes, expiresAt } = holder;
  const actor = { id: keyId, type: "api_key", name };
  const credential = { kind: "api_key", hash: keyHash } as const;
  const can = (scope: Scope) => scopes.includes(scope);
  return ok({ actor, organizationId, can, expiresAt, credential });
}

async function authenticateSession(
  context: HttpContext,
  token: string,
  hash: string,
  kind: PortalSessionKind,
): Promise<Result<Principal>> {
  if (!directoryCache.knowsSession(hash)) {
    const slowed = await slow(context);
    if (!slowed.ok) {
      return slowed;
    }
  }
  const session = isSessionToken(token)
    ? await directoryCache.portalSession(() => directory(context), hash)
    : null;
  return session?.kind === kind ? ok(portalPrincipal(session, hash)) : INVALID_SESSION;
}

/** Ends a portal session here and in the Directory. */
export async function endPortalSession(context: HttpContext, token: string): Promise<void> {
  const hash = sha256Hex(token);
  await directory(context).endPortalSession(hash);
  directoryCache.forgetPortalSession(hash);
}

/** What the time of comparing two hashes tells of the root key's, tells nothing of the key. */
function isRootKey(rootKey: string | undefined, keyHash: string): boolean {
  return rootKey !== undefined && rootKey !== "" && tokenHash(rootKey) === keyHash;
}
