/** The resources of the examples: one of each kind, of one organization. */
import type { ActionSchema, ActionSchemaRules } from "../../contract/action-schema.ts";
import type { ApiKey, NewApiKeyAnswer } from "../../contract/api-key.ts";
import { positionText } from "../../contract/event-query.ts";
import { type AuditEvent, EVENT_EXAMPLE, eventResource } from "../../contract/event.ts";
import type { ExportResource } from "../../contract/export.ts";
import type { Organization } from "../../contract/organization.ts";
import type { Session } from "../../contract/portal.ts";
import type { NewTokenIssuer, TokenIssuer } from "../../contract/token-issuer.ts";
import { mintEventId } from "../../kernel/event-id.ts";
import { scopesOfRole } from "../../kernel/role.ts";

export const ORGANIZATION_ID = "org_acme";
export const OF_ORGANIZATION = { organization_id: ORGANIZATION_ID };
export const ACTION = EVENT_EXAMPLE.action;

export const MADE_AT = "2026-11-20T08:00:00.000Z";
export const INGESTED_AT = "2026-11-22T09:30:00.412Z";
export const ONE_PAGE = { before: null, after: null };

export const SEQ = 42;
export const EVENT_ID = mintEventId(Date.parse(INGESTED_AT), SEQ, 0x9f_74_23_91);
export const NEXT_EVENT_ID = mintEventId(Date.parse(INGESTED_AT), SEQ + 1, 0x3c_d0_11_7a);
export const EVENT = eventResource({
  event: EVENT_EXAMPLE satisfies AuditEvent,
  id: EVENT_ID,
  ingested_at: INGESTED_AT,
  organization_id: ORGANIZATION_ID,
  seq: SEQ,
});
export const AFTER_EVENT = positionText({ occurredAt: Date.parse(EVENT.occurred_at), seq: SEQ });

export const RULES: ActionSchemaRules = {
  actor: { metadata: { type: "object", properties: { role: { type: "string" } } } },
  targets: [{ type: "document" }, { type: "team", required: false }],
  metadata: {
    type: "object",
    properties: { request_id: { type: "string" } },
  },
};
export const SCHEMA: ActionSchema = {
  object: "audit_log_schema",
  version: 1,
  ...RULES,
  created_at: MADE_AT,
};

export const EXPORT_ID = "audit_log_export_01a2a7b0c4d27c31a9f05e6f7a8b9c0d";
const EXPORT_URL = `https://audit.example.com/audit_logs/exports/${EXPORT_ID}`;
const SIGNED = "expires=1795340400&signature=d2hhdCB0aGUgc2VydmVyIHNpZ25lZA";
export const NEW_EXPORT = {
  ...OF_ORGANIZATION,
  range_start: "2026-11-01T00:00:00.000Z",
  range_end: "2026-12-01T00:00:00.000Z",
  actions: [ACTION],
  format: "csv",
};
export const PENDING_EXPORT: ExportResource = {
  object: "audit_log_export",
  id: EXPORT_ID,
  state: "pending",
  url: null,
  created_at: "2026-11-22T09:29:40.000Z",
  updated_at: "2026-11-22T09:29:40.000Z",
  organization_id: ORGANIZATION_ID,
  format: "csv",
  progress: { events: 0, total: 120_394 },
  events: null,
  size: null,
  sha256: null,
  manifest_url: null,
  expires_at: null,
  failure: null,
};
export const READY_EXPORT: ExportResource = {
  ...PENDING_EXPORT,
  state: "ready",
  url: `${EXPORT_URL}/file?${SIGNED}`,
  updated_at: "2026-11-22T09:29:52.000Z",
  progress: { events: 120_394, total: 120_394 },
  events: 8_211,
  size: 4_391_077,
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  manifest_url: `${EXPORT_URL}/manifest?${SIGNED}`,
  expires_at: "2026-11-29T09:29:52.000Z",
};

/** Another one: that of the other examples is there already, by its first event. */
export const ORGANIZATION: Organization = {
  object: "organization",
  id: "org_globex",
  name: "Globex",
  domains: [],
  metadata: { plan: "enterprise" },
  external_id: "customer-17",
  region: null,
  created_at: MADE_AT,
  updated_at: MADE_AT,
};

export const KEY: ApiKey = {
  object: "api_key",
  id: "api_key_01a29c4f77d1704b8e2a6f1e0d3c5b7a",
  name: "backend",
  scopes: ["events:write", "events:read"],
  organization_id: ORGANIZATION_ID,
  expires_at: null,
  last_used_at: null,
  former_key_expires_at: null,
  created_at: MADE_AT,
};
export const NEW_KEY: NewApiKeyAnswer = { ...KEY, key: "rk_live_…" };

export const NEW_ISSUER: NewTokenIssuer = {
  issuer: "https://clerk.example.com",
  jwks_uri: "https://clerk.example.com/.well-known/jwks.json",
  authorized_parties: ["https://app.example.com"],
  required_claims: ["sid"],
  organization_claim: "o.id",
  role_claim: "o.rol",
  role_map: { admin: "admin", auditor: "auditor", member: "viewer" },
  allowed_origins: ["https://app.example.com"],
};
export const ISSUER: TokenIssuer = {
  object: "token_issuer",
  id: "token_issuer_01a29c50b8e27f1d9a4c3b2e1f0d6a58",
  ...NEW_ISSUER,
  audience: null,
  authorized_parties: ["https://app.example.com"],
  created_at: MADE_AT,
};

export const SESSION: Session = {
  object: "session",
  actor: { id: "user_1", type: "user", name: "Tanaka Yuki" },
  organization_id: ORGANIZATION_ID,
  organization_name: "Acme",
  role: "auditor",
  scopes: [...scopesOfRole("auditor")],
  expires_at: "2026-11-23T09:30:00.000Z",
  intent: "audit_logs",
  return_url: "https://app.example.com/settings",
};
