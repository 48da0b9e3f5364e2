/** `/audit_logs/actions`: actions and the schemas of their events (contract, "Organizations, keys, schemas…"). */
import {
  type Action,
  actionSchema,
  actionSchemaSchema,
  type InferredActionSchema,
  inferredActionSchemaSchema,
  newActionSchemaSchema,
} from "../../contract/action-schema.ts";
import { idempotentHeadersSchema } from "../../contract/append.ts";
import { organizationParameterSchema } from "../../contract/event-query.ts";
import { eventSchema, RESERVED_ACTION_PREFIX } from "../../contract/event.ts";
import { read } from "../../contract/field-errors.ts";
import { list, type List, listSchema } from "../../contract/list.ts";
import { failure, notFound } from "../../kernel/failure.ts";
import { EVENTS_PAGE_MAX, FACET_VALUES_MAX, RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { parseLine } from "../../log/line.ts";
import type { ListQuery } from "../../objects/directory/directory-rpc.ts";
import { inferRules } from "../../schemas/inference.ts";
import { readActionSchemaRules } from "../../schemas/rules.ts";
import { directory, openOrganization, type Principal } from "../auth/access.ts";
import { callerOf } from "../auth/caller.ts";
import { readJsonObject } from "../body.ts";
import type { HttpContext } from "../http.ts";
import { answerMade, requestNameOf } from "../idempotency.ts";
import { listOf, listQuerySchema, readListQuery } from "../list-query.ts";
import { pageOfNames } from "../page-of-names.ts";
import type { Route } from "../route.ts";
import { schemas } from "../schema-registry.ts";
import type { Tenant } from "../tenant.ts";

const SCHEMAS_PATH = "/audit_logs/actions/{action}/schemas";

export const actionSchemaRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/audit_logs/actions",
    summary: "List actions",
    description:
      "Those that have a schema. With `organization_id`, or a key of one organization, by name, also those that its log has without one.",
    scope: ["events:read", "schemas:write"],
    query: listQuerySchema.extend(organizationParameterSchema.shape),
    answer: { status: 200, schema: listSchema(actionSchema) },
    handle: listActions,
  },
  {
    method: "post",
    path: SCHEMAS_PATH,
    summary: "Create the next version of an action's schema",
    scope: "schemas:write",
    description:
      "Versions are numbered from 1 and never change. An event is checked against the `version` that it names, or else the newest. Metadata schemas are JSON Schema (2020-12) for flat objects, without references.",
    headers: idempotentHeadersSchema,
    body: newActionSchemaSchema,
    answer: { status: 201, schema: actionSchemaSchema },
    handle: createSchema,
  },
  {
    method: "get",
    path: SCHEMAS_PATH,
    summary: "List the versions of an action's schema",
    scope: ["events:read", "schemas:write"],
    query: listQuerySchema,
    answer: { status: 200, schema: listSchema(actionSchemaSchema) },
    handle: listSchemas,
  },
  {
    method: "get",
    path: `${SCHEMAS_PATH}/inferred`,
    summary: "Propose a schema from the newest events of an action",
    description:
      "It fits each of the newest events, 1,000 at most, that the organization's log has of the action. Post its `schema` to make it the rule.",
    scope: "events:read",
    query: organizationParameterSchema,
    answer: { status: 200, schema: inferredActionSchemaSchema },
    handle: inferSchema,
  },
];

async function createSchema(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  if (principal.organizationId !== null) {
    const message = "Schemas hold for all organizations, so a key of one of them cannot add any.";
    return failure("forbidden", message);
  }
  const action = readAction(context);
  if (!action.ok) {
    return action;
  }
  const body = await readJsonObject(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const rules = readActionSchemaRules(body.value);
  if (!rules.ok) {
    return rules;
  }
  const request = requestNameOf(context, principal, rules.value);
  if (!request.ok) {
    return request;
  }
  const schema = await directory(context).createActionSchema(
    action.value,
    rules.value,
    callerOf(context, principal),
    request.value,
  );
  if (!schema.ok) {
    return schema;
  }
  schemas.changed();
  return ok(answerMade(context, schema.value));
}

async function listSchemas(context: HttpContext): Promise<Result<Response>> {
  const query = readListQuery(context);
  if (!query.ok) {
    return query;
  }
  const action = context.req.param("action") ?? "";
  const page = await directory(context).actionSchemas(action, query.value);
  return page === null
    ? notFound(`Schema of the action '${action}'`)
    : ok(context.json(listOf(page)));
}

/**
 * The actions that have a schema; those of an organization also show what its log holds without one, known from the
 * log's statistics.
 */
async function listActions(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const query = readListQuery(context, ["organization_id"]);
  if (!query.ok) {
    return query;
  }
  const named = context.req.query("organization_id");
  const canRead = principal.can("events:read");
  if (named !== undefined && !canRead) {
    const message = "The actions of an organization's events take the scope 'events:read'.";
    return failure("forbidden", message);
  }
  const organizationId = named ?? principal.organizationId;
  if (organizationId === null || !canRead) {
    return ok(context.json(listOf(await directory(context).actions(query.value))));
  }
  const tenant = await openOrganization(context, principal, organizationId);
  if (!tenant.ok) {
    return tenant;
  }
  const actions = await actionsOf(context, principal, tenant.value, query.value);
  return actions.ok ? ok(context.json(actions.value)) : actions;
}

async function actionsOf(
  context: HttpContext,
  principal: Principal,
  tenant: Tenant,
  query: ListQuery,
): Promise<Result<List<Action>>> {
  const stats = await tenant.ask((object) =>
    object.stats(
      {
        filter: {},
        interval: "month",
        timeZone: "UTC",
        facets: ["action"],
        facetLimit: FACET_VALUES_MAX,
      },
      principal.actor.id,
    ),
  );
  if (!stats.ok) {
    return stats;
  }
  const seen = new Map(
    stats.value.facets
      .flatMap(({ values }) => values)
      .filter(([action]) => !action.startsWith(RESERVED_ACTION_PREFIX)),
  );
  const withSchema = await schemas.newestVersions(() => directory(context));
  const { names, before, after } = pageOfNames([...withSchema.keys(), ...seen.keys()], query);
  const known = await directory(context).namedActions(names.filter((name) => withSchema.has(name)));
  const byName = new Map(known.map((action) => [action.name, action]));
  const data = names.map((name): Action => ({
    ...(byName.get(name) ?? actionWithoutSchema(name)),
    events: seen.get(name) ?? 0,
  }));
  return ok(list(data, { before, after }));
}

function actionWithoutSchema(name: string): Action {
  return { object: "audit_log_action", name, schema: null, created_at: null, updated_at: null };
}

async function inferSchema(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const tenant = await openOrganization(context, principal, context.req.query("organization_id"));
  if (!tenant.ok) {
    return tenant;
  }
  const action = context.req.param("action") ?? "";
  const page = await tenant.value.ask((object) =>
    object.search(
      { filter: { actions: [action] }, order: "desc", limit: EVENTS_PAGE_MAX },
      principal.actor.id,
    ),
  );
  if (!page.ok) {
    return page;
  }
  const events = page.value.lines.map((line) => parseLine(line).event);
  if (events.length === 0) {
    return notFound(`Event with the action '${action}'`);
  }
  return ok(
    context.json({
      object: "inferred_audit_log_schema",
      action,
      organization_id: tenant.value.organizationId,
      events: events.length,
      schema: inferRules(events),
    } satisfies InferredActionSchema),
  );
}

function readAction(context: HttpContext): Result<string> {
  const action = context.req.param("action") ?? "";
  return read(eventSchema.shape.action, action, "action", "unprocessable_entity");
}
