/** What people may do in their organization. API keys have scopes; people have a role, which stands for some. */
import type { Scope } from "./scope.ts";

/** From the least to the most. */
export const ROLES = ["viewer", "auditor", "admin"] as const;

export type Role = (typeof ROLES)[number];

/** What concerns every organization, such as schemas, is in none of them. */
const SCOPES_OF: Record<Role, readonly Scope[]> = {
  viewer: ["events:read"],
  auditor: ["events:read", "exports:write"],
  admin: ["events:read", "exports:write", "retention:write", "keys:write", "portal:write"],
};

/** These make credentials, which may outlive whoever made them. */
const MAKES_CREDENTIALS: ReadonlySet<Scope> = new Set(["keys:write", "portal:write"]);

export function scopesOfRole(role: Role): readonly Scope[] {
  return SCOPES_OF[role];
}

/** Who came by a link cannot make anything with which they could come again. */
export function portalScopesOfRole(role: Role): readonly Scope[] {
  return SCOPES_OF[role].filter((scope) => !MAKES_CREDENTIALS.has(scope));
}
