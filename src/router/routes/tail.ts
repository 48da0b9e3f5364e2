/** `/audit_logs/tail`: the live tail over WebSocket, and its tickets for browsers (contract, "Events"). */
import * as z from "zod";
import {
  readEventFilter,
  refuseUnknown,
  FILTER_PARAMETERS,
  filterParametersSchema,
} from "../../contract/event-query.ts";
import { refuseUnknownNames } from "../../contract/field-errors.ts";
import {
  checkTailFilter,
  newTicketSchema,
  TAIL_PROTOCOL,
  type TicketAnswer,
  ticketSchema,
} from "../../contract/tail.ts";
import { isTicket, looksLikeTicket } from "../../kernel/api-key.ts";
import { failure, fieldFailure } from "../../kernel/failure.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import {
  TAIL_REQUEST_HEADER,
  type TailRequest,
  type TicketGrant,
} from "../../objects/tenant/tenant-rpc.ts";
import { whereOf } from "../../query/where.ts";
import { admit, openOrganization, type Principal } from "../auth/access.ts";
import { readJsonObject } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { metrics } from "../metrics.ts";
import type { Route } from "../route.ts";
import type { Tenant } from "../tenant.ts";

const tailParametersSchema = filterParametersSchema.extend({
  after: z
    .string()
    .optional()
    .describe("The seq of the last event that you have; 0 for everything. Without it: from now."),
});

export const tailRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/audit_logs/tail",
    summary: "Follow an organization's events over a WebSocket",
    // Browsers come with a ticket, everybody else with a key: see `admitReader`.
    description:
      "Subprotocol `rekishi.tail.v1`. Browsers offer a ticket as a second subprotocol, everybody else sends a key. The server sends `hello`, then `events`; with `after` the stored events first. The client may send `ack`, `filter` and `ping`.",
    scope: null,
    query: tailParametersSchema,
    answer: { status: 101 },
    handle: connect,
  },
  {
    method: "post",
    path: "/audit_logs/tail/tickets",
    summary: "Create a ticket with which a browser opens the live tail",
    scope: "events:read",
    description: "It opens the tail once, within 30 seconds, without a key in the browser.",
    body: newTicketSchema,
    answer: { status: 201, schema: ticketSchema },
    handle: issueTicket,
  },
];

async function issueTicket(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const body = await readJsonObject(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const unknown = refuseUnknownNames(body.value, newTicketSchema);
  if (unknown !== undefined) {
    return unknown;
  }
  const tenant = await openOrganization(context, principal, body.value["organization_id"]);
  if (!tenant.ok) {
    return tenant;
  }
  const grant = grantOf(principal);
  const issued = await tenant.value.call((object) => object.issueTailTicket(grant));
  if (!issued.ok) {
    return issued;
  }
  const { ticket, expiresAt } = issued.value;
  const expires_at = new Date(expiresAt).toISOString();
  const { organizationId: organization_id } = tenant.value;
  const answer: TicketAnswer = { object: "tail_ticket", ticket, organization_id, expires_at };
  return ok(context.json(answer, 201));
}

async function connect(context: HttpContext): Promise<Result<Response>> {
  if (context.req.header("upgrade")?.toLowerCase() !== "websocket") {
    return failure("invalid_request", "This endpoint is a WebSocket. Send 'Upgrade: websocket'.");
  }
  const reader = await admitReader(context);
  if (!reader.ok) {
    return reader;
  }
  const { tenant, grant } = reader.value;
  const request = readTailRequest(new URL(context.req.url).searchParams);
  if (!request.ok) {
    return request;
  }
  // A new request with nothing of the client's in it but what was checked here.
  const headers = {
    upgrade: "websocket",
    [TAIL_REQUEST_HEADER]: encodeURIComponent(
      JSON.stringify({
        ...request.value,
        endsAt: grant.tailEndsAt,
        credential: grant.credential,
      } satisfies TailRequest),
    ),
  };
  const answer = await tenant.call((object) =>
    object.fetch(new Request("https://tenant/tail", { headers })),
  );
  if (!answer.ok) {
    return answer;
  }
  const { webSocket } = answer.value;
  if (webSocket === null) {
    throw new Error(`The tenant's object refused a live tail with status ${answer.value.status}.`);
  }
  const answerHeaders = new Headers({ "X-Request-Id": context.get("requestId") });
  if (offeredProtocols(context).includes(TAIL_PROTOCOL)) {
    answerHeaders.set("Sec-WebSocket-Protocol", TAIL_PROTOCOL);
  }
  return ok(new Response(null, { status: 101, webSocket, headers: answerHeaders }));
}

interface Reader {
  readonly tenant: Tenant;
  readonly grant: TicketGrant;
}

/** Lets in a key by its header, or a browser by the ticket among its subprotocols. */
async function admitReader(context: HttpContext): Promise<Result<Reader>> {
  const organizationId = context.req.query("organization_id");
  const ticket = offeredProtocols(context).find(looksLikeTicket);
  if (ticket === undefined || context.req.header("authorization") !== undefined) {
    const principal = await admit(context, "events:read");
    if (!principal.ok) {
      return principal;
    }
    const tenant = await openOrganization(context, principal.value, organizationId);
    return tenant.ok ? ok({ tenant: tenant.value, grant: grantOf(principal.value) }) : tenant;
  }
  if (!isTicket(ticket)) {
    return rejectTicket();
  }
  const tenant = await openOrganization(context, TICKET_HOLDER, organizationId);
  if (tenant.ok) {
    const grant = await tenant.value.call((object) => object.redeemTailTicket(ticket));
    if (!grant.ok) {
      return grant;
    }
    if (grant.value !== null) {
      return ok({ tenant: tenant.value, grant: grant.value });
    }
  } else if (tenant.failure.code !== "not_found") {
    return tenant;
  }
  // The same answer for an unknown organization, so that a ticket tells nothing about other tenants.
  return rejectTicket();
}

function rejectTicket() {
  metrics.rejectedCredentials.add(1, "tail_ticket");
  return failure("invalid_api_key", "The ticket is not valid. It works once, for 30 seconds.");
}

const TICKET_HOLDER: Principal = {
  actor: { id: "ticket", type: "tail_ticket" },
  can: () => false,
  organizationId: null,
};

function grantOf({ tailEndsAt, expiresAt, credential }: Principal): TicketGrant {
  return { tailEndsAt: tailEndsAt ?? expiresAt ?? null, credential: credential ?? null };
}

function offeredProtocols(context: HttpContext): string[] {
  const header = context.req.header("sec-websocket-protocol") ?? "";
  return header.split(",").map((protocol) => protocol.trim());
}

function readTailRequest(
  parameters: URLSearchParams,
): Result<Pick<TailRequest, "filter" | "after">> {
  const known = ["organization_id", "after", ...FILTER_PARAMETERS];
  const unknown = refuseUnknown(parameters, known);
  if (unknown !== undefined) {
    return unknown;
  }
  const filter = checkTailFilter(readEventFilter(parameters));
  if (!filter.ok) {
    return filter;
  }
  const where = whereOf(filter.value);
  if (!where.ok) {
    return where;
  }
  const after = parameters.get("after");
  if (after === null || after === "") {
    return ok({ filter: filter.value });
  }
  if (!/^\d{1,15}$/.test(after)) {
    const message = "'after' must be the seq of an event, or 0 for everything.";
    return fieldFailure("invalid_request", "after", "invalid_format", message);
  }
  return ok({ filter: filter.value, after: Number(after) });
}
