/** Finds out who calls, by whichever credential they send: an API key, a user's JWT, or a portal session. */
import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { isApiKey, isSessionToken } from "../../kernel/api-key.ts";
import { failure, type FailureCode } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type { PortalSessionKind } from "../../objects/directory/directory-rpc.ts";
import type { HttpContext } from "../http.ts";
import { directory, directoryCache } from "./directory.ts";
import { clientAddress, failedAttempts } from "./failed-attempts.ts";
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
  const address = clientAddress(context);
  if (principal.ok || address === undefined || !REJECTIONS.has(principal.failure.code)) {
    return principal;
  }
  const refusal = failedAttempts.refusal(address);
  if (refusal !== undefined) {
    return refusal;
  }
  failedAttempts.count(address);
  return principal;
}

async function identify(context: HttpContext): Promise<Result<Principal>> {
  const header = context.req.header("authorization");
  if (header === undefined) {
    const cookie = readSessionCookie(context);
    if (cookie !== undefined) {
      const fromOwnPage = refuseForeignPage(context);
      return fromOwnPage.ok ? authenticateSession(context, cookie, "cookie") : fromOwnPage;
    }
    const message = "Send an API key or a token in the header 'Authorization: Bearer <key>'.";
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
  if (isSessionToken(token)) {
    return authenticateSession(context, token, "token");
  }
  return isJwt(token) ? authenticateJwt(context, token) : authenticateKey(context, token, keyHash);
}

async function authenticateKey(
  context: HttpContext,
  key: string,
  keyHash: string,
): Promise<Result<Principal>> {
  if (!isApiKey(key)) {
    return INVALID_KEY;
  }
  const address = clientAddress(context);
  const refusal = address === undefined ? undefined : failedAttempts.refusal(address);
  if (refusal !== undefined && !directoryCache.knowsKey(keyHash)) {
    return refusal;
  }
  const holder = await directoryCache.keyHolder(() => directory(context), keyHash);
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
    ? await directoryCache.portalSession(() => directory(context), sha256Hex(token))
    : null;
  return session?.kind === kind ? ok(portalPrincipal(session)) : INVALID_SESSION;
}

/** Ends a portal session here and in the Directory. */
export async function endPortalSession(context: HttpContext, token: string): Promise<void> {
  const hash = sha256Hex(token);
  await directory(context).endPortalSession(hash);
  directoryCache.forgetPortalSession(hash);
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
