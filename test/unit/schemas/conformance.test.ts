import { Validator } from "@cfworker/json-schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ActionSchema, ActionSchemaRules } from "../../../src/contract/action-schema.ts";
import type { AuditEvent } from "../../../src/contract/event.ts";
import { schemaCheck } from "../../../src/schemas/conformance.ts";
import { inferRules } from "../../../src/schemas/inference.ts";
import { readActionSchemaRules } from "../../../src/schemas/rules.ts";
import { anyEvent } from "../../support/arbitraries.ts";
import { type EventInput, makeEvent } from "../../support/events.ts";
import { metadata, metadataSchema } from "./arbitraries.ts";

function schemaOf(rules: ActionSchemaRules): ActionSchema {
  const created_at = "2026-11-22T09:30:00.000Z";
  return { object: "audit_log_schema", version: 1, ...rules, created_at };
}

function errorsOf(rules: ActionSchemaRules, input: EventInput) {
  return schemaCheck(schemaOf(rules)).errors(makeEvent(input) as AuditEvent, "event");
}

function fieldsOf(rules: ActionSchemaRules, input: EventInput): string[] {
  return errorsOf(rules, input).map(({ field }) => field);
}

test("an event is refused exactly when the JSON Schema refuses its metadata, with a field and a sentence", () => {
  fc.assert(
    fc.property(metadataSchema, metadata, (schema, metadata) => {
      const fits = new Validator(structuredClone(schema), "2020-12").validate(metadata).valid;
      const errors = errorsOf({ targets: [], metadata: schema }, { metadata });
      expect(errors.length === 0).toBe(fits);
      for (const { field, code, message } of errors) {
        expect(field).toMatch(/^event\.metadata(\.|$)/);
        expect(code).toMatch(/^[a-z_]+$/);
        expect(message).toMatch(/ \(version 1 of the action's schema\)\.$/);
        expect(message).not.toMatch(/undefined|object Object|breaks the rule/);
      }
    }),
    { numRuns: 1_000 },
  );
});

test.each<[string, ActionSchemaRules["metadata"], Record<string, string | number>, string[]]>([
  ["a type", { properties: { n: { type: "number" } } }, { n: "1" }, ["event.metadata.n"]],
  ["a name that is missing", { required: ["n", "m"] }, { m: 1 }, ["event.metadata.n"]],
  ["a name too many", { additionalProperties: false }, { n: 1 }, ["event.metadata.n"]],
  [
    "each of two",
    { properties: { a: false, b: { maxLength: 1 } } },
    { a: 1, b: "xx" },
    ["event.metadata.a", "event.metadata.b"],
  ],
  [
    "alternatives, once",
    { anyOf: [{ required: ["a"] }, { required: ["b"] }] },
    {},
    ["event.metadata"],
  ],
  [
    "a condition",
    JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'),
    { a: 1 },
    ["event.metadata.b"],
  ],
  [
    "a name that asks for another",
    { dependentRequired: { a: ["b"] } },
    { a: 1 },
    ["event.metadata.b"],
  ],
  [
    "a name with a slash and a tilde in its rule",
    { properties: { "a/~b": { type: "number" } }, required: ["a/~b"] },
    {},
    ["event.metadata.a/~b"],
  ],
])("%s is named by its field", (_, schema, metadata, fields) => {
  expect(fieldsOf({ targets: [], metadata: schema }, { metadata })).toEqual(fields);
});

test("the metadata of the actor and of every target of a type is checked", () => {
  const metadata = { type: "object", properties: { n: { type: "number" } } };
  const rules = { actor: { metadata }, targets: [{ type: "document", metadata }] };
  const wrong = { n: "x" };
  const input = {
    actor: { id: "u", type: "user", metadata: wrong },
    targets: [
      { id: "1", type: "document" },
      { id: "2", type: "document", metadata: wrong },
      { id: "3", type: "other", metadata: wrong },
    ],
  };
  expect(fieldsOf(rules, input)).toEqual(["event.actor.metadata.n", "event.targets[1].metadata.n"]);
});

test("an event without metadata is checked as one with empty metadata", () => {
  const rules = { targets: [], actor: { metadata: { required: ["role"] } } };
  expect(fieldsOf(rules, { actor: { id: "u", type: "user" } })).toEqual([
    "event.actor.metadata.role",
  ]);
});

test("every listed type of target must be there; a misspelt one is named", () => {
  const rules = { targets: [{ type: "document" }, { type: "team", required: false }] };
  const target = (type: string) => ({ id: "1", type });
  expect(fieldsOf(rules, { targets: [target("document"), target("other")] })).toEqual([]);
  expect(fieldsOf(rules, { targets: [target("team"), target("documnt")] })).toEqual([
    "event.targets[1].type",
  ]);
  expect(fieldsOf(rules, { targets: [target("team")] })).toEqual(["event.targets"]);
});

test("an inferred schema can be kept, and every event that it was inferred from fits it", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), (inputs) => {
      const events = inputs as unknown as AuditEvent[];
      const rules = inferRules(events);
      expect(readActionSchemaRules(JSON.parse(JSON.stringify(rules)))).toEqual({
        ok: true,
        value: rules,
      });
      const check = schemaCheck(schemaOf(rules));
      expect(events.flatMap((event) => check.errors(event, "event"))).toEqual([]);
    }),
  );
});

test("an inferred schema says what was always there, of which type, and what was not", () => {
  const event = (input: EventInput) => makeEvent(input) as AuditEvent;
  const actor = { id: "u", type: "user" };
  const rules = inferRules([
    event({
      actor,
      targets: [{ id: "1", type: "document", metadata: { pages: 1 } }],
      metadata: { id: "a", n: 1 },
    }),
    event({
      actor,
      targets: [
        { id: "1", type: "document" },
        { id: "2", type: "team" },
      ],
      metadata: { id: "b", n: true },
    }),
  ]);
  expect(rules).toEqual({
    actor: { metadata: { type: "object", properties: {} } },
    targets: [
      { type: "document", metadata: { type: "object", properties: { pages: { type: "number" } } } },
      { type: "team", metadata: { type: "object", properties: {} }, required: false },
    ],
    metadata: {
      type: "object",
      properties: { id: { type: "string" }, n: { type: ["number", "boolean"] } },
      required: ["id", "n"],
    },
  });
});
