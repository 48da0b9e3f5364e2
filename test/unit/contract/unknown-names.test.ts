import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { newActionSchemaSchema } from "../../../src/contract/action-schema.ts";
import { newApiKeySchema, rotationSchema } from "../../../src/contract/api-key.ts";
import { readSingle } from "../../../src/contract/append.ts";
import { readEventQuery } from "../../../src/contract/event-query.ts";
import { readNewExport } from "../../../src/contract/export.ts";
import { read } from "../../../src/contract/field-errors.ts";
import {
  newOrganizationSchema,
  organizationChangeSchema,
} from "../../../src/contract/organization.ts";
import { newPortalLinkSchema, newSessionSchema } from "../../../src/contract/portal.ts";
import { retentionSchema } from "../../../src/contract/retention.ts";
import { newTokenIssuerSchema } from "../../../src/contract/token-issuer.ts";
import { makeEvent } from "../../support/events.ts";
import { ISSUER } from "../../support/token-issuer.ts";

const KEY = { name: "x", scopes: ["events:read"] };
const TARGETS = [{ type: "document" }];

describe("a misspelt name is refused by its path, and the name that was meant is told:", () => {
  test.each<[string, z.ZodType, object, string, string]>([
    ["a key", newApiKeySchema, { ...KEY, organization: "o" }, "organization", "organization_id"],
    ["a rotation", rotationSchema, { overlap_seconds: 0 }, "overlap_seconds", "overlap_in_seconds"],
    ["a link", newPortalLinkSchema, { roles: "viewer" }, "roles", "role"],
    ["a link's user", newPortalLinkSchema, { user: { id: "1", nme: "x" } }, "user.nme", "name"],
    ["a session", newSessionSchema, { code: "c", a: "token" }, "a", ""],
    [
      "an organization",
      newOrganizationSchema,
      { name: "x", externalId: "y" },
      "externalId",
      "external_id",
    ],
    ["a change", organizationChangeSchema, { nmae: "x" }, "nmae", "name"],
    [
      "an issuer",
      newTokenIssuerSchema,
      { ...ISSUER, issuer: "https://id.example.com", audiences: "a" },
      "audiences",
      "audience",
    ],
    ["a retention", retentionSchema, { retention_days: 30 }, "retention_days", ""],
    ["a schema", newActionSchemaSchema, { targets: TARGETS, metdata: {} }, "metdata", "metadata"],
    [
      "a schema's target",
      newActionSchemaSchema,
      { targets: [{ type: "document", require: false }] },
      "targets[0].require",
      "required",
    ],
  ])("%s", (_, schema, body, field, meant) => {
    const result = read(schema, body, "", "unprocessable_entity");
    const hint = meant === "" ? "'" : `Did you mean '${meant}'?`;
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: "invalid_request",
        message: expect.stringContaining(`'${field}' is unknown.`),
        errors: [{ field, code: "unknown_name", message: expect.stringContaining(hint) }],
      },
    });
  });
});

test("every unknown name has an error of its own, with the names that there are", () => {
  const body = { range_start: "2026-11-01T00:00:00Z", from: 1, actor: ["x"] };
  const result = readNewExport(body);
  expect(result).toMatchObject({
    failure: {
      errors: [{ field: "range_end" }, { field: "from" }, { field: "actor" }],
    },
  });
  const messages = result.ok ? [] : result.failure.errors?.map(({ message }) => message);
  expect(messages?.[1]).toMatch(/^'from' is unknown\. There are: organization_id, range_start,/);
  expect(messages?.[2]).toMatch(/^'actor' is unknown\. Did you mean 'actors'\? There are: /);
});

test("a name of several lines is shown on one", () => {
  expect(read(rotationSchema, { "a\nb\u2028": 1 }, "", "invalid_request")).toMatchObject({
    failure: { errors: [{ field: "a?b?" }] },
  });
});

test("what WorkOS's SDKs send for other products is accepted, left out, and not suggested", () => {
  const ignored = {
    domains: ["acme.com"],
    domain_data: [{ domain: "acme.com", state: "verified" }],
    allow_profiles_outside_organization: false,
    stripe_customer_id: null,
  };
  for (const schema of [newOrganizationSchema, organizationChangeSchema]) {
    expect(read(schema, { name: "Acme", ...ignored }, "", "invalid_request")).toEqual({
      ok: true,
      value: { name: "Acme" },
    });
  }
  expect(
    read(organizationChangeSchema, { domain: "acme.com" }, "", "invalid_request"),
  ).toMatchObject({
    failure: { message: "'domain' is unknown. There are: name, external_id, metadata, region." },
  });
});

test("around an event unknown names are refused, in it they are ignored", () => {
  const event = { ...makeEvent(), color: "red" };
  expect(readSingle({ organization_id: "org_1", event } as never, undefined).ok).toBe(true);
  const organization = { organization: "org_1", event } as never;
  expect(readSingle(organization, undefined)).toMatchObject({
    failure: { message: expect.stringContaining("Did you mean 'organization_id'?") },
  });
});

test("a misspelt parameter is told the one that was meant", () => {
  const message = expect.stringContaining("Did you mean 'actions[]'?") as string;
  expect(readEventQuery(new URLSearchParams("action=a"))).toMatchObject({ failure: { message } });
});
