/**
 * The OpenAPI 3.1 document, made of the route table and the contract's schemas, and of nothing else: what a route takes
 * and gives is written down once. The tests hold real answers against it.
 */
import * as z from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import { failureAnswerSchema } from "../../contract/failure-answer.ts";
import { STATUS } from "../failure-response.ts";
import { ROUTE_GROUPS } from "../route-table.ts";
import type { Route } from "../route.ts";
import { EXAMPLES, type RouteExample } from "./examples.ts";

export type OpenApiDocument = ReturnType<typeof createDocument>;

const DESCRIPTION = `An audit log for the customers of your product: who did what, to what, when, from where.

The paths, bodies and answers are those of WorkOS Audit Logs where WorkOS has them, so its SDKs work by changing the host.
Every answer has the header \`X-Request-Id\`. Every error has the same body. Lists have \`data\` and \`list_metadata\`, whose
\`after\` is the cursor of the next page, or null at the end.`;

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  id: "The id of the resource.",
  external_id: "The id that you gave the organization in your own system.",
  action: "The name of the action, percent-encoded.",
};

const STATUS_DESCRIPTIONS: Readonly<Record<number, string>> = {
  101: "The WebSocket is open",
  200: "Done",
  201: "Created",
  202: "Begun; there is no body",
  204: "Done; there is no body",
  400: "The request breaks the contract",
  401: "Without a valid credential",
  403: "The credential does not reach that far",
  404: "Unknown, or another organization's",
  409: "There is one already",
  413: "Too large",
  422: "A value that cannot be taken",
  501: "What this needs is not configured",
  429: "Too many requests; Retry-After says when to come again",
  500: "A bug; the log has it under the request id",
  502: "Something that this needs is busy; send the same request again",
};

const BODY_ERRORS = [409, 413, 422];
const ANY_ERRORS = [...new Set<number>(Object.values(STATUS))]
  .filter((status) => !BODY_ERRORS.includes(status))
  .sort((a, b) => a - b);

export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { name, routes } of ROUTE_GROUPS) {
    for (const route of routes) {
      paths[route.path] = { ...paths[route.path], [route.method]: operation(route, name) };
    }
  }
  return createDocument(
    {
      openapi: "3.1.1",
      info: {
        title: "rekishi",
        version: "0.1.0",
        description: DESCRIPTION,
      },
      servers: [{ url: "/" }],
      tags: ROUTE_GROUPS.map(({ name, description }) => ({ name, description })),
      paths: paths satisfies ZodOpenApiPathsObject,
      components: {
        securitySchemes: {
          bearer: {
            type: "http",
            scheme: "bearer",
            description:
              "The root key, an API key, a user's JWT, or the token of a portal session.",
          },
          portal: {
            type: "apiKey",
            in: "cookie",
            name: "__Host-rekishi_session",
            description: "The session of a portal link, in a browser on rekishi's own pages.",
          },
        },
      },
    },
    {
      // Metadata says itself what it is, see `recordSchema`.
      allowEmptySchema: { custom: true },
      override: ({ jsonSchema, io }) => tidy(jsonSchema, io),
    },
  );
}

/** Fields that mean the same wherever they are, and say so themselves only where they mean more. */
const COMMON_FIELDS: Readonly<Record<string, string>> = {
  object: "What kind of resource this is.",
  id: "The id of the resource.",
  organization_id: "The organization.",
  created_at: "When it was made.",
  updated_at: "When it was changed last.",
  expires_at: "When it stops working.",
  data: "What is on this page.",
  list_metadata: "The cursors of the pages before and after.",
};

/** Describes fields, and leaves out what says nothing, and that an answer has no other fields: one day it may have. */
function tidy(schema: Record<string, unknown>, io: "input" | "output"): void {
  delete schema["readOnly"];
  const properties = (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>;
  for (const [name, property] of Object.entries(properties)) {
    const description = property["description"] ?? COMMON_FIELDS[name];
    if (description !== undefined) {
      property["description"] = description;
    }
    // A component that is described here once more is compared with itself, so both must be tidy.
    tidy(property, io);
  }
  if (schema["format"] === "date-time") {
    delete schema["pattern"];
  }
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) {
    delete schema["maximum"];
  }
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) {
    delete schema["minimum"];
  }
  if (io === "output" && schema["properties"] !== undefined) {
    delete schema["additionalProperties"];
  }
}

function operation(route: Route, tag: string): ZodOpenApiOperationObject {
  const { method, path, summary, description, query, headers, body, scope } = route;
  const example = EXAMPLES[`${method} ${path}`] ?? {};
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name);
  const scopes = scope === null ? [] : [scope].flat();
  const scopeText = scopes.map((one) => `\`${one}\``).join(" or ");
  return {
    operationId: `${method}${path.replaceAll(/[/{}]+/g, "_").replace(/_$/, "")}`,
    tags: [tag],
    summary,
    description: [description, scopeText && `Scope: ${scopeText}.`].filter(Boolean).join("\n\n"),
    "x-scopes": scopes,
    security: scope === null ? [] : [{ bearer: [] }, { portal: [] }],
    requestParams: {
      ...(names.length === 0 ? {} : { path: withExamples(pathParameters(names), example.path) }),
      ...(query === undefined ? {} : { query: withExamples(query, example.query) }),
      ...(headers === undefined ? {} : { header: headers }),
    },
    ...(body === undefined ? {} : { requestBody: requestBody(body, example) }),
    ...(example.sample && { "x-codeSamples": [example.sample] }),
    responses: responses(route, example),
  };
}

function pathParameters(names: readonly string[]) {
  return z.object(
    Object.fromEntries(
      names.map((name) => [name, z.string().describe(PATH_PARAMETERS[name] ?? "")]),
    ),
  );
}

/** Parameters with the values that the example of their route has. */
function withExamples(parameters: z.ZodObject, values: RouteExample["path"] = {}): z.ZodObject {
  const shape = Object.entries(parameters.shape).map(([name, schema]) => {
    const value = values[name];
    return [name, value === undefined ? schema : schema.meta({ examples: [value] })];
  });
  return z.object(Object.fromEntries(shape));
}

function requestBody(schema: z.ZodType, { body: example }: RouteExample) {
  return { required: true, content: { "application/json": { schema, example } } };
}

function responses(
  { answer, body }: Route,
  { answer: example }: RouteExample,
): Record<string, ZodOpenApiResponseObject> {
  const { status, schema, mediaTypes } = answer;
  const errors =
    answer.errors ?? (body === undefined ? ANY_ERRORS : [...ANY_ERRORS, ...BODY_ERRORS]);
  return Object.fromEntries([
    [
      status,
      {
        description: `${STATUS_DESCRIPTIONS[status] ?? "Done"}.`,
        ...(schema && { content: { "application/json": { schema, example } } }),
        ...(mediaTypes && { content: Object.fromEntries(mediaTypes.map((type) => [type, {}])) }),
      },
    ],
    ...errors.map((error): [number, ZodOpenApiResponseObject] => [error, errorResponse(error)]),
  ]);
}

const errorResponses = new Map<number, ZodOpenApiResponseObject>();

/** One object for each status, because the document refers to what it meets twice. */
function errorResponse(status: number): ZodOpenApiResponseObject {
  const known = errorResponses.get(status);
  if (known !== undefined) {
    return known;
  }
  const codes = Object.entries(STATUS).filter(([, one]) => one === status);
  const response = {
    id: `Error${status}`,
    description: `${STATUS_DESCRIPTIONS[status]}. Codes: ${codes.map(([code]) => `\`${code}\``).join(", ")}.`,
    content: { "application/json": { schema: failureAnswerSchema } },
  };
  errorResponses.set(status, response);
  return response;
}
