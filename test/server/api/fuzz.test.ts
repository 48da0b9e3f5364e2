/**
 * Every route of the document, sent what nobody should send: bodies and queries that are nearly right, and others that
 * are nothing at all. Whatever comes, the answer is one that the document tells of, and never a 5xx.
 *
 * REKISHI_CASES is how many requests of each kind every route is sent; `npm run test:fuzz` sends many.
 */
import type { Schema } from "@cfworker/json-schema";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../../support/events.ts";
import type { Answer } from "../client.ts";
import { refusalIn } from "../refusal.ts";
import { Server } from "../server.ts";
import { expectDocumented, type Operation, readDocument } from "./document.ts";

const CASES = Number(process.env["REKISHI_CASES"] ?? "12");
const ORGANIZATION = "org_fuzz";

// Started before the tests are collected, because the document says which there are.
const server = new Server();
await server.start();
afterAll(() => server.dispose());
const operations = await readDocument(server);
const root = server.client();

beforeAll(() => root.store(ORGANIZATION, makeEvent()));

const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", " ", "\u0000", "../..", "%", "%ff", "null", "-1", "__proto__", "constructor"),
  fc.constantFrom("x".repeat(5_000), "契約", "'; DROP TABLE tail; --", "<script>", "{{7*7}}"),
);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], { "": null }),
  fc.constantFrom(
    JSON.parse('{"then":1}'),
    { toJSON: 1 },
    { length: 1e9 },
    JSON.parse('{"__proto__":{"a":1}}'),
  ),
);
const known = fc.constantFrom(ORGANIZATION, "2026-11-22T09:30:00.000Z", "document.shared");

/** Values that a schema accepts, mostly: now and then one of them is another. */
function nearly(schema: Schema | boolean | undefined, root: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: fitting(schema, root) },
    { weight: 1, arbitrary: oddValue },
  );
}

function fitting(given: Schema | boolean | undefined, root: Schema): fc.Arbitrary<unknown> {
  const schema = typeof given === "object" ? resolved(given, root) : {};
  if (schema.const !== undefined || schema.enum !== undefined) {
    return fc.constantFrom(...(schema.enum ?? [schema.const]));
  }
  if (schema.anyOf !== undefined) {
    return fc.oneof(...schema.anyOf.map((one) => fitting(one, root)));
  }
  switch ([schema.type].flat()[0]) {
    case "object":
      return object(schema, root);
    case "array":
      return fc.array(nearly(schema.items as Schema, root), { maxLength: 3 });
    case "integer":
    case "number":
      return fc.oneof(fc.integer({ min: -1, max: 400 }), fc.double({ noNaN: true }));
    case "boolean":
      return fc.boolean();
    case "string":
      return fc.oneof(known, fc.string({ minLength: 1, maxLength: 12 }), oddText);
    default:
      return oddValue;
  }
}

function object(schema: Schema, root: Schema): fc.Arbitrary<unknown> {
  const entries = Object.entries(schema.properties ?? {}).map(([name, one]) =>
    // Names that are needed are left out seldom, others often.
    fc
      .tuple(fc.integer({ min: 0, max: 19 }), nearly(one, root))
      .map(([chance, value]): [string, unknown][] =>
        chance < (schema.required?.includes(name) === true ? 19 : 10) ? [[name, value]] : [],
      ),
  );
  const extra = fc.oneof(
    { weight: 5, arbitrary: fc.constant<[string, unknown][]>([]) },
    { weight: 1, arbitrary: fc.tuple(oddText, oddValue).map((entry) => [entry]) },
  );
  return fc.tuple(...entries, extra).map((parts) => Object.fromEntries(parts.flat()));
}

function resolved(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.slice(schema.$ref.lastIndexOf("/") + 1);
  const components = (root as { components?: { schemas: Record<string, Schema> } }).components;
  return name === undefined ? schema : (components?.schemas[name] ?? {});
}

/** A path with something in the place of its names. */
function pathOf({ method, path }: Operation): fc.Arbitrary<string> {
  const names = path.match(/\{\w+\}/g) ?? [];
  // What the other routes are asked for must not be deleted.
  const part = method === "DELETE" ? oddText : fc.oneof(known, oddText);
  const text = part.map((part) => encodeURIComponent(part.toWellFormed()));
  const segment = fc.oneof(
    { weight: 9, arbitrary: text.map((part) => part.slice(0, 3_000)) },
    { weight: 1, arbitrary: fc.constantFrom("%", "%zz", "%ff%fe", "%00", ".", "..") },
  );
  return fc.tuple(...names.map(() => segment)).map((parts) => {
    let next = 0;
    return path.replaceAll(/\{\w+\}/g, () => parts[next++] ?? "");
  });
}

function queryOf(operation: Operation): fc.Arbitrary<string> {
  const names = operation.parameters.filter(({ in: where }) => where === "query");
  const parameter = fc.oneof(
    ...names.map(({ name, schema }) =>
      nearly(schema.items ?? schema, schema).map((value) => `${name}=${queryText(value)}`),
    ),
    fc.tuple(oddText, oddText).map(([name, value]) => `${queryText(name)}=${queryText(value)}`),
  );
  const organization = fc.constantFrom(`organization_id=${ORGANIZATION}`, "");
  return fc
    .tuple(organization, fc.array(parameter, { maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest].filter((part) => part !== "").join("&"))
    .filter((query) => query.length < 10_000);
}

function queryText(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return encodeURIComponent(text.toWellFormed());
}

/** What no schema thinks of. */
const wreck: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.string({ unit: "binary", maxLength: 64 }),
  fc.json().map((text) => text.slice(0, -1)),
  fc.constantFrom("", "null", "[]", "0", '"x"', "\ufeff{}", '{"a":1,"a":2}', "{}{}"),
  fc.constantFrom("[".repeat(60_000), `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`),
  fc.constantFrom('{"event":{"action":"\\ud800"}}', '{"n":1e999}', '{"n":12345678901234567890}'),
);

async function send(operation: Operation, path: string, body?: unknown): Promise<Answer> {
  return root.send(operation.method, path, operation.method === "GET" ? undefined : body);
}

function expectPromised(operation: Operation, answer: Answer): void {
  expect(answer.status, answer.text).toBeLessThan(500);
  expectDocumented(operation, answer);
  if (answer.status >= 400) {
    refusalIn(answer);
  }
}

describe.each(operations.map((operation) => [operation.name, operation] as const))(
  "%s answers as the document says",
  (_, operation) => {
    const { body } = operation;

    test("whatever its path and query are", async () => {
      const target = fc.tuple(pathOf(operation), queryOf(operation));
      await fc.assert(
        fc.asyncProperty(target, async ([path, query]) => {
          const answer = await send(operation, `${path}?${query}`);
          // A path with dots or nothing in it may lead elsewhere, or nowhere.
          if (answer.status !== 404 && new URL(`${server.url}${path}`).pathname === path) {
            expectPromised(operation, answer);
          } else {
            expect(answer.status, answer.text).toBeLessThan(500);
          }
        }),
        { numRuns: CASES, endOnFailure: true },
      );
    });

    test.runIf(body !== undefined)("whatever its body is", async () => {
      const path = operation.path.replaceAll(/\{\w+\}/g, ORGANIZATION);
      const anyBody = fc.oneof(
        { weight: 3, arbitrary: nearly(body, body ?? {}) },
        { weight: 1, arbitrary: wreck },
      );
      await fc.assert(
        fc.asyncProperty(anyBody, async (value) =>
          expectPromised(operation, await send(operation, path, value)),
        ),
        { numRuns: CASES * 3, endOnFailure: true },
      );
    });
  },
);
