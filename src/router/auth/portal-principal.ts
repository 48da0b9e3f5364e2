/** Who comes with a portal session: in a cookie, or as a bearer token. */
import { portalActor } from "../../contract/portal.ts";
import { failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { portalScopesOfRole } from "../../kernel/role.ts";
import type { PortalSession } from "../../objects/directory/directory-rpc.ts";
import type { HttpContext } from "../http.ts";
import { isFromOwnPage } from "./own-origin.ts";
import type { Principal } from "./principal.ts";

export const INVALID_SESSION = failure(
  "invalid_token",
  "The session is not valid any more. Open the log from a new link.",
);

/** What the holder of a session may do. */
export function portalPrincipal(session: PortalSession, tokenHash: string): Principal {
  const { id, organizationId, role, user, expiresAt } = session;
  const scopes = portalScopesOfRole(role);
  return {
    actor: portalActor(id, user),
    can: (scope) => scopes.includes(scope),
    organizationId,
    role,
    expiresAt,
    credential: { kind: "portal_session", hash: tokenHash },
    portal: session,
  };
}

/**
 * Browsers send a cookie with whatever request a page makes them send, so a request that changes something, or opens
 * a WebSocket, which no rule of the browser keeps apart by origin, must come from a page of this server.
 */
export function refuseForeignPage(context: HttpContext): Result<null> {
  const isSafe = ["GET", "HEAD"].includes(context.req.method);
  const isSocket = context.req.header("upgrade") !== undefined;
  return (isSafe && !isSocket) || isFromOwnPage(context)
    ? ok(null)
    : failure(
        "forbidden",
        "With the portal's cookie, requests must come from the portal's own pages.",
      );
}
