/**
 * An example of every route: a call that can be pasted, and the answer that it could get. They are of one story, so
 * that an id in one of them is the same thing in the others. Tests hold each against what its route accepts and gives.
 */
import type { Action, InferredActionSchema } from "../../contract/action-schema.ts";
import type { NewApiKeyAnswer } from "../../contract/api-key.ts";
import type { BatchAnswer, SingleAnswer } from "../../contract/append.ts";
import { EVENT_EXAMPLE } from "../../contract/event.ts";
import { list } from "../../contract/list.ts";
import type { Organization } from "../../contract/organization.ts";
import type { Configuration, RetentionAnswer } from "../../contract/retention.ts";
import type { StatsAnswer } from "../../contract/stats.ts";
import type { TicketAnswer } from "../../contract/tail.ts";
import { RETENTION_DAYS_DEFAULT } from "../../kernel/limits.ts";
import {
  ORGANIZATION_ID,
  OF_ORGANIZATION,
  ACTION,
  MADE_AT,
  INGESTED_AT,
  ONE_PAGE,
  SEQ,
  EVENT_ID,
  NEXT_EVENT_ID,
  EVENT,
  AFTER_EVENT,
  RULES,
  SCHEMA,
  EXPORT_ID,
  NEW_EXPORT,
  PENDING_EXPORT,
  READY_EXPORT,
  ORGANIZATION,
  KEY,
  NEW_KEY,
  NEW_ISSUER,
  ISSUER,
  SESSION,
} from "./example-resources.ts";

export interface RouteExample {
  /** A value for each parameter of the path. */
  readonly path?: Readonly<Record<string, string>>;
  /** Parameters of the query string that the call has. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The body of the answer, where it is JSON. */
  readonly answer?: unknown;
  /** How to call it, where that is not one request with a key. */
  readonly sample?: CodeSample;
}

interface CodeSample {
  readonly lang: "Shell" | "JavaScript";
  readonly source: string;
}

const PAGE_OF_LINK = "// In the page that the link opens, on this server's own origin:";

/** By the method and the path of a route. */
export const EXAMPLES: Readonly<Record<string, RouteExample>> = {
  "post /audit_logs/events": {
    body: { ...OF_ORGANIZATION, event: EVENT_EXAMPLE },
    answer: { success: true, id: EVENT_ID, seq: SEQ } satisfies SingleAnswer,
  },
  "post /audit_logs/events/batch": {
    body: {
      ...OF_ORGANIZATION,
      events: [
        EVENT_EXAMPLE,
        {
          ...EVENT_EXAMPLE,
          action: "document.printed",
          idempotency_key: "print-1",
        },
      ],
    },
    answer: {
      success: true,
      events: [
        { id: EVENT_ID, seq: SEQ, replayed: false },
        { id: NEXT_EVENT_ID, seq: SEQ + 1, replayed: false },
      ],
    } satisfies BatchAnswer,
  },
  "get /audit_logs/events": {
    query: { ...OF_ORGANIZATION, q: "action:document.*" },
    answer: list([EVENT], { before: null, after: AFTER_EVENT }),
  },
  "get /audit_logs/events/stats": {
    query: { ...OF_ORGANIZATION, interval: "day" },
    answer: {
      object: "audit_log_stats",
      total: 42,
      interval: "day",
      histogram: [
        { start: "2026-11-21T00:00:00.000Z", count: 17 },
        { start: "2026-11-22T00:00:00.000Z", count: 25 },
      ],
      facets: {
        action: [
          { value: ACTION, count: 30 },
          { value: "document.printed", count: 12 },
        ],
        actor: [{ value: "user_1", count: 42 }],
        actor_type: [{ value: "user", count: 42 }],
        target_type: [{ value: "document", count: 42 }],
      },
      other: { action: 0, actor: 0, actor_type: 0, target_type: 0 },
      low_by: { action: 0, actor: 0, actor_type: 0, target_type: 0 },
    } satisfies StatsAnswer,
  },
  "get /audit_logs/events/{id}": {
    path: { id: EVENT_ID },
    query: OF_ORGANIZATION,
    answer: EVENT,
  },
  "get /audit_logs/tail": {
    query: { ...OF_ORGANIZATION, after: "0" },
    sample: {
      lang: "JavaScript",
      source: `// \`ticket\` is that of POST /audit_logs/tail/tickets.
new WebSocket(
  "wss://audit.example.com/audit_logs/tail?organization_id=${ORGANIZATION_ID}&after=0",
  ["rekishi.tail.v1", ticket],
)`,
    },
  },
  "post /audit_logs/tail/tickets": {
    body: OF_ORGANIZATION,
    answer: {
      object: "tail_ticket",
      ticket: "rkt_…",
      organization_id: ORGANIZATION_ID,
      expires_at: "2026-11-22T09:30:30.000Z",
    } satisfies TicketAnswer,
  },
  "get /audit_logs/actions": {
    query: OF_ORGANIZATION,
    answer: list<Action>(
      [
        {
          object: "audit_log_action",
          name: ACTION,
          schema: SCHEMA,
          created_at: MADE_AT,
          updated_at: MADE_AT,
          events: 30,
        },
      ],
      ONE_PAGE,
    ),
  },
  "post /audit_logs/actions/{action}/schemas": {
    path: { action: ACTION },
    body: RULES,
    answer: SCHEMA,
  },
  "get /audit_logs/actions/{action}/schemas": {
    path: { action: ACTION },
    answer: list([SCHEMA], ONE_PAGE),
  },
  "get /audit_logs/actions/{action}/schemas/inferred": {
    path: { action: ACTION },
    query: OF_ORGANIZATION,
    answer: {
      object: "inferred_audit_log_schema",
      action: ACTION,
      organization_id: ORGANIZATION_ID,
      events: 30,
      schema: RULES,
    } satisfies InferredActionSchema,
  },
  "post /audit_logs/exports": { body: NEW_EXPORT, answer: PENDING_EXPORT },
  "get /audit_logs/exports": { query: OF_ORGANIZATION, answer: list([READY_EXPORT], ONE_PAGE) },
  "get /audit_logs/exports/{id}": { path: { id: EXPORT_ID }, answer: READY_EXPORT },
  "delete /audit_logs/exports/{id}": { path: { id: EXPORT_ID } },
  "get /audit_logs/exports/{id}/file": { path: { id: EXPORT_ID }, sample: linkSample("url") },
  "get /audit_logs/exports/{id}/manifest": {
    path: { id: EXPORT_ID },
    sample: linkSample("manifest_url"),
  },
  "post /organizations": {
    body: {
      id: ORGANIZATION.id,
      name: ORGANIZATION.name,
      external_id: "customer-17",
      metadata: { plan: "enterprise" },
    },
    answer: ORGANIZATION,
  },
  "get /organizations": { answer: list([ORGANIZATION], ONE_PAGE) },
  "get /organizations/external_id/{external_id}": {
    path: { external_id: "customer-17" },
    answer: ORGANIZATION,
  },
  "get /organizations/{id}": { path: { id: ORGANIZATION.id }, answer: ORGANIZATION },
  "put /organizations/{id}": {
    path: { id: ORGANIZATION.id },
    body: { name: "Globex Ltd.", metadata: { plan: null } },
    answer: {
      ...ORGANIZATION,
      name: "Globex Ltd.",
      metadata: {},
      updated_at: INGESTED_AT,
    } satisfies Organization,
  },
  "delete /organizations/{id}": { path: { id: ORGANIZATION.id } },
  "get /organizations/{id}/audit_logs_retention": {
    path: { id: ORGANIZATION_ID },
    query: { preview_days: "90" },
    answer: {
      retention_period_in_days: RETENTION_DAYS_DEFAULT,
      preview: {
        retention_period_in_days: 90,
        events: 1_204,
        oldest_ingested_at: "2026-06-02T07:11:05.120Z",
      },
    } satisfies RetentionAnswer,
  },
  "put /organizations/{id}/audit_logs_retention": {
    path: { id: ORGANIZATION_ID },
    body: { retention_period_in_days: 730 },
    answer: { retention_period_in_days: 730 } satisfies RetentionAnswer,
  },
  "get /organizations/{id}/audit_log_configuration": {
    path: { id: ORGANIZATION_ID },
    answer: {
      organization_id: ORGANIZATION_ID,
      retention_period_in_days: RETENTION_DAYS_DEFAULT,
      state: "active",
    } satisfies Configuration,
  },
  "post /api_keys": {
    body: { name: KEY.name, scopes: KEY.scopes, organization_id: ORGANIZATION_ID },
    answer: NEW_KEY,
  },
  "get /api_keys": { query: OF_ORGANIZATION, answer: list([KEY], ONE_PAGE) },
  "get /api_keys/{id}": { path: { id: KEY.id }, answer: KEY },
  "post /api_keys/{id}/rotate": {
    path: { id: KEY.id },
    body: { overlap_in_seconds: 3_600 },
    answer: {
      ...NEW_KEY,
      former_key_expires_at: "2026-11-22T10:30:00.000Z",
    } satisfies NewApiKeyAnswer,
  },
  "delete /api_keys/{id}": { path: { id: KEY.id } },
  "post /token_issuers": { body: NEW_ISSUER, answer: ISSUER },
  "get /token_issuers": { answer: list([ISSUER], ONE_PAGE) },
  "get /token_issuers/{id}": { path: { id: ISSUER.id }, answer: ISSUER },
  "delete /token_issuers/{id}": { path: { id: ISSUER.id } },
  "post /portal/generate_link": {
    body: {
      organization: ORGANIZATION_ID,
      return_url: SESSION.return_url,
      role: "auditor",
      user: { id: "user_1", name: "Tanaka Yuki" },
    },
    answer: { link: "https://audit.example.com/portal#rkp_…" },
  },
  "post /portal/session": {
    body: { code: "rkp_…" },
    answer: SESSION,
    sample: {
      lang: "JavaScript",
      source: `${PAGE_OF_LINK}
await fetch("/portal/session", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ code: location.hash.slice(1) }),
})`,
    },
  },
  "get /session": {
    answer: SESSION,
    sample: {
      lang: "Shell",
      source: `curl "$REKISHI/session" \\\n  -H "Authorization: Bearer $KEY"`,
    },
  },
  "delete /session": {
    sample: {
      lang: "JavaScript",
      source: `${PAGE_OF_LINK}\nawait fetch("/session", { method: "DELETE" })`,
    },
  },
  "get /health": { answer: { status: "ok" } },
  "get /metrics": {},
};

/** A link is of one export and works for minutes, so no example has one that works. */
function linkSample(name: "url" | "manifest_url"): CodeSample {
  return {
    lang: "Shell",
    source: `# The link comes with a ready export, and needs no key:
LINK=$(curl -s "$REKISHI/audit_logs/exports/${EXPORT_ID}" \\
  -H "Authorization: Bearer $KEY" | jq -r .${name})
curl -OJ "$LINK"`,
  };
}
