/** `/portal`: links that let somebody see one organization's log, and the exchange of a link's code for a session. */
import {
  newPortalLinkSchema,
  newSessionAnswerSchema,
  newSessionSchema,
  portalLinkSchema,
} from "../../contract/portal.ts";
import { fieldFailure, failure } from "../../kernel/failure.ts";
import { PORTAL_SESSION_SECONDS } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import { log } from "../../observe/logger.ts";
import { directory, openOrganization, type Principal } from "../auth/access.ts";
import { callerOf, visitOf } from "../auth/caller.ts";
import { isFromOwnPage, isLoopback, isTrustworthy, trustworthyOrigin } from "../auth/own-origin.ts";
import { portalPrincipal } from "../auth/portal-principal.ts";
import { writeSessionCookie } from "../auth/session-cookie.ts";
import { readBody } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { metrics } from "../metrics.ts";
import type { Route } from "../route.ts";
import { sessionOf } from "./session.ts";

export const portalRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/portal/generate_link",
    summary: "Create a link to an organization's log, which works once, for five minutes",
    scope: "portal:write",
    body: newPortalLinkSchema,
    answer: { status: 201, schema: portalLinkSchema },
    handle: generateLink,
  },
  {
    method: "post",
    path: "/portal/session",
    summary: "Open a session with the code of a portal link",
    description:
      "For the page that the link opens, which calls it by itself: a cookie is given to this server's own pages alone. It uses the link up.",
    // The code is the credential.
    scope: null,
    body: newSessionSchema,
    answer: { status: 201, schema: newSessionAnswerSchema },
    handle: openSession,
  },
];

async function generateLink(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const input = await readBody(context, newPortalLinkSchema);
  if (!input.ok) {
    return input;
  }
  const { organization = principal.organizationId, intent, role, user } = input.value;
  if (organization === null) {
    const message = "'organization' is required.";
    return fieldFailure("invalid_request", "organization", "required", message);
  }
  const origin = trustworthyOrigin(context);
  if (!origin.ok) {
    return origin;
  }
  const returnUrl = readReturnUrl(input.value.return_url ?? null, origin.value);
  if (!returnUrl.ok) {
    return returnUrl;
  }
  const tenant = await openOrganization(context, principal, organization);
  if (!tenant.ok) {
    return tenant;
  }
  const granted = {
    organizationId: tenant.value.organizationId,
    intent,
    role,
    returnUrl: returnUrl.value,
    user: user ?? null,
  };
  const caller = callerOf(context, principal);
  const code = await directory(context).createPortalLink(granted, caller);
  // After the "#", so that neither proxies nor logs nor the scanners that open links in mails come to see the code.
  return ok(context.json({ link: `${origin.value}/portal#${code}` }, 201));
}

/** An address to go back to: https, or this very machine when this server is there too, for development. */
function readReturnUrl(text: string | null, origin: string): Result<string | null> {
  if (text === null || text === "") {
    return ok(null);
  }
  const url = URL.parse(text);
  const isAllowed =
    url !== null &&
    isTrustworthy(url) &&
    (url.protocol === "https:" || isLoopback(new URL(origin).hostname)) &&
    `${url.username}${url.password}` === "";
  const message = "'return_url' must be a complete https address.";
  return isAllowed
    ? ok(url.href)
    : fieldFailure("unprocessable_entity", "return_url", "invalid_format", message);
}

async function openSession(context: HttpContext): Promise<Result<Response>> {
  const input = await readBody(context, newSessionSchema);
  if (!input.ok) {
    return input;
  }
  const { code, as } = input.value;
  const origin = trustworthyOrigin(context);
  if (!origin.ok) {
    return origin;
  }
  // Otherwise another site could make a browser use our pages in a session of that site's choice.
  if (as === "cookie" && !isFromOwnPage(context)) {
    return failure("forbidden", "The portal's own page opens this session. Open the link itself.");
  }
  const opened = await directory(context).openPortalSession(code, as, visitOf(context));
  if (!opened.ok) {
    const reason = opened.failure.errors?.[0]?.code;
    metrics.rejectedCredentials.add(1, "portal_code");
    log.warn("auth.rejected", "The code of a portal link was refused.", { reason });
    return opened;
  }
  const { token, session } = opened.value;
  const answer = await sessionOf(context, portalPrincipal(session, sha256Hex(token)));
  context.header("Cache-Control", "no-store");
  if (as === "token") {
    return ok(context.json({ ...answer, token }, 201));
  }
  writeSessionCookie(context, token, PORTAL_SESSION_SECONDS);
  return ok(context.json(answer, 201));
}
