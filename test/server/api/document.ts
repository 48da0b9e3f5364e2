/** The OpenAPI document of a running server, and the question whether an answer is one that it promises. */
import { type Schema, Validator } from "@cfworker/json-schema";
import { expect } from "vitest";
import { type Answer, parsed } from "../client.ts";
import type { Server } from "../server.ts";

export interface Parameter {
  readonly in: "path" | "query" | "header";
  readonly name: string;
  readonly schema: Schema;
}

export interface Operation {
  /** `GET /audit_logs/events/{id}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** One of these is needed; none for a route that is for everybody, or finds out itself who calls. */
  readonly scopes: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly answers: ReadonlyMap<number, Media>;
}

/** Of an answer's body: its schema for JSON of the API, null for a file, undefined for none. */
type Media = Schema | null | undefined;

interface RawOperation {
  readonly "x-scopes": readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: RawContent };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: RawContent }>
  >;
}
type RawContent = Readonly<Record<string, { readonly schema?: Schema }>>;

interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, { readonly content?: RawContent }>>;
  };
}

export async function readDocument(server: Server): Promise<readonly Operation[]> {
  const document = parsed<RawDocument>(await server.client().get("/openapi.json"));
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operationOf(document, method, path, raw)),
  );
}

function operationOf(
  document: RawDocument,
  method: string,
  path: string,
  raw: RawOperation,
): Operation {
  const { components } = document;
  const whole = (schema: Schema): Schema => ({
    ...schema,
    components: { schemas: components.schemas },
  });
  const answers = Object.entries(raw.responses).map(
    ([status, { $ref, content }]): [number, Media] => {
      const own = $ref === undefined ? content : components.responses[nameOf($ref)]?.content;
      const [media] = Object.values(own ?? {});
      const schema = own?.["application/json"]?.schema;
      return [Number(status), schema === undefined ? media && null : closed(whole(schema))];
    },
  );
  const body = raw.requestBody?.content["application/json"]?.schema;
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    scopes: raw["x-scopes"],
    parameters: raw.parameters ?? [],
    body: body && whole(body),
    answers: new Map(answers),
  };
}

/** An answer must have the status, and the fields and no others, that the document tells of. */
export function expectDocumented(operation: Operation, answer: Answer): void {
  const { status, text, headers } = answer;
  const context = `${operation.name} answered ${status} ${text.slice(0, 2_000)}`;
  expect([...operation.answers.keys()], context).toContain(status);
  expect(headers.get("x-request-id"), context).toMatch(/^[0-9a-f-]{36}$/);
  const schema = operation.answers.get(status);
  if (schema === undefined) {
    expect(text, context).toBe("");
  } else if (schema !== null) {
    expect(headers.get("content-type"), context).toMatch(/^application\/json\b/);
    const { errors } = new Validator(schema, "2020-12", false).validate(parsed(answer));
    expect(errors, context).toEqual([]);
  }
}

/** A schema that refuses fields which it does not name: the document leaves it open what may be added one day. */
function closed<T>(schema: T): T {
  if (typeof schema !== "object" || schema === null) {
    return schema;
  }
  if (Array.isArray(schema)) {
    return schema.map(closed) as T;
  }
  const members = Object.entries(schema).map(([name, value]) => [name, closed<unknown>(value)]);
  const isObject = typeof (schema as { properties?: unknown }).properties === "object";
  return {
    ...(isObject ? { additionalProperties: false } : {}),
    ...Object.fromEntries(members),
  } as T;
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
