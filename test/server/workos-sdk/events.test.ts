/** An application written for WorkOS changes the host name, and nothing else. */
import { describe, expect, test } from "vitest";
import { startServer, useServer } from "../server.ts";
import { target, thrownBy, VERSIONS, WorkOS11 } from "./sdk.ts";

const server = useServer();

/** What an application records, in the words of the SDK. */
const EVENT = {
  action: "document.shared",
  occurredAt: new Date("2026-11-22T09:30:00.123Z"),
  actor: { id: "user_1", type: "user", name: "Tanaka Yuki", metadata: { role: "admin" } },
  targets: [
    {
      id: "document_1",
      type: "document",
      name: "契約書 📄",
      metadata: { pages: 12, signed: true },
    },
    { id: "team_1", type: "team" },
  ],
  context: { location: "203.0.113.7", userAgent: "Mozilla/5.0" },
  metadata: { request_id: "r-1", attempts: 1.5, retried: false, "": "an empty name" },
};

/** The same event as the API gives it back. */
const STORED = {
  object: "audit_log_event",
  action: EVENT.action,
  occurred_at: "2026-11-22T09:30:00.123Z",
  version: null,
  actor: EVENT.actor,
  targets: EVENT.targets,
  context: { location: "203.0.113.7", user_agent: "Mozilla/5.0" },
  metadata: EVENT.metadata,
};

describe.each(VERSIONS)("@workos-inc/node %s", (version, WorkOS) => {
  const organization = `org_sdk_${version}`;
  const sdk = (key: string = server.rootKey) => new WorkOS(key, target(server));

  test("an event is read back as it was sent", async () => {
    await sdk().auditLogs.createEvent(organization, EVENT);
    const [stored] = await server.client().all(organization);
    expect(stored).toEqual({
      ...STORED,
      id: expect.any(String),
      seq: 1,
      organization_id: organization,
      ingested_at: expect.any(String),
    });
  });

  test("an event of a version keeps it", async () => {
    await sdk().auditLogs.createEvent(`${organization}_v`, { ...EVENT, version: 1 });
    const [stored] = await server.client().all(`${organization}_v`);
    expect(stored?.version).toBe(1);
  });

  test("an idempotency key makes two calls one event; without one, two calls are two", async () => {
    const own = `${organization}_keys`;
    const options = { idempotencyKey: "charge-17" };
    await sdk().auditLogs.createEvent(own, EVENT, options);
    await sdk().auditLogs.createEvent(own, EVENT, options);
    expect(await server.client().all(own)).toHaveLength(1);
    await sdk().auditLogs.createEvent(own, EVENT);
    await sdk().auditLogs.createEvent(own, EVENT);
    expect(await server.client().all(own)).toHaveLength(3);
  });

  test("a wrong key is UnauthorizedException", async () => {
    const call = sdk("sk_wrong").auditLogs.createEvent(organization, EVENT);
    expect(await thrownBy(call)).toMatchObject({ name: "UnauthorizedException", status: 401 });
  });

  test("an invalid event is BadRequestException, with the errors by field", async () => {
    const call = sdk().auditLogs.createEvent(organization, {
      ...EVENT,
      action: "",
      targets: [{ id: "x", type: "" }],
    });
    expect(await thrownBy(call)).toMatchObject({
      name: "BadRequestException",
      status: 400,
      code: "invalid_audit_log_event",
      message: expect.stringContaining("event.action"),
      errors: [
        { field: "event.action", code: expect.any(String), message: expect.any(String) },
        { field: "event.targets[0].type", code: expect.any(String), message: expect.any(String) },
      ],
    });
  });

  test("an organization that must not be created is NotFoundException", async () => {
    const { key } = await server.client().withKey(["events:write"]);
    const call = sdk(key).auditLogs.createEvent("org_nobody_knows", EVENT);
    expect(await thrownBy(call)).toMatchObject({
      name: "NotFoundException",
      status: 404,
      code: "not_found",
      message: "Organization 'org_nobody_knows' not found.",
    });
  });

  test("a key without the scope is GenericServerException with status 403", async () => {
    const { key } = await server.client().withKey(["events:read"]);
    const call = sdk(key).auditLogs.createEvent(organization, EVENT);
    expect(await thrownBy(call)).toMatchObject({
      name: "GenericServerException",
      status: 403,
      message: expect.stringContaining("events:write"),
    });
  });

  test("an event that is too large is GenericServerException with status 413", async () => {
    const name = "x".repeat(65 * 1024);
    const call = sdk().auditLogs.createEvent(organization, {
      ...EVENT,
      actor: { ...EVENT.actor, name },
    });
    expect(await thrownBy(call)).toMatchObject({
      name: "GenericServerException",
      status: 413,
      message: expect.stringContaining("64 KiB"),
    });
  });

  test("organizations are created, read and listed", async () => {
    const { organizations } = sdk();
    const created = await organizations.createOrganization({
      name: `Example ${version}`,
      externalId: `external-${version}`,
      metadata: { tier: "gold" },
    });
    expect(created).toMatchObject({ name: `Example ${version}`, domains: [] });
    expect(await organizations.getOrganization(created.id)).toEqual(created);
    expect((await organizations.listOrganizations({ limit: 1 })).data).toEqual([created]);
  });

  test("an external id that is taken is ConflictException", async () => {
    const { organizations } = sdk();
    const input = { name: "Twin", externalId: `twin-${version}` };
    await organizations.createOrganization(input);
    expect(await thrownBy(organizations.createOrganization(input))).toMatchObject({
      name: "ConflictException",
      status: 409,
      message: expect.stringContaining("external_id"),
    });
  });

  test("all organizations are walked by autoPagination, each once", async () => {
    const client = server.client();
    // One more than the SDK asks for at once, so that it has to follow a cursor.
    for (let n = 0; n <= 100; n++) {
      await client.createOrganization(`org_walk_${version}_${n}`);
    }
    const walked = await (await sdk().organizations.listOrganizations()).autoPagination();
    const ids = walked.map(({ id }) => id).filter((id) => id.startsWith(`org_walk_${version}_`));
    expect(ids).toEqual(Array.from({ length: 101 }, (_, n) => `org_walk_${version}_${100 - n}`));
  });
});

describe("@workos-inc/node 11.0.0 alone", () => {
  const sdk = (port: number = server.port) =>
    new WorkOS11(server.rootKey, { ...target(server), port, maxRetries: 10 });

  test("retention is read and set", async () => {
    await server.client().createOrganization("org_retention");
    const { auditLogs } = sdk();
    expect(await auditLogs.getOrganizationAuditLogsRetention({ id: "org_retention" })).toEqual({
      retentionPeriodInDays: 365,
    });
    for (const [retentionPeriod, retentionPeriodInDays] of [
      ["1_MONTH", 30],
      ["11_MONTHS", 330],
      ["10_YEARS", 3_650],
    ] as const) {
      const options = { id: "org_retention", retentionPeriod };
      expect(await auditLogs.updateOrganizationAuditLogsRetention(options)).toEqual({
        retentionPeriodInDays,
      });
    }
  });

  test("a retention that is none is UnprocessableEntityException", async () => {
    await server.client().createOrganization("org_retention_wrong");
    const options = { id: "org_retention_wrong", retentionPeriod: "0_MONTHS" as "1_MONTH" };
    const call = sdk().auditLogs.updateOrganizationAuditLogsRetention(options);
    expect(await thrownBy(call)).toMatchObject({
      name: "UnprocessableEntityException",
      status: 422,
      code: "unprocessable_entity",
    });
  });

  test("an error carries the request id of the answer", async () => {
    const call = sdk().organizations.getOrganization("org_nobody_knows");
    expect(await thrownBy(call)).toMatchObject({
      name: "NotFoundException",
      requestID: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    });
  });

  test("an event sent while the server is down arrives once, by the SDK's own retries", async () => {
    const restarting = await startServer({ REKISHI_ROOT_KEY: server.rootKey });
    await restarting.kill();
    const sending = sdk(restarting.port).auditLogs.createEvent("org_1", EVENT);
    await restarting.start();
    await sending;
    expect(await restarting.client().all("org_1")).toHaveLength(1);
  });
});
