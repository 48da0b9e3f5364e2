/** Organizations: created, found, changed and listed as WorkOS does it. */
import { describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, type Client, failureOf, parsed } from "./client.ts";
import { useServer } from "./server.ts";

const server = useServer();
const root = () => server.client();

interface Organization {
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly external_id: string | null;
  readonly region: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

async function create(input: Record<string, unknown>): Promise<Organization> {
  return accepted<Organization>(await root().send("POST", "/organizations", input));
}

async function change(id: string, input: Record<string, unknown>): Promise<Organization> {
  return accepted<Organization>(await root().send("PUT", `/organizations/${id}`, input));
}

describe("an organization", () => {
  test("is made once by requests with one idempotency key and input, of one caller", async () => {
    const send = (client: Client, name: string) =>
      client.send("POST", "/organizations", { name }, { "idempotency-key": "key" });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(root(), "Once")));
    const ids = new Set(answers.map((answer) => accepted<Organization>(answer).id));
    expect(ids.size).toBe(1);
    const replays = answers.filter(({ headers }) => headers.get("idempotency-replayed") === "true");
    expect(replays).toHaveLength(4);

    const others = [
      await send(await root().withKey(["organizations:write"]), "Once"),
      await send(root(), "Twice"),
    ];
    for (const other of others) {
      expect(ids).not.toContain(accepted<Organization>(other).id);
      expect(other.headers.get("idempotency-replayed")).toBeNull();
    }
    const tooLong = { "idempotency-key": "k".repeat(256) };
    const refused = await root().send("POST", "/organizations", { name: "x" }, tooLong);
    expect(refused.status).toBe(400);
    expect(failureOf(refused).errors).toMatchObject([{ field: "Idempotency-Key" }]);
  });

  test("is found by its id and by its external id, whatever characters that has", async () => {
    for (const externalId of ["customer-7", "顧客/7?#%", "a b+c"]) {
      const made = await create({ name: "Acme", external_id: externalId });
      expect(made).toMatchObject({ object: "organization", domains: [], region: null });
      expect(made.id).toMatch(/^org_[0-9a-f]{32}$/);
      const path = `/organizations/external_id/${encodeURIComponent(externalId)}`;
      expect(parsed(await root().get(path))).toEqual(made);
      expect(parsed(await root().get(`/organizations/${made.id}`))).toEqual(made);
    }
    expect((await root().get("/organizations/external_id/nobody")).status).toBe(404);
  });

  test("is changed in what is named: metadata name by name, null removes", async () => {
    const { id, created_at } = await create({
      name: "Before",
      external_id: "ext-change",
      metadata: { tier: "gold", plan: "annual" },
    });
    expect(await change(id, { name: "After" })).toMatchObject({
      id,
      name: "After",
      external_id: "ext-change",
      metadata: { tier: "gold", plan: "annual" },
      created_at,
    });
    const merged = await change(id, { metadata: { tier: null, seats: "5" }, domain_data: [] });
    expect(merged.metadata).toEqual({ plan: "annual", seats: "5" });
    expect(merged.name).toBe("After");
    expect(await change(id, { external_id: null })).toMatchObject({ external_id: null });
    expect(await change(id, { metadata: null })).toMatchObject({ metadata: {}, name: "After" });
    expect((await root().get("/organizations/external_id/ext-change")).status).toBe(404);
  });

  test("is on record when it changes, with what changed and not what it was", async () => {
    const { id } = await create({ name: "Recorded", metadata: { secret_plan: "x" } });
    await change(id, { name: "Recorded", metadata: { secret_plan: "x" } });
    await change(id, { name: "Renamed", metadata: { secret_plan: null } });
    expect(await root().all(id)).toMatchObject([
      {
        action: "rekishi.organization_updated",
        targets: [{ id, type: "organization", name: "Renamed" }],
        metadata: { fields: "name metadata" },
      },
    ]);
  });

  test("keeps the region that it was created with", async () => {
    const { id, region } = await create({ name: "Tokyo", region: "apac-ne" });
    expect(region).toBe("apac-ne");
    expect((await root().store(id, makeEvent())).seq).toBe(1);
    const moved = await root().send("PUT", `/organizations/${id}`, { region: "weur" });
    expect(failureOf(moved)).toMatchObject({
      code: "invalid_request",
      errors: [{ field: "region" }],
    });
  });
});

describe("is refused:", () => {
  test.each<[string, Record<string, unknown>, number, string]>([
    ["no name", {}, 400, "name"],
    ["an id with spaces", { name: "x", id: "a b" }, 400, "id"],
    ["metadata that is no text", { name: "x", metadata: { n: 1 } }, 400, "metadata.n"],
    ["a region that nobody knows", { name: "x", region: "mars" }, 400, "region"],
    // Only Cloudflare has jurisdictions; this server's data is where the server is.
    ["a jurisdiction on a server of one's own", { name: "x", region: "eu" }, 422, "region"],
  ])("%s", async (_, input, status, field) => {
    const answer = await root().send("POST", "/organizations", input);
    expect(answer.status).toBe(status);
    expect(failureOf(answer).errors).toMatchObject([{ field }]);
  });

  test("an id or external id that is taken, at its creation and later", async () => {
    const { id } = await create({ name: "One", external_id: "ext-one" });
    const two = await create({ name: "Two", external_id: "ext-two" });
    const attempts = [
      await root().send("POST", "/organizations", { name: "x", id }),
      await root().send("POST", "/organizations", { name: "x", external_id: "ext-one" }),
      await root().send("PUT", `/organizations/${two.id}`, { external_id: "ext-one" }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([409, 409, 409]);
    expect(await change(two.id, { external_id: "ext-two" })).toMatchObject({ name: "Two" });
  });

  test("more metadata than there may be, added little by little", async () => {
    const names = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${from + n}`, "x"]));
    const { id } = await create({ name: "Full", metadata: names(0, 50) });
    const more = await root().send("PUT", `/organizations/${id}`, { metadata: names(50, 1) });
    expect(more.status).toBe(422);
    const exchanged = await change(id, { metadata: { n0: null, ...names(50, 1) } });
    expect(Object.keys(exchanged.metadata)).toHaveLength(50);
  });

  test("another organization's, as if it did not exist", async () => {
    const [own, other] = [
      await create({ name: "Own" }),
      await create({ name: "O", external_id: "o" }),
    ];
    const key = await root().withKey(["organizations:write"], own.id);
    const attempts = [
      await key.get(`/organizations/${other.id}`),
      await key.send("PUT", `/organizations/${other.id}`, { name: "mine" }),
      await key.get("/organizations/external_id/o"),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404]);
    const listed = parsed<{ data: Organization[] }>(await key.get("/organizations"));
    expect(listed.data.map(({ id }) => id)).toEqual([own.id]);
  });
});

test("a list is searched by name, id and external id", async () => {
  const made = await create({ name: "Zebra 株式会社", external_id: "zebra-1" });
  for (const search of ["zEBRA", "株式", made.id.slice(4, 30), "zebra-1"]) {
    const { data } = parsed<{ data: Organization[] }>(
      await root().get("/organizations", { search }),
    );
    expect(data).toEqual([made]);
  }
  const none = await root().get("/organizations", { search: "zebra-" });
  expect(parsed(none)).toMatchObject({ data: [] });
  // No organization has a domain, so none matches one.
  expect(parsed(await root().get("/organizations?domains=acme.com"))).toMatchObject({ data: [] });
});
