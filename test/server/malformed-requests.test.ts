/** Queries, resources, paths and methods that are not what the contract has. */
import { beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { failureOf } from "./client.ts";
import { refusalOf } from "./refusal.ts";
import { useServer } from "./server.ts";

const server = useServer();

const INVALID = { status: 400, code: "invalid_request" };
const MISSING = { status: 404, code: "not_found" };

beforeAll(async () => {
  await server.client().store("org_1", makeEvent());
});

describe("a query of events is 400 and names the parameter:", () => {
  test.each<[string, string, string]>([
    ["an unknown parameter", "action=a", "action"],
    ["an unknown list", "actor[]=a", "actor"],
    ["an unknown name of several lines", "a%0Ab%E2%80%A8c%07=1", "a?b?c?"],
    ["a limit as a list", "limit[]=1", "limit"],
    ["a range as a list", "range_start[]=2026-11-22T00:00:00Z", "range_start"],
    ["limit 0", "limit=0", "limit"],
    ["limit 1,001", "limit=1001", "limit"],
    ["limit -1", "limit=-1", "limit"],
    ["limit 1.5", "limit=1.5", "limit"],
    ["a limit in words", "limit=many", "limit"],
    ["an empty limit", "limit=", "limit"],
    ["an unknown order", "order=up", "order"],
    ["a cursor that is none", "after=nowhere", "after"],
    ["a cursor that is an id", "before=01a20741-5196-7000-8000-0001f9742391", "before"],
    ["a cursor with more behind it", "after=1-1-1", "after"],
    ["both cursors", "before=1-1&after=1-1", "before"],
    ["a start that is no time", "range_start=yesterday", "range_start"],
    ["a start without an offset", "range_start=2026-11-22T00:00:00", "range_start"],
    ["a start whose + arrives as a space", "range_start=2026-11-22T09:30:00+09:00", "range_start"],
    ["an end that is a number", "range_end=1795000000", "range_end"],
    [
      "a reversed range",
      "range_start=2026-11-22T00:00:00Z&range_end=2026-11-21T00:00:00Z",
      "range_end",
    ],
    ["an empty value", "actions[]=", "actions[0]"],
    ["101 values", `actions[]=${Array(101).fill("a").join("&actions[]=")}`, "actions"],
  ])("%s", async (_, query, field) => {
    const path = `/audit_logs/events?organization_id=org_1&${query}`;
    const refusal = await refusalOf(server.client(), { method: "GET", path });
    expect(refusal).toEqual({ ...INVALID, fields: [field] });
  });

  test("no organization", async () => {
    const refusal = await refusalOf(server.client(), { method: "GET", path: "/audit_logs/events" });
    expect(refusal).toEqual({ ...INVALID, fields: ["organization_id"] });
  });
});

describe("a list of resources is 400 and names the parameter:", () => {
  test.each<[string, string]>([
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=x", "limit"],
    ["order=up", "order"],
    ["page=2", "page"],
  ])("%s", async (query, field) => {
    for (const list of ["/organizations", "/api_keys"]) {
      const request = { method: "GET", path: `${list}?${query}` };
      expect(await refusalOf(server.client(), request)).toEqual({ ...INVALID, fields: [field] });
    }
  });
});

describe("is 404 not_found:", () => {
  test.each<[string, string, string]>([
    ["an event with an id that is none", "GET", "/audit_logs/events/1?organization_id=org_1"],
    [
      "an event that nobody stored",
      "GET",
      "/audit_logs/events/01a20741-5196-7000-8000-0001f9742391?organization_id=org_1",
    ],
    [
      "an event far beyond the newest",
      "GET",
      "/audit_logs/events/01a20741-5196-7fff-bfff-fffff9742391?organization_id=org_1",
    ],
    ["a very long id", "GET", `/audit_logs/events/${"a".repeat(5_000)}?organization_id=org_1`],
    ["an id with a null character", "GET", "/audit_logs/events/a%00b?organization_id=org_1"],
    ["an id that is no UTF-8", "GET", "/audit_logs/events/%FF%ZZ?organization_id=org_1"],
    ["another method for events", "PUT", "/audit_logs/events"],
    ["DELETE for events, which nobody can delete", "DELETE", "/audit_logs/events"],
    ["DELETE for one event", "DELETE", "/audit_logs/events/1?organization_id=org_1"],
    ["PATCH for one event", "PATCH", "/audit_logs/events/1?organization_id=org_1"],
    ["OPTIONS", "OPTIONS", "/audit_logs/events"],
    ["PROPFIND, a method of others", "PROPFIND", "/audit_logs/events"],
    ["PURGE, a method of caches", "PURGE", "/organizations"],
    ["POST for the tail", "POST", "/audit_logs/tail"],
    ["GET for tickets", "GET", "/audit_logs/tail/tickets"],
    ["POST for the retention", "POST", "/organizations/org_1/audit_logs_retention"],
    ["a path that is none", "GET", "/audit_logs"],
    ["a path in other case", "GET", "/AUDIT_LOGS/EVENTS?organization_id=org_1"],
    ["two slashes", "GET", "//audit_logs/events?organization_id=org_1"],
    ["a path out of the tree", "GET", "/audit_logs/..%2f..%2fetc/passwd"],
    ["an organization that nobody knows", "GET", "/organizations/org_nobody_knows"],
    ["a key that nobody made", "DELETE", "/api_keys/api_key_nobody_knows"],
  ])("%s", async (_, method, path) => {
    expect(await refusalOf(server.client(), { method, path })).toEqual(MISSING);
  });
});

describe("a retention is 422 and names the field:", () => {
  const DAYS = "retention_period_in_days";

  test.each<[string, unknown, string]>([
    ["29 days", { [DAYS]: 29 }, DAYS],
    ["3,651 days", { [DAYS]: 3_651 }, DAYS],
    ["0 days", { [DAYS]: 0 }, DAYS],
    ["-30 days", { [DAYS]: -30 }, DAYS],
    ["30.5 days", { [DAYS]: 30.5 }, DAYS],
    ["days in a text", { [DAYS]: "30" }, DAYS],
    ["null days", { [DAYS]: null }, DAYS],
    ["nothing", {}, DAYS],
    ["12 months", { retention_period: "12_MONTHS" }, "retention_period"],
    ["0 years", { retention_period: "0_YEARS" }, "retention_period"],
    ["11 years", { retention_period: "11_YEARS" }, "retention_period"],
    ["weeks", { retention_period: "6_WEEKS" }, "retention_period"],
    ["a number as a period", { retention_period: 1 }, "retention_period"],
  ])("%s", async (_, body, field) => {
    const path = "/organizations/org_1/audit_logs_retention";
    const refusal = await refusalOf(server.client(), { method: "PUT", path, body });
    expect(refusal).toEqual({ status: 422, code: "unprocessable_entity", fields: [field] });
    expect((await server.client().get(path)).text).toBe('{"retention_period_in_days":365}');
  });
});

test("a retention that is given in two ways is 400, and stays what it was", async () => {
  const path = "/organizations/org_1/audit_logs_retention";
  const body = { retention_period_in_days: 30, retention_period: "1_YEAR" };
  const refusal = await refusalOf(server.client(), { method: "PUT", path, body });
  expect(refusal).toEqual({ ...INVALID, fields: ["retention_period"] });
  expect((await server.client().get(path)).text).toBe('{"retention_period_in_days":365}');
});

describe("a new API key is refused:", () => {
  const KEY = { name: "k", scopes: ["events:read"] };

  test.each<[string, unknown, object]>([
    ["without a name", { ...KEY, name: undefined }, { ...INVALID, fields: ["name"] }],
    ["with an empty name", { ...KEY, name: "" }, { ...INVALID, fields: ["name"] }],
    [
      "with a name of 256 characters",
      { ...KEY, name: "n".repeat(256) },
      { ...INVALID, fields: ["name"] },
    ],
    ["without scopes", { ...KEY, scopes: undefined }, { ...INVALID, fields: ["scopes"] }],
    ["with an empty list of scopes", { ...KEY, scopes: [] }, { ...INVALID, fields: ["scopes"] }],
    [
      "with a scope as a text",
      { ...KEY, scopes: "events:read" },
      { ...INVALID, fields: ["scopes"] },
    ],
    [
      "with an unknown scope",
      { ...KEY, scopes: ["events:read", "*"] },
      { ...INVALID, fields: ["scopes[1]"] },
    ],
    [
      "with a bad organization",
      { ...KEY, organization_id: "a b" },
      { ...INVALID, fields: ["organization_id"] },
    ],
    ["with an unknown organization", { ...KEY, organization_id: "org_nobody_knows" }, MISSING],
    ["with a bad end", { ...KEY, expires_at: "soon" }, { ...INVALID, fields: ["expires_at"] }],
  ])("%s", async (_, body, expected) => {
    expect(await refusalOf(server.client(), { path: "/api_keys", body })).toEqual(expected);
  });
});

describe("a new organization is refused:", () => {
  test.each<[string, unknown, object]>([
    ["without a name", {}, { ...INVALID, fields: ["name"] }],
    ["with an empty name", { name: "" }, { ...INVALID, fields: ["name"] }],
    ["with a number as name", { name: 1 }, { ...INVALID, fields: ["name"] }],
    ["with a bad id", { name: "n", id: "a/b" }, { ...INVALID, fields: ["id"] }],
    [
      "with an empty external id",
      { name: "n", external_id: "" },
      { ...INVALID, fields: ["external_id"] },
    ],
    [
      "with a number in its metadata",
      { name: "n", metadata: { a: 1 } },
      { ...INVALID, fields: ["metadata.a"] },
    ],
    [
      "with an id that is taken",
      { name: "n", id: "org_1" },
      { status: 409, code: "conflict", fields: ["id"] },
    ],
    [
      "when it is too large",
      { name: "n".repeat(70_000) },
      { status: 413, code: "payload_too_large" },
    ],
  ])("%s", async (_, body, expected) => {
    expect(await refusalOf(server.client(), { path: "/organizations", body })).toEqual(expected);
  });
});

test("a ticket for no organization is 400", async () => {
  const refusal = await refusalOf(server.client(), { path: "/audit_logs/tail/tickets", body: {} });
  expect(refusal).toEqual({ ...INVALID, fields: ["organization_id"] });
});

test("another method of a known path is 404, and the answer says which there are", async () => {
  const answer = await server.client().send("DELETE", "/organizations/org_1/audit_logs_retention");
  expect(answer.status).toBe(404);
  expect(failureOf(answer).message).toContain("This path has GET, PUT.");
});
