/** Bodies that are no JSON, too much of it, or not what the endpoint takes. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { ISSUER } from "../support/token-issuer.ts";
import { failureOf } from "./client.ts";
import { refusalIn, refusalOf } from "./refusal.ts";
import { useServer } from "./server.ts";

const server = useServer();

const EVENTS = "/audit_logs/events";
const BATCH = "/audit_logs/events/batch";
const NDJSON = { "content-type": "application/x-ndjson" };
const INVALID = { status: 400, code: "invalid_request" };
const TOO_LARGE = { status: 413, code: "payload_too_large" };

/** A valid request as text, with `member` put into its event. */
function withMember(member: string): string {
  const text = JSON.stringify({ organization_id: "org_1", event: makeEvent() });
  return `${text.slice(0, -2)},${member}}}`;
}

function batchOf(...events: unknown[]): unknown {
  return { organization_id: "org_1", events };
}

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

describe("is 400 invalid_request: a body that is", () => {
  test.each<[string, string | Uint8Array]>([
    ["no JSON", "hello"],
    ["empty", ""],
    ["white space", " \n\t"],
    ["cut off", withMember('"a":1').slice(0, -1)],
    ["cut off in a text", withMember('"a":1').slice(0, 40)],
    ["followed by more", `${withMember('"a":1')}{}`],
    ["a list", "[]"],
    ["null", "null"],
    ["a text", '"text"'],
    ["a number", "1"],
    ["with a comma too many", withMember('"a":1,')],
    ["with a comment", withMember('"a":1 /* comment */')],
    ["with single quotes", "{'organization_id':'org_1'}"],
    ["with NaN", withMember('"a":NaN')],
    ["with a leading zero", withMember('"a":01')],
    ["with a control character in a text", withMember('"a":"\u0001"')],
    ["with the same name twice", withMember('"action":"twice"')],
    ["with the same name twice, once escaped", withMember('"\\u0061ction":"twice"')],
    ["with the same name twice in an object that is ignored", withMember('"x":{"y":1,"y":1}')],
    ["with half of a surrogate pair", withMember('"a":"\\ud800"')],
    ["with the other half", withMember('"a":"x\\udc00x"')],
    ["with half of a surrogate pair in a name", withMember('"\\ud800":1')],
    ["with a number beyond 2^53", withMember('"a":9007199254740993')],
    ["with a number beyond -2^53", withMember('"a":-9007199254740993')],
    ["with a number that is infinite", withMember('"a":1e400')],
    ["too deep", withMember(`"a":${nested(40)}`)],
    ["far too deep", withMember(`"a":${nested(100_000)}`)],
    ["no UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ["UTF-16", Buffer.from(withMember('"a":1'), "utf16le")],
    ["compressed, and does not say so", gzipSync(withMember('"a":1'))],
  ])("%s", async (_, body) => {
    const { fields: __, ...refusal } = await refusalOf(server.client(), { path: EVENTS, body });
    expect(refusal).toEqual(INVALID);
  });

  test("compressed", async () => {
    const body = gzipSync(withMember('"a":1'));
    const headers = { "content-encoding": "gzip" };
    expect(await refusalOf(server.client(), { path: EVENTS, body, headers })).toEqual(INVALID);
  });

  test.each([
    "/audit_logs/events/batch",
    "/audit_logs/tail/tickets",
    "/organizations",
    "/api_keys",
  ])("no JSON, or no object, for %s", async (path) => {
    expect(await refusalOf(server.client(), { path, body: "{" })).toEqual(INVALID);
    expect(await refusalOf(server.client(), { path, body: "[]" })).toEqual(INVALID);
  });

  test("no JSON, or no object, for the retention", async () => {
    await server.client().createOrganization("org_retention");
    const path = "/organizations/org_retention/audit_logs_retention";
    for (const body of ["{", "[]"]) {
      expect(await refusalOf(server.client(), { method: "PUT", path, body })).toEqual(INVALID);
    }
  });
});

describe("is 400 and names what it does not know, instead of doing more than was meant:", () => {
  const unknown = (...fields: string[]) => ({ ...INVALID, fields });
  const key = { name: "x", scopes: ["events:read"] };
  const range = { range_start: "2026-11-01T00:00:00Z", range_end: "2026-11-02T00:00:00Z" };

  test.each<[string, unknown, string]>([
    ["/api_keys", { ...key, organization: "org_1" }, "organization"],
    ["/portal/generate_link", { organization: "org_1", roles: "viewer" }, "roles"],
    ["/portal/session", { code: "rkp_x", ass: "token" }, "ass"],
    [
      "/token_issuers",
      { ...ISSUER, issuer: "https://id.example.com", audiences: "a" },
      "audiences",
    ],
    ["/organizations", { name: "x", externalId: "1" }, "externalId"],
    ["/audit_logs/actions/a/schemas", { targets: [], metdata: {} }, "metdata"],
    ["/audit_logs/tail/tickets", { organisation_id: "org_1" }, "organisation_id"],
    [EVENTS, { organization: "org_1", event: makeEvent() }, "organization"],
    [BATCH, { ...(batchOf(makeEvent()) as object), atomic: false }, "atomic"],
    ["/audit_logs/exports", { organization_id: "org_1", ...range, action: ["a"] }, "action"],
  ])("POST %s %j", async (path, body, field) => {
    expect(await refusalOf(server.client(), { path, body })).toEqual(unknown(field));
  });

  test("a change of an organization and of its retention", async () => {
    await server.client().createOrganization("org_change");
    const put = (path: string, body: unknown) =>
      refusalOf(server.client(), { method: "PUT", path: `/organizations/org_change${path}`, body });
    expect(await put("", { nmae: "x", colour: "red" })).toEqual(unknown("nmae", "colour"));
    expect(await put("/audit_logs_retention", { days: 30 })).toEqual(unknown("days"));
  });

  test("a rotation, after which the key is what it was", async () => {
    const key = await server.client().withKey(["keys:write"]);
    const path = `/api_keys/${key.keyId}`;
    const rotation = { path: `${path}/rotate`, body: { overlap_seconds: 0 } };
    expect(await refusalOf(server.client(), rotation)).toEqual(unknown("overlap_seconds"));
    expect((await key.get(path)).text).toContain('"former_key_expires_at":null');
  });
});

describe("a batch is refused as a whole when", () => {
  const bad = { ...makeEvent(), actor: { type: "user" } };

  test.each<[string, unknown, object]>([
    ["it has no list", { organization_id: "org_b" }, { ...INVALID, fields: ["events"] }],
    [
      "its list is an object",
      { organization_id: "org_b", events: {} },
      { ...INVALID, fields: ["events"] },
    ],
    [
      "its list is null",
      { organization_id: "org_b", events: null },
      { ...INVALID, fields: ["events"] },
    ],
    ["its list is empty", batchOf(), { ...INVALID, fields: ["events"] }],
    ["it has 1,001 events", batchOf(...Array(1_001).fill(makeEvent())), TOO_LARGE],
    [
      "an item is null",
      batchOf(makeEvent(), null),
      { status: 400, code: "invalid_audit_log_event", fields: ["events[1]"] },
    ],
    [
      "an item is no event",
      batchOf("event"),
      { status: 400, code: "invalid_audit_log_event", fields: ["events[0]"] },
    ],
    [
      "an event is not valid",
      batchOf(...Array(17).fill(makeEvent()), bad),
      { status: 400, code: "invalid_audit_log_event", fields: ["events[17].actor.id"] },
    ],
    [
      "a key is empty",
      batchOf({ ...makeEvent(), idempotency_key: "" }),
      { status: 400, code: "invalid_audit_log_event", fields: ["events[0].idempotency_key"] },
    ],
    [
      "a key is a number",
      batchOf({ ...makeEvent(), idempotency_key: 1 }),
      { status: 400, code: "invalid_audit_log_event", fields: ["events[0].idempotency_key"] },
    ],
    [
      "a key is too long",
      batchOf({ ...makeEvent(), idempotency_key: "k".repeat(256) }),
      { status: 400, code: "invalid_audit_log_event", fields: ["events[0].idempotency_key"] },
    ],
    [
      "an event is larger than 64 KiB",
      batchOf({ ...makeEvent(), actor: { id: "x".repeat(66_000), type: "user" } }),
      TOO_LARGE,
    ],
  ])("%s", async (_, body, expected) => {
    const refusal = await refusalOf(server.client(), { path: BATCH, body });
    expect(refusal).toMatchObject(expected);
    expect((await server.client().search("org_b")).status).toBe(404);
  });

  test("more than 20 faults are there, of which it names the first 20", async () => {
    const body = batchOf(...Array.from({ length: 30 }, () => bad));
    const { fields } = await refusalOf(server.client(), { path: BATCH, body });
    expect(fields).toEqual(Array.from({ length: 20 }, (_, n) => `events[${n}].actor.id`));
  });

  test("its last event alone is not valid: nothing of it is stored", async () => {
    const client = server.client();
    await client.store("org_whole", makeEvent());
    const answer = await client.send("POST", BATCH, {
      organization_id: "org_whole",
      events: [makeEvent({ action: "a" }), makeEvent({ action: "b" }), bad],
    });
    expect(answer.status).toBe(400);
    expect(await client.all("org_whole")).toHaveLength(1);
    expect((await client.store("org_whole", makeEvent({ action: "c" }))).seq).toBe(2);
  });
});

describe("NDJSON is refused when", () => {
  const line = JSON.stringify(makeEvent());

  test.each<[string, string, string, object]>([
    ["a line is no JSON", "?organization_id=org_1", `${line}\n{"a`, INVALID],
    [
      "a line is no event",
      "?organization_id=org_1",
      `${line}\n[]`,
      { status: 400, code: "invalid_audit_log_event", fields: ["events[1]"] },
    ],
    ["a line has a name twice", "?organization_id=org_1", '{"a":1,"a":2}', INVALID],
    ["there is no line", "?organization_id=org_1", "\n\n", { ...INVALID, fields: ["events"] }],
    ["it names no organization", "", line, { ...INVALID, fields: ["organization_id"] }],
    ["it has 1,001 lines", "?organization_id=org_1", Array(1_001).fill(line).join("\n"), TOO_LARGE],
  ])("%s", async (_, query, body, expected) => {
    const request = { path: `${BATCH}${query}`, body, headers: NDJSON };
    expect(await refusalOf(server.client(), request)).toMatchObject(expected);
  });

  test("a line is no JSON, and the answer says which", async () => {
    const path = `${BATCH}?organization_id=org_1`;
    const answer = await server.client().send("POST", path, `${line}\n\n{"a\n${line}`, NDJSON);
    expect(refusalIn(answer)).toEqual(INVALID);
    expect(failureOf(answer).message).toBe(
      "Line 3 is not valid JSON: it ends too early, at character 4.",
    );
  });
});

describe("idempotency keys", () => {
  test.each<[string, string]>([
    ["empty", ""],
    ["too long", "k".repeat(256)],
  ])("one that is %s is 400 and named", async (_, key) => {
    const body = { organization_id: "org_1", event: makeEvent() };
    const request = { path: EVENTS, body, headers: { "idempotency-key": key } };
    expect(await refusalOf(server.client(), request)).toMatchObject({
      status: 400,
      fields: ["Idempotency-Key"],
    });
  });
});
