/** What an API key may do. The root key may do everything. */

export const SCOPES = [
  "events:write",
  "events:read",
  "exports:write",
  "schemas:write",
  "retention:write",
  "organizations:write",
  "keys:write",
  "portal:write",
  "metrics:read",
] as const;

export type Scope = (typeof SCOPES)[number];
