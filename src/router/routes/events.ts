/** `/audit_logs/events`: writing and reading events (contract, "Events"). */
import {
  type BatchAnswer,
  batchAnswerSchema,
  batchBodySchema,
  type NewEvent,
  readBatch,
  readSingle,
  type SingleAnswer,
  singleAnswerSchema,
  singleBodySchema,
  singleHeadersSchema,
} from "../../contract/append.ts";
import {
  type EventFilter,
  eventQueryParametersSchema,
  organizationParameterSchema,
  positionText,
  readEventQuery,
} from "../../contract/event-query.ts";
import { eventResource, eventResourceSchema } from "../../contract/event.ts";
import { refuseUnknownNames } from "../../contract/field-errors.ts";
import { list, listSchema } from "../../contract/list.ts";
import { readStatsQuery, statsAnswerSchema, statsParametersSchema } from "../../contract/stats.ts";
import type { Stub } from "../../env.ts";
import { systemClock } from "../../kernel/clock.ts";
import { notFound } from "../../kernel/failure.ts";
import { BATCH_BODY_BYTES_MAX, EVENT_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import { fail, ok, type Result } from "../../kernel/result.ts";
import type { Json } from "../../kernel/strict-json.ts";
import type { AppendReceipt } from "../../log/commit.ts";
import { FINGERPRINT_BYTES, fingerprintOf } from "../../log/idempotency.ts";
import { parseLine } from "../../log/line.ts";
import type { AppendRequest } from "../../log/log.ts";
import { statsAnswer } from "../../log/stats-answer.ts";
import type { TenantRpc } from "../../objects/tenant/tenant-rpc.ts";
import { whereOf } from "../../query/where.ts";
import { AppendCoalescer } from "../append-coalescer.ts";
import { directory, openOrganization, type Principal } from "../auth/access.ts";
import { readJsonLines, readJsonObject } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { metrics } from "../metrics.ts";
import { tellRateLimits } from "../rate-limit-headers.ts";
import type { Route } from "../route.ts";
import { schemas } from "../schema-registry.ts";

export const eventRoutes: readonly Route[] = [
  {
    method: "post",
    path: "/audit_logs/events",
    summary: "Record an event",
    description:
      "Answers when the event is on disk. Without an `Idempotency-Key` the event is its own key. A replay has the header `Idempotency-Replayed: true`. Unknown fields of an event are ignored, so two events that differ in nothing else are the same event: put what tells them apart into `metadata`, or give each its own `Idempotency-Key`.",
    scope: "events:write",
    headers: singleHeadersSchema,
    body: singleBodySchema,
    answer: { status: 200, schema: singleAnswerSchema },
    handle: appendSingle,
  },
  {
    method: "post",
    path: "/audit_logs/events/batch",
    summary: "Record many events, all or none",
    description:
      "At most 1,000 events and 4 MiB. Or send the events as lines of `application/x-ndjson`, with `organization_id` in the query string.",
    scope: "events:write",
    query: organizationParameterSchema,
    body: batchBodySchema,
    answer: { status: 200, schema: batchAnswerSchema },
    handle: appendBatch,
  },
  {
    method: "get",
    path: "/audit_logs/events",
    summary: "List and search events",
    description:
      "Newest first, by `occurred_at`. Values of one parameter are alternatives, parameters narrow each other. A page may be short of `limit` when finding more would take long: go on from `after` until it is null.",
    scope: "events:read",
    query: eventQueryParametersSchema,
    answer: { status: 200, schema: listSchema(eventResourceSchema) },
    handle: searchEvents,
  },
  {
    method: "get",
    path: "/audit_logs/events/stats",
    summary: "Count events over time and by value",
    description:
      "Exact, as of the moment it begins. Appends go on meanwhile. A count that takes longer than 25 seconds is refused: narrow it with `range_start` and `range_end`.",
    scope: "events:read",
    query: statsParametersSchema,
    answer: { status: 200, schema: statsAnswerSchema },
    handle: countEvents,
  },
  {
    method: "get",
    path: "/audit_logs/events/{id}",
    summary: "Get an event",
    scope: "events:read",
    query: organizationParameterSchema,
    answer: { status: 200, schema: eventResourceSchema },
    handle: oneEvent,
  },
];

async function appendSingle(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const submission = await readSubmission(context, readSingleBody);
  const receipts = await append(context, principal, submission);
  if (!receipts.ok) {
    return receipts;
  }
  const [receipt] = receipts.value;
  if (receipt === undefined) {
    throw new Error("The log gave no receipt.");
  }
  if (receipt.replayed) {
    context.header("Idempotency-Replayed", "true");
  }
  const { id, seq } = receipt;
  return ok(context.json({ success: true, id, seq } satisfies SingleAnswer));
}

async function appendBatch(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const submission = await readSubmission(context, readBatchBody);
  const receipts = await append(context, principal, submission);
  return receipts.ok
    ? ok(context.json({ success: true, events: receipts.value } satisfies BatchAnswer))
    : receipts;
}

/** A body whose events are valid, and where they are to go. */
interface NewEvents {
  /** As it was sent, if it was. */
  readonly organizationId: unknown;
  readonly events: readonly NewEvent[];
  /** Where an event stands in the body. */
  readonly pathOf: (index: number) => string;
}

/** What is sent on of a body. It holds nothing else of it: an append may wait, and much of the same waits with it. */
interface Submission {
  readonly organizationId: unknown;
  readonly request: AppendRequest;
}

async function readSubmission(
  context: HttpContext,
  readBody: (context: HttpContext) => Promise<Result<NewEvents>>,
): Promise<Result<Submission>> {
  const body = await readBody(context);
  if (!body.ok) {
    return body;
  }
  const { organizationId, events, pathOf } = body.value;
  const refusal = await schemas.refusalOf({
    directory: () => directory(context),
    events,
    pathOf,
    isStrict: context.env.REQUIRE_SCHEMAS === "true",
  });
  return refusal === undefined
    ? ok({ organizationId, request: appendRequest(events) })
    : fail(refusal);
}

async function readSingleBody(context: HttpContext): Promise<Result<NewEvents>> {
  const body = await readJsonObject(context.req.raw, EVENT_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const event = readSingle(body.value, context.req.header("idempotency-key"));
  return event.ok
    ? ok({
        organizationId: body.value["organization_id"],
        events: [event.value],
        pathOf: () => "event",
      })
    : event;
}

async function readBatchBody(context: HttpContext): Promise<Result<NewEvents>> {
  const body = await readBatchItems(context);
  if (!body.ok) {
    return body;
  }
  const events = readBatch(body.value.items);
  return events.ok
    ? ok({
        organizationId: body.value.organizationId,
        events: events.value,
        pathOf: (index) => `events[${index}]`,
      })
    : events;
}

interface BatchItems {
  readonly organizationId: unknown;
  readonly items: Json | undefined;
}

async function readBatchItems(context: HttpContext): Promise<Result<BatchItems>> {
  const type = context.req.header("content-type") ?? "";
  if (/^application\/(x-ndjson|ndjson|jsonl)\b/i.test(type)) {
    const lines = await readJsonLines(context.req.raw, BATCH_BODY_BYTES_MAX);
    return lines.ok
      ? ok({ organizationId: context.req.query("organization_id"), items: lines.value })
      : lines;
  }
  const body = await readJsonObject(context.req.raw, BATCH_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const { organization_id: organizationId, events: items } = body.value;
  return refuseUnknownNames(body.value, batchBodySchema) ?? ok({ organizationId, items });
}

const coalescer = new AppendCoalescer(systemClock);

async function append(
  context: HttpContext,
  principal: Principal,
  submission: Result<Submission>,
): Promise<Result<readonly AppendReceipt[]>> {
  if (!submission.ok) {
    return submission;
  }
  const { organizationId, request } = submission.value;
  const tenant = await openOrganization(context, principal, organizationId, { create: true });
  if (!tenant.ok) {
    return tenant;
  }
  const answer = await coalescer.append(
    tenant.value,
    { ...request, keyId: principal.actor.id },
    (work) => context.executionCtx.waitUntil(work),
  );
  if (!answer.ok) {
    return answer;
  }
  const { receipts, rateLimits } = answer.value;
  countAppended(receipts);
  if (rateLimits !== undefined) {
    tellRateLimits(context, rateLimits);
  }
  return ok(receipts);
}

function countAppended(receipts: readonly AppendReceipt[]): void {
  let replayed = 0;
  for (const receipt of receipts) {
    replayed += receipt.replayed ? 1 : 0;
  }
  metrics.replayedEvents.add(replayed);
  metrics.appendedEvents.add(receipts.length - replayed);
}

function appendRequest(newEvents: readonly NewEvent[]): AppendRequest {
  const fingerprints = new Uint8Array(newEvents.length * FINGERPRINT_BYTES);
  newEvents.forEach(({ text, idempotencyKey }, index) => {
    fingerprints.set(fingerprintOf(text, idempotencyKey), index * FINGERPRINT_BYTES);
  });
  return { events: newEvents.map(({ text }) => text), fingerprints };
}

async function searchEvents(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const page = await ask(context, principal, readEventQuery, (object, query) =>
    object.search(query, principal.actor.id),
  );
  if (!page.ok) {
    return page;
  }
  const { lines, before, after } = page.value;
  const events = lines.map((line) => eventResource(parseLine(line)));
  const answer = list(events, {
    before: before && positionText(before),
    after: after && positionText(after),
  });
  return ok(context.json(answer));
}

async function countEvents(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const stats = await ask(context, principal, readStatsQuery, (object, query) =>
    object.stats(query, principal.actor.id),
  );
  return stats.ok ? ok(context.json(statsAnswer(stats.value))) : stats;
}

/** Reads a question about events from the query string and puts it to the organization's object. */
async function ask<Question extends { readonly filter: EventFilter }, Answer>(
  context: HttpContext,
  principal: Principal,
  readQuestion: (parameters: URLSearchParams) => Result<Question>,
  put: (object: Stub<TenantRpc>, question: Question) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  const parameters = new URL(context.req.url).searchParams;
  const question = readQuestion(parameters);
  if (!question.ok) {
    return question;
  }
  const where = whereOf(question.value.filter);
  if (!where.ok) {
    return where;
  }
  const organizationId = parameters.get("organization_id");
  const tenant = await openOrganization(context, principal, organizationId);
  return tenant.ok ? tenant.value.ask((object) => put(object, question.value)) : tenant;
}

async function oneEvent(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const organizationId = context.req.query("organization_id");
  const tenant = await openOrganization(context, principal, organizationId);
  if (!tenant.ok) {
    return tenant;
  }
  const id = context.req.param("id") ?? "";
  const line = await tenant.value.ask((object) => object.event(id));
  if (!line.ok) {
    return line;
  }
  return line.value === null
    ? notFound("Event")
    : ok(context.json(eventResource(parseLine(line.value))));
}
