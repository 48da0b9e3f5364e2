/** `/session`: who calls, and the end of a portal session. */
import { type Session, sessionSchema } from "../../contract/portal.ts";
import { isSessionToken } from "../../kernel/api-key.ts";
import { failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { SCOPES } from "../../kernel/scope.ts";
import { addLogContext } from "../../observe/logger.ts";
import { directory, type Principal } from "../auth/access.ts";
import { authenticate, endPortalSession } from "../auth/authenticate.ts";
import { refuseForeignPage } from "../auth/portal-principal.ts";
import { clearSessionCookie, readSessionCookie } from "../auth/session-cookie.ts";
import type { HttpContext } from "../http.ts";
import type { Route } from "../route.ts";

export const sessionRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/session",
    summary: "Tell who calls and what they may do, with any credential",
    // Whoever is known may ask, whatever their scopes.
    scope: null,
    answer: { status: 200, schema: sessionSchema },
    handle: getSession,
  },
  {
    method: "delete",
    path: "/session",
    summary: "Log out: end the portal session",
    // A session that has ended already can be ended too.
    scope: null,
    answer: { status: 204 },
    handle: deleteSession,
  },
];

async function getSession(context: HttpContext): Promise<Result<Response>> {
  const principal = await authenticate(context);
  if (!principal.ok) {
    return principal;
  }
  addLogContext({ userId: principal.value.actor.id });
  context.header("Cache-Control", "no-store");
  return ok(context.json(await sessionOf(context, principal.value)));
}

/** The caller as the wire shows them. */
export async function sessionOf(context: HttpContext, principal: Principal): Promise<Session> {
  const { actor, can, organizationId, role, expiresAt, portal } = principal;
  const organization =
    organizationId === null ? null : await directory(context).organization(organizationId);
  return {
    object: "session",
    actor: { id: actor.id, type: actor.type, name: actor.name ?? null },
    organization_id: organizationId,
    organization_name: organization?.name ?? null,
    role: role ?? null,
    scopes: SCOPES.filter((scope) => can(scope)),
    expires_at: expiresAt == null ? null : new Date(expiresAt).toISOString(),
    intent: portal?.intent ?? null,
    return_url: portal?.returnUrl ?? null,
  };
}

async function deleteSession(context: HttpContext): Promise<Result<Response>> {
  const bearer = /^Bearer +(\S+)/i.exec(context.req.header("authorization") ?? "")?.[1];
  const token = bearer ?? readSessionCookie(context);
  if (token === undefined || !isSessionToken(token)) {
    return failure("authentication_required", "There is no portal session to end.");
  }
  if (bearer === undefined) {
    const fromOwnPage = refuseForeignPage(context);
    if (!fromOwnPage.ok) {
      return fromOwnPage;
    }
    clearSessionCookie(context);
  }
  await endPortalSession(context, token);
  return ok(context.body(null, 204));
}
