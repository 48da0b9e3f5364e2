/** What an application written for WorkOS does with organizations, by the SDK that it has. */
import { describe, expect, test } from "vitest";
import { useServer } from "../server.ts";
import { target, thrownBy, VERSIONS, WorkOS11 } from "./sdk.ts";

const server = useServer();

describe.each(VERSIONS)("@workos-inc/node %s", (version, WorkOS) => {
  const sdk = (key: string = server.rootKey) => new WorkOS(key, target(server)).organizations;

  test("an organization is changed, metadata name by name", async () => {
    const { id } = await sdk().createOrganization({
      name: "Before",
      metadata: { tier: "gold", plan: "annual" },
      domainData: [{ domain: "acme.com", state: "verified" as never }],
    });
    // The SDK's type does not know that null removes a name; it sends it.
    const metadata = { tier: null, seats: "5" } as unknown as Record<string, string>;
    const changed = await sdk().updateOrganization({ organization: id, name: "After", metadata });
    expect(changed).toMatchObject({ id, name: "After", metadata: { plan: "annual", seats: "5" } });
    expect(await sdk().getOrganization(id)).toEqual(changed);
  });

  test("an organization is found by its external id, and not when that was taken away", async () => {
    const externalId = `customer 7/é ${version}`.replace("/", version === "8.13.0" ? "-" : "/");
    const { id } = await sdk().createOrganization({ name: "Found", externalId });
    expect(await sdk().getOrganizationByExternalId(externalId)).toMatchObject({ id, externalId });
    await sdk().updateOrganization({ organization: id, externalId: null });
    expect(await thrownBy(sdk().getOrganizationByExternalId(externalId))).toMatchObject({
      name: "NotFoundException",
      status: 404,
      code: "not_found",
    });
  });

  test("an idempotency key makes two calls one organization, and other input another", async () => {
    const create = (name: string) =>
      sdk().createOrganization({ name }, { idempotencyKey: `once-${version}` });
    const [first, again, other] = [await create("Once"), await create("Once"), await create("Two")];
    expect(again).toEqual(first);
    expect(other.id).not.toBe(first.id);
    await sdk().deleteOrganization(first.id);
    expect(await thrownBy(create("Once"))).toMatchObject({ name: "NotFoundException" });
  });

  test("a deleted organization is NotFoundException, whatever is asked of it", async () => {
    const { id } = await sdk().createOrganization({ name: "Short-lived" });
    await sdk().deleteOrganization(id);
    for (const call of [
      () => sdk().getOrganization(id),
      () => sdk().updateOrganization({ organization: id, name: "Back" }),
      () => sdk().deleteOrganization(id),
    ]) {
      expect(await thrownBy(call())).toMatchObject({ name: "NotFoundException", status: 404 });
    }
    const listed = await (await sdk().listOrganizations()).autoPagination();
    expect(listed.map((organization) => organization.id)).not.toContain(id);
  });

  test("an external id that another has is ConflictException when it is set later", async () => {
    const externalId = `taken-${version}`;
    await sdk().createOrganization({ name: "One", externalId });
    const two = await sdk().createOrganization({ name: "Two" });
    const call = sdk().updateOrganization({ organization: two.id, externalId });
    expect(await thrownBy(call)).toMatchObject({ name: "ConflictException", status: 409 });
  });

  test("an organization without a name is BadRequestException with what is wrong", async () => {
    expect(await thrownBy(sdk().createOrganization({ name: "" }))).toMatchObject({
      name: "BadRequestException",
      status: 400,
      message: "'name' must not be empty.",
      code: "invalid_request",
      errors: [{ field: "name" }],
    });
  });

  test("a wrong key is UnauthorizedException, one without the scope GenericServerException 403", async () => {
    const { key } = await server.client().withKey(["events:write"]);
    expect(await thrownBy(sdk("sk_wrong").listOrganizations())).toMatchObject({
      name: "UnauthorizedException",
      status: 401,
    });
    expect(await thrownBy(sdk(key).listOrganizations())).toMatchObject({
      name: "GenericServerException",
      status: 403,
      message: expect.stringContaining("organizations:write"),
    });
  });

  test("a list goes forward and back by the cursors that it gives", async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      made.unshift((await sdk().createOrganization({ name: `Page ${n}` })).id);
    }
    const first = await sdk().listOrganizations({ limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
    expect(first.listMetadata.before).toBeNull();
    const after = first.listMetadata.after as string;
    const second = await sdk().listOrganizations({ limit: 2, after });
    expect(second.data.map(({ id }) => id)).toEqual(made.slice(2, 4));
    const before = second.listMetadata.before as string;
    const back = await sdk().listOrganizations({ limit: 2, before });
    expect(back.data).toEqual(first.data);
    const oldest = await sdk().listOrganizations({ limit: 1, order: "asc", after: made[1] ?? "" });
    expect(oldest.data.map(({ id }) => id)).toEqual(made.slice(0, 1));
    expect((await sdk().listOrganizations({ domains: ["acme.com"] })).data).toEqual([]);
  });
});

describe("@workos-inc/node 11.0.0 alone", () => {
  test("retention of an organization that is not there is NotFoundException, for reading and setting", async () => {
    const { auditLogs } = new WorkOS11(server.rootKey, target(server));
    for (const call of [
      () => auditLogs.getOrganizationAuditLogsRetention({ id: "org_nobody" }),
      () =>
        auditLogs.updateOrganizationAuditLogsRetention({
          id: "org_nobody",
          retentionPeriod: "1_MONTH",
        }),
    ]) {
      expect(await thrownBy(call())).toMatchObject({ name: "NotFoundException", status: 404 });
    }
  });

  test("retention that is set is on record in the log", async () => {
    const workos = new WorkOS11(server.rootKey, target(server));
    const { id } = await workos.organizations.createOrganization({ name: "Kept" });
    await workos.auditLogs.updateOrganizationAuditLogsRetention({ id, retentionPeriod: "2_YEARS" });
    expect(await server.client().all(id)).toMatchObject([
      { action: "rekishi.retention_changed", metadata: { retention_days: 730 } },
    ]);
  });
});
