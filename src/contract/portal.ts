/** Portal links as WorkOS has them, and the sessions that they open. */
import * as z from "zod";
import { URL_CHARACTERS_MAX } from "../kernel/limits.ts";
import { ROLES } from "../kernel/role.ts";
import { SCOPES } from "../kernel/scope.ts";
import { ORGANIZATION_ID } from "./organization.ts";
import type { Caller } from "./own-event.ts";

/** WorkOS has more, for what rekishi does not do. */
export const PORTAL_INTENTS = ["audit_logs", "log_streams"] as const;

export type PortalIntent = (typeof PORTAL_INTENTS)[number];

/** Who a link is for, as the one who makes it knows them. They are the actor of what the session does. */
const portalUserSchema = z.object({
  id: z.string().min(1).max(255),
  name: z.string().min(1).max(255).optional(),
});

export type PortalUser = z.infer<typeof portalUserSchema>;

/** Who acts in a session: the user that its link was for, or nobody but the session itself. */
export function portalActor(sessionId: string, user: PortalUser | null): Caller["actor"] {
  return user === null ? { id: sessionId, type: "portal_session" } : { ...user, type: "user" };
}

/** `success_url`, `intent_options`, `admin_emails` and `it_contact_emails` of WorkOS are ignored. */
export const newPortalLinkSchema = z.object({
  organization: z
    .string()
    .regex(ORGANIZATION_ID, { error: "must be the id of an organization" })
    .optional(),
  intent: z
    .enum(PORTAL_INTENTS, { error: `must be one of ${PORTAL_INTENTS.join(", ")}` })
    .default("audit_logs"),
  return_url: z.string().max(URL_CHARACTERS_MAX).nullish(),
  /** An extension: what the session may do. "admin" unless given. */
  role: z.enum(ROLES, { error: `must be one of ${ROLES.join(", ")}` }).default("admin"),
  /** An extension. */
  user: portalUserSchema.optional(),
});

export const portalLinkSchema = z.object({ link: z.string() });

export const newSessionSchema = z.object({
  code: z.string(),
  /** "token" for a page inside another site, where a browser keeps no cookie of ours. */
  as: z.enum(["cookie", "token"], { error: "must be 'cookie' or 'token'" }).default("cookie"),
});

/** Who calls, whatever their credential is: an API key, a user's JWT or a portal session. */
export const sessionSchema = z.object({
  object: z.literal("session"),
  actor: z.object({ id: z.string(), type: z.string(), name: z.string().nullable() }),
  /** The only organization that the caller sees; null for all. */
  organization_id: z.string().nullable(),
  organization_name: z.string().nullable(),
  /** Null for API keys, which have scopes alone. */
  role: z.enum(ROLES).nullable(),
  scopes: z.array(z.enum(SCOPES)),
  /** Null for a key that does not expire. */
  expires_at: z.string().nullable(),
  /** These two are of portal sessions. */
  intent: z.enum(PORTAL_INTENTS).nullable(),
  return_url: z.string().nullable(),
});

export type Session = z.infer<typeof sessionSchema>;

/** The answer to a code is the only one that holds the token itself, and only for a session that is not a cookie. */
export const newSessionAnswerSchema = sessionSchema.extend({ token: z.string().optional() });
