import { type Schema, Validator } from "@cfworker/json-schema";
import { expect, test } from "vitest";
import { readBatch, readSingle } from "../../src/contract/append.ts";
import { readEventFilterMessage } from "../../src/contract/event-query.ts";
import { readNewExport } from "../../src/contract/export.ts";
import { readRetention } from "../../src/contract/retention.ts";
import { ok, type Result } from "../../src/kernel/result.ts";
import type { JsonObject } from "../../src/kernel/strict-json.ts";
import { readTailMessage } from "../../src/objects/tenant/tail-message.ts";
import { FIELDS } from "../../src/query/fields.ts";
import { parseQuery } from "../../src/query/parse.ts";
import { STATUS } from "../../src/router/failure-response.ts";
import { openApiDocument } from "../../src/router/reference/document.ts";
import { EXAMPLES } from "../../src/router/reference/examples.ts";
import { CLIENT_MESSAGES, QUERY_EXAMPLES } from "../../src/router/reference/guide.ts";
import { referencePage } from "../../src/router/reference/page.ts";
import { ROUTES } from "../../src/router/route-table.ts";
import { readActionSchemaRules } from "../../src/schemas/rules.ts";

const document = openApiDocument();
const text = JSON.stringify(document);

interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, Media> }>>;
}

function operationOf({ method, path }: (typeof ROUTES)[number]): Operation {
  return document.paths?.[path]?.[method] as unknown as Operation;
}

const all = ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const);

test("every route is in the document, and no other", () => {
  const documented = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map((method) => `${method} ${path}`),
  );
  expect(documented.toSorted()).toEqual(all.map(([name]) => name).toSorted());
});

test("operation ids are unique", () => {
  const ids = ROUTES.map((route) => operationOf(route).operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every reference leads somewhere", () => {
  for (const [, pointer = ""] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = pointer
      .split("/")
      .reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], document);
    expect(found, pointer).toBeDefined();
  }
});

test.each(all)("%s says who may call it, and its answer with a body has a schema", (_, route) => {
  const operation = operationOf(route);
  expect(operation.security.length > 0).toBe(route.scope !== null);
  const answer = operation.responses[route.answer.status];
  expect(answer).toBeDefined();
  const hasBody =
    route.answer.mediaTypes === undefined && ![101, 202, 204].includes(route.answer.status);
  expect(answer?.content?.["application/json"]?.schema !== undefined).toBe(hasBody);
});

test.each(all)("%s names the parameters of its path", (_, route) => {
  const inPath = (operationOf(route).parameters ?? []).filter(({ in: where }) => where === "path");
  const names = inPath.map(({ name }) => `{${name}}`);
  expect(names).toEqual(route.path.match(/\{\w+\}/g) ?? []);
});

test.each(all.filter(([, { body }]) => body !== undefined))(
  "the example of a body of %s is one that it accepts",
  (name, route) => {
    const { schema, example } = operationOf(route).requestBody?.content["application/json"] ?? {};
    const whole = { ...schema, components: document.components } as Schema;
    expect(new Validator(whole, "2020-12", false).validate(example).errors).toEqual([]);
    expect(route.body?.safeParse(example, { reportInput: true }).error?.issues).toBeUndefined();
    expect(READERS[name]?.(example as JsonObject) ?? ok(0)).toMatchObject({ ok: true });
  },
);

/** Where more is asked of a body than its schema says. */
const READERS: Readonly<Record<string, (body: JsonObject) => Result<unknown>>> = {
  "post /audit_logs/events": (body) => readSingle(body, undefined),
  "post /audit_logs/events/batch": (body) => readBatch(body["events"]),
  "post /audit_logs/actions/{action}/schemas": readActionSchemaRules,
  "post /audit_logs/exports": readNewExport,
  "put /organizations/{id}/audit_logs_retention": readRetention,
};

test.each(all.filter(([, { answer }]) => answer.schema !== undefined))(
  "the example of an answer of %s is one that it could give",
  (_, route) => {
    const answer = operationOf(route).responses[route.answer.status];
    const { example } = answer?.content?.["application/json"] ?? {};
    expect(example).toBeDefined();
    // Fields that the schema does not name are left out of what it reads.
    expect(route.answer.schema?.parse(example)).toEqual(example);
  },
);

test.each(all.filter(([, { path }]) => path.includes("{")))(
  "the example of the path of %s has ids of its kind",
  (_, route) => {
    const { path = {} } = EXAMPLES[`${route.method} ${route.path}`] ?? {};
    const [, kind = "", name = ""] = /([^/]+)\/\{(\w+)\}/.exec(route.path) ?? [];
    expect(path[name]).toMatch(ID_KINDS[kind] ?? /^never$/);
  },
);

const ID_KINDS: Readonly<Record<string, RegExp>> = {
  events: /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  actions: /^document\.shared$/,
  exports: /^audit_log_export_[\da-f]{32}$/,
  organizations: /^org_\w+$/,
  external_id: /^customer-\d+$/,
  api_keys: /^api_key_[\da-f]{32}$/,
  token_issuers: /^token_issuer_[\da-f]{32}$/,
};

test("there is no example of a route that is gone", () => {
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(all.map(([name]) => name).toSorted());
});

test.each(all.filter(([, { body }]) => body !== undefined))(
  "the body of %s has the names that the document has, and no others",
  (_, route) => {
    const { schema } = operationOf(route).requestBody?.content["application/json"] ?? {};
    expect(schema?.additionalProperties).toBe(false);
  },
);

test("the reference page shows every route, and has neither scripts nor styles of its own", () => {
  const page = referencePage(document, "https://audit.example.com");
  for (const route of ROUTES) {
    expect(page).toContain(`<article id="${operationOf(route).operationId}">`);
    expect(page).toContain(`<code>${route.path}</code>`);
  }
  expect(page).not.toMatch(/<script|<style| style=| on\w+="|undefined|\[object/);
  const links = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, id]) => id);
  const ids = new Set(Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id));
  expect(links.filter((id) => !ids.has(id))).toEqual(["main"].filter((id) => !ids.has(id)));
});

test.each(QUERY_EXAMPLES)("the query language has the example %s", (query) => {
  expect(parseQuery(query)).toMatchObject({ ok: true });
});

test.each(CLIENT_MESSAGES)("the live tail takes the example %j", (message) => {
  expect(readTailMessage(JSON.stringify(message))).toMatchObject({ ok: true });
  const { type } = message as { readonly type: string };
  if (type === "filter") {
    expect(readEventFilterMessage(message as { readonly type: string })).toMatchObject({
      ok: true,
    });
  }
});

test("the reference page has every code of errors and every field of queries", () => {
  const page = referencePage(document, "https://audit.example.com");
  for (const name of [...Object.keys(STATUS), ...FIELDS.map(({ name }) => name)]) {
    expect(page).toMatch(
      new RegExp(`<td><code>${name.replaceAll(".", String.raw`\.`)}(&lt;name&gt;)?</code></td>`),
    );
  }
});

test("the reference page says nothing twice in a row", () => {
  const page = referencePage(document, "https://audit.example.com").replaceAll(/<[^>]+>/g, "");
  expect(page.match(/([^.\n]{4,60}\.)\s+\1/g)).toBeNull();
});

test("a reference stands without a rule of its own, which would not see the fields that it refers to", () => {
  expect(text).not.toMatch(/"additionalProperties":false,[^{}]*"\$ref"/);
  expect(text).not.toMatch(/"\$ref":"[^"]*",[^{}]*"additionalProperties":false/);
});

test("every parameter, and every field of every body, says what it is", () => {
  const silent: string[] = [];
  walk(document.components?.schemas ?? {}, "components");
  walk(document.paths ?? {}, "paths");
  expect(silent).toEqual([]);

  function walk(value: unknown, path: string): void {
    if (Array.isArray(value)) {
      value.forEach((one, index) => walk(one, `${path}[${index}]`));
    } else if (typeof value === "object" && value !== null) {
      const { properties, ...parameter } = value as Described;
      if ("in" in parameter && !hasText(parameter) && !hasText(parameter.schema)) {
        silent.push(`${path} ${parameter.name}`);
      }
      for (const [name, field] of Object.entries(properties ?? {})) {
        if (!hasText(field)) {
          silent.push(`${path}.${name}`);
        }
      }
      for (const [name, one] of Object.entries(value).filter(([name]) => name !== "example")) {
        walk(one, `${path}.${name}`);
      }
    }
  }
});

interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
  readonly description?: string;
  readonly in?: string;
  readonly name?: string;
  readonly schema?: Described;
}

function hasText(value: Described | undefined): boolean {
  return (value?.description ?? "").length > 3;
}
