/** Portal links as WorkOS has them, and the sessions that they open. */
import * as z from "zod";
import { URL_CHARACTERS_MAX } from "../kernel/limits.ts";
import { ROLES } from "../kernel/role.ts";
import { SCOPES } from "../kernel/scope.ts";
import { ORGANIZATION_ID } from "./organization.ts";
import type { Caller } from "./own-event.ts";
import { ignoredSchema } from "./unknown-names.ts";

/** WorkOS has more, for what rekishi does not do. */
export const PORTAL_INTENTS = ["audit_logs", "log_streams"] as const;

export type PortalIntent = (typeof PORTAL_INTENTS)[number];

/** Who a link is for, as the one who makes it knows them. They are the actor of what the session does. */
const portalUserSchema = z.strictObject({
  id: z.string().min(1).max(255).describe("Their id in your own system."),
  name: z.string().min(1).max(255).optional().describe("What people call them."),
});

export type PortalUser = z.infer<typeof portalUserSchema>;

/** Who acts in a session: the user that its link was for, or nobody but the session itself. */
export function portalActor(sessionId: string, user: PortalUser | null): Caller["actor"] {
  return user === null ? { id: sessionId, type: "portal_session" } : { ...user, type: "user" };
}

export const newPortalLinkSchema = z.strictObject({
  organization: z
    .string()
    .regex(ORGANIZATION_ID, { error: "must be the id of an organization" })
    .optional()
    .describe("Whose log it shows. A key of one organization need not name it."),
  intent: z
    .enum(PORTAL_INTENTS, { error: `must be one of ${PORTAL_INTENTS.join(", ")}` })
    .default("audit_logs")
    .describe("What is shown first."),
  return_url: z
    .string()
    .max(URL_CHARACTERS_MAX)
    .nullish()
    .describe("An https address to which the portal's page links back."),
  role: z
    .enum(ROLES, { error: `must be one of ${ROLES.join(", ")}` })
    .default("admin")
    .describe("An extension: what the session may do."),
  user: portalUserSchema
    .optional()
    .describe("An extension: who it is for. They are the actor of what the session does."),
  // The SDKs send them for what WorkOS's portal does besides; the last is what the API's own description calls them.
  success_url: ignoredSchema,
  intent_options: ignoredSchema,
  admin_emails: ignoredSchema,
  it_contact_emails: ignoredSchema,
});

export const portalLinkSchema = z.object({
  link: z.string().describe("Opens once, within five minutes."),
});

export const newSessionSchema = z.strictObject({
  code: z.string().describe("What is after the `#` of the link."),
  as: z
    .enum(["cookie", "token"], { error: "must be 'cookie' or 'token'" })
    .default("cookie")
    .describe("`token` for a page inside another site, where a browser keeps no cookie of ours."),
});

/** Who calls, whatever their credential is: an API key, a user's JWT or a portal session. */
export const sessionSchema = z.object({
  object: z.literal("session"),
  actor: z
    .object({
      id: z.string(),
      type: z.string().describe("`root_key`, `api_key`, `user` or `portal_session`."),
      name: z.string().nullable().describe("What people call them."),
    })
    .describe("Who calls, as the log names them."),
  organization_id: z
    .string()
    .nullable()
    .describe("The only organization that the caller sees; null for all."),
  organization_name: z.string().nullable().describe("What people call that organization."),
  role: z.enum(ROLES).nullable().describe("Null for API keys, which have scopes alone."),
  scopes: z.array(z.enum(SCOPES)).describe("What the caller may do."),
  expires_at: z.string().nullable().describe("Null for a key that does not expire."),
  intent: z.enum(PORTAL_INTENTS).nullable().describe("Of the portal link."),
  return_url: z.string().nullable().describe("The way back, of the portal link."),
});

export type Session = z.infer<typeof sessionSchema>;

/** The answer to a code is the only one that holds the token itself, and only for a session that is not a cookie. */
export const newSessionAnswerSchema = sessionSchema.extend({
  token: z.string().optional().describe("A bearer token for an hour, when it was asked for."),
});
