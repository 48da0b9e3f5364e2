/** Who comes with a JWT: the user that it names, in the organization and with the role that its claims say. */
import { ORGANIZATION_ID } from "../../contract/organization.ts";
import { systemClock } from "../../kernel/clock.ts";
import { failure } from "../../kernel/failure.ts";
import { TAIL_OF_JWT_SECONDS } from "../../kernel/limits.ts";
import type { Network } from "../../kernel/network.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { type Role, ROLES, scopesOfRole } from "../../kernel/role.ts";
import type { HttpContext } from "../http.ts";
import { directory, directoryCache } from "./directory.ts";
import { isText, type VerifiedToken, verifyJwt } from "./jwt.ts";
import { KeySets } from "./key-sets.ts";
import type { Principal } from "./principal.ts";

const NAME_CHARACTERS_MAX = 255;

/** A Worker's own `fetch` reaches public addresses only, on one machine as on Cloudflare. */
const PUBLIC_NETWORK: Network = { fetch: (url, init) => fetch(url, init) };

const keySets = new KeySets(systemClock);

export async function authenticateJwt(
  context: HttpContext,
  token: string,
): Promise<Result<Principal>> {
  const issuers = await directoryCache.tokenIssuers(() => directory(context));
  const network = context.env.REKISHI_ISSUER_NETWORK ?? PUBLIC_NETWORK;
  const verified = await verifyJwt(
    token,
    issuers,
    (uri, name) => keySets.find(uri, name, network),
    systemClock(),
  );
  return verified.ok ? jwtPrincipal(verified.value) : verified;
}

export function jwtPrincipal({ issuer, claims }: VerifiedToken): Result<Principal> {
  const organizationId = claimAt(claims, issuer.organization_claim);
  if (typeof organizationId !== "string" || !ORGANIZATION_ID.test(organizationId)) {
    return failure(
      "forbidden",
      `The token names no organization in its claim '${issuer.organization_claim}'. Choose one where you sign in.`,
    );
  }
  const role = roleOf(claimAt(claims, issuer.role_claim), issuer.role_map);
  if (role === undefined) {
    return failure(
      "forbidden",
      `The token's claim '${issuer.role_claim}' holds no role that is known here.`,
    );
  }
  const name = claims["name"];
  const scopes = scopesOfRole(role);
  return ok({
    actor: { id: claims.sub, type: "user", ...(isText(name, NAME_CHARACTERS_MAX) ? { name } : {}) },
    can: (scope) => scopes.includes(scope),
    organizationId,
    role,
    expiresAt: claims.exp * 1_000,
    tailEndsAt: systemClock() + TAIL_OF_JWT_SECONDS * 1_000,
  });
}

/** Of many roles the one that may do most counts. */
function roleOf(claim: unknown, roleMap: Readonly<Record<string, Role>>): Role | undefined {
  const names = [claim].flat().filter((name) => typeof name === "string");
  return ROLES.findLast((role) =>
    names.some((name) => Object.hasOwn(roleMap, name) && roleMap[name] === role),
  );
}

/** The claim of this name, or at the end of this way; the names on it may hold dots, as those of Auth0 do. */
export function claimAt(claims: unknown, path: string): unknown {
  if (typeof claims !== "object" || claims === null) {
    return undefined;
  }
  if (Object.hasOwn(claims, path)) {
    return (claims as Record<string, unknown>)[path];
  }
  for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
    const name = path.slice(0, dot);
    if (Object.hasOwn(claims, name)) {
      const found = claimAt((claims as Record<string, unknown>)[name], path.slice(dot + 1));
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}
