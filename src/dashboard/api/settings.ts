/** What is set for an organization: retention, API keys, action schemas, portal links. */
import type {
  Action,
  ActionSchemaRules,
  InferredActionSchema,
} from "../../contract/action-schema.ts";
import type { ApiKey, NewApiKey, NewApiKeyAnswer } from "../../contract/api-key.ts";
import type { List } from "../../contract/list.ts";
import type { RetentionAnswer } from "../../contract/retention.ts";
import type { Role } from "../../kernel/role.ts";
import type { Api, ApiResult } from "./client.ts";

const LIST_MAX = 100;

export function readRetention(
  api: Api,
  organizationId: string,
  signal: AbortSignal,
): Promise<ApiResult<RetentionAnswer>> {
  return api.get(retentionPath(organizationId), { signal });
}

/** What would expire at once if events were kept for so many days. */
export function previewRetention(
  api: Api,
  organizationId: string,
  days: number,
  signal: AbortSignal,
): Promise<ApiResult<RetentionAnswer>> {
  return api.get(retentionPath(organizationId), { parameters: { preview_days: days }, signal });
}

export function writeRetention(
  api: Api,
  organizationId: string,
  days: number,
): Promise<ApiResult<RetentionAnswer>> {
  const body = { retention_period_in_days: days };
  return api.send("PUT", retentionPath(organizationId), { body });
}

export function listApiKeys(
  api: Api,
  organizationId: string,
  signal: AbortSignal,
): Promise<ApiResult<List<ApiKey>>> {
  const parameters = { organization_id: organizationId, limit: LIST_MAX };
  return api.get("/api_keys", { parameters, signal });
}

export function createApiKey(api: Api, key: NewApiKey): Promise<ApiResult<NewApiKeyAnswer>> {
  return api.send("POST", "/api_keys", { body: key });
}

export function rotateApiKey(api: Api, id: string): Promise<ApiResult<NewApiKeyAnswer>> {
  return api.send("POST", `/api_keys/${encodeURIComponent(id)}/rotate`, {});
}

export function revokeApiKey(api: Api, id: string): Promise<ApiResult<void>> {
  return api.send("DELETE", `/api_keys/${encodeURIComponent(id)}`, {});
}

/** Actions with a schema, and those that the organization's events have without one. */
export function listActions(
  api: Api,
  organizationId: string,
  signal: AbortSignal,
): Promise<ApiResult<List<Action>>> {
  const parameters = { organization_id: organizationId, limit: LIST_MAX };
  return api.get("/audit_logs/actions", { parameters, signal });
}

export function inferSchema(
  api: Api,
  organizationId: string,
  action: string,
  signal: AbortSignal,
): Promise<ApiResult<InferredActionSchema>> {
  const parameters = { organization_id: organizationId };
  return api.get(`${schemasPath(action)}/inferred`, { parameters, signal });
}

export function createSchema(
  api: Api,
  action: string,
  rules: ActionSchemaRules,
): Promise<ApiResult<unknown>> {
  return api.send("POST", schemasPath(action), { body: rules });
}

export interface PortalLinkWish {
  readonly organization: string;
  readonly role: Role;
  readonly return_url?: string;
}

export function createPortalLink(
  api: Api,
  wish: PortalLinkWish,
): Promise<ApiResult<{ readonly link: string }>> {
  return api.send("POST", "/portal/generate_link", { body: { ...wish, intent: "audit_logs" } });
}

function retentionPath(organizationId: string): string {
  return `/organizations/${encodeURIComponent(organizationId)}/audit_logs_retention`;
}

function schemasPath(action: string): string {
  return `/audit_logs/actions/${encodeURIComponent(action)}/schemas`;
}
