/**
 * A valid request for every route that takes a credential, and what the route concerns. A route of the document
 * without a row here fails the authorization tests, so none can be forgotten.
 */
import { makeEvent } from "../../support/events.ts";
import { ISSUER } from "../../support/token-issuer.ts";
import { accepted, type Client } from "../client.ts";

export interface Call {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * - `organization`: one organization, or something of its; another's is as if it were not there.
 * - `own`: whatever the caller sees; a key of one organization sees that one's.
 * - `shared`: what is the same for all organizations.
 * - `environment`: all organizations, so that a key of one of them may not.
 */
export type Concern = "organization" | "own" | "shared" | "environment";

export interface Row {
  readonly concern: Concern;
  /** @param id the organization; for one that does not exist, the ids of its resources do not either. */
  readonly call: (root: Client, id: string) => Call | Promise<Call>;
  /** What is asked with a credential of one organization, where `call` is about another. */
  readonly callOfOwn?: (id: string) => Call;
}

export const NOBODY = "org_nobody_knows";

const SCHEMA = { targets: [{ type: "document" }] };

let issuers = 0;
let doomed = 0;

export const REQUESTS: Readonly<Record<string, Row>> = {
  "POST /audit_logs/events": {
    concern: "organization",
    call: (_, id) => ({
      path: "/audit_logs/events",
      body: { organization_id: id, event: makeEvent() },
    }),
  },
  "POST /audit_logs/events/batch": {
    concern: "organization",
    call: (_, id) => ({
      path: "/audit_logs/events/batch",
      body: { organization_id: id, events: [makeEvent()] },
    }),
  },
  "GET /audit_logs/events": {
    concern: "organization",
    call: (_, id) => ({
      path: `/audit_logs/events?organization_id=${id}&q=${encodeURIComponent("契約")}`,
    }),
  },
  "GET /audit_logs/events/stats": {
    concern: "organization",
    call: (_, id) => ({ path: `/audit_logs/events/stats?organization_id=${id}` }),
  },
  "GET /audit_logs/events/{id}": {
    concern: "organization",
    call: async (root, id) => {
      const [event] = id === NOBODY ? [] : (await root.page(id, { limit: 1 })).data;
      return { path: `/audit_logs/events/${event?.id ?? "none"}?organization_id=${id}` };
    },
  },
  "POST /audit_logs/tail/tickets": {
    concern: "organization",
    call: (_, id) => ({ path: "/audit_logs/tail/tickets", body: { organization_id: id } }),
  },
  "GET /audit_logs/actions": {
    concern: "own",
    call: () => ({ path: "/audit_logs/actions?limit=5" }),
  },
  "POST /audit_logs/actions/{action}/schemas": {
    concern: "environment",
    call: () => ({ path: "/audit_logs/actions/matrix.created/schemas", body: SCHEMA }),
  },
  "GET /audit_logs/actions/{action}/schemas": {
    concern: "shared",
    call: async (root) => {
      const path = "/audit_logs/actions/matrix.listed/schemas";
      if ((await root.get(path)).status === 404) {
        accepted(await root.send("POST", path, SCHEMA));
      }
      return { path };
    },
  },
  "GET /audit_logs/actions/{action}/schemas/inferred": {
    concern: "organization",
    call: (_, id) => ({
      path: `/audit_logs/actions/document.shared/schemas/inferred?organization_id=${id}`,
    }),
  },
  "POST /audit_logs/exports": {
    concern: "organization",
    call: (_, id) => ({ path: "/audit_logs/exports", body: exportOf(id) }),
  },
  "GET /audit_logs/exports": {
    concern: "organization",
    call: (_, id) => ({ path: `/audit_logs/exports?organization_id=${id}` }),
  },
  "GET /audit_logs/exports/{id}": {
    concern: "organization",
    call: async (root, id) => ({ path: `/audit_logs/exports/${await newExport(root, id)}` }),
  },
  "DELETE /audit_logs/exports/{id}": {
    concern: "organization",
    call: async (root, id) => ({ path: `/audit_logs/exports/${await newExport(root, id)}` }),
  },
  "POST /organizations": {
    concern: "environment",
    call: () => ({ path: "/organizations", body: { name: "New", metadata: { tier: "gold" } } }),
  },
  "GET /organizations": { concern: "own", call: () => ({ path: "/organizations?limit=5" }) },
  "GET /organizations/external_id/{external_id}": {
    concern: "organization",
    call: async (root, id) => {
      if (id !== NOBODY) {
        accepted(await root.send("PUT", `/organizations/${id}`, { external_id: `external-${id}` }));
      }
      return { path: `/organizations/external_id/external-${id}` };
    },
  },
  "GET /organizations/{id}": {
    concern: "organization",
    call: (_, id) => ({ path: `/organizations/${id}` }),
  },
  "PUT /organizations/{id}": {
    concern: "organization",
    call: (_, id) => ({ path: `/organizations/${id}`, body: { metadata: { tier: "silver" } } }),
  },
  "DELETE /organizations/{id}": {
    concern: "environment",
    call: async (root) => {
      const id = `org_doomed_${doomed++}`;
      await root.createOrganization(id);
      return { path: `/organizations/${id}` };
    },
    callOfOwn: (id) => ({ path: `/organizations/${id}` }),
  },
  "GET /organizations/{id}/audit_log_configuration": {
    concern: "organization",
    call: (_, id) => ({ path: `/organizations/${id}/audit_log_configuration` }),
  },
  "GET /organizations/{id}/audit_logs_retention": {
    concern: "organization",
    call: (_, id) => ({ path: `/organizations/${id}/audit_logs_retention` }),
  },
  "PUT /organizations/{id}/audit_logs_retention": {
    concern: "organization",
    call: (_, id) => ({
      path: `/organizations/${id}/audit_logs_retention`,
      body: { retention_period_in_days: 400 },
    }),
  },
  "POST /api_keys": {
    concern: "organization",
    call: (_, id) => ({
      path: "/api_keys",
      body: { name: "made", scopes: ["keys:write"], organization_id: id },
    }),
  },
  "GET /api_keys": { concern: "own", call: () => ({ path: "/api_keys?limit=5" }) },
  "GET /api_keys/{id}": {
    concern: "organization",
    call: async (root, id) => ({ path: `/api_keys/${await newKey(root, id)}` }),
  },
  "DELETE /api_keys/{id}": {
    concern: "organization",
    call: async (root, id) => ({ path: `/api_keys/${await newKey(root, id)}` }),
  },
  "POST /api_keys/{id}/rotate": {
    concern: "organization",
    call: async (root, id) => ({ path: `/api_keys/${await newKey(root, id)}/rotate`, body: {} }),
  },
  "POST /token_issuers": {
    concern: "environment",
    call: () => ({
      path: "/token_issuers",
      body: { ...ISSUER, issuer: `https://id.example.com/${issuers++}` },
    }),
  },
  "GET /token_issuers": { concern: "environment", call: () => ({ path: "/token_issuers" }) },
  "GET /token_issuers/{id}": {
    concern: "environment",
    call: async (root) => ({ path: `/token_issuers/${await newIssuer(root)}` }),
  },
  "DELETE /token_issuers/{id}": {
    concern: "environment",
    call: async (root) => ({ path: `/token_issuers/${await newIssuer(root)}` }),
  },
  "GET /metrics": { concern: "environment", call: () => ({ path: "/metrics" }) },
  "POST /portal/generate_link": {
    concern: "organization",
    call: (_, id) => ({
      path: "/portal/generate_link",
      body: { organization: id, intent: "audit_logs" },
    }),
  },
};

/** Other forms in which a route of the document takes its request: they must be guarded as the first is. */
export const FORMS: Readonly<Record<string, Row & { readonly of: string }>> = {
  "POST /audit_logs/events/batch as NDJSON": {
    of: "POST /audit_logs/events/batch",
    concern: "organization",
    call: (_, id) => ({
      path: `/audit_logs/events/batch?organization_id=${id}`,
      body: `${JSON.stringify(makeEvent())}\n`,
      headers: { "content-type": "application/x-ndjson" },
    }),
  },
};

function exportOf(id: string) {
  return {
    organization_id: id,
    range_start: "2026-11-01T00:00:00Z",
    range_end: "2026-11-30T00:00:00Z",
  };
}

async function newExport(root: Client, id: string): Promise<string> {
  return id === NOBODY
    ? "audit_log_export_none"
    : idOf(await root.send("POST", "/audit_logs/exports", exportOf(id)));
}

async function newKey(root: Client, id: string): Promise<string> {
  return id === NOBODY ? "api_key_none" : (await root.withKey(["keys:write"], id)).keyId;
}

async function newIssuer(root: Client): Promise<string> {
  const issuer = `https://id.example.com/${issuers++}`;
  return idOf(await root.send("POST", "/token_issuers", { ...ISSUER, issuer }));
}

function idOf(answer: Parameters<typeof accepted>[0]): string {
  return accepted<{ id: string }>(answer).id;
}
