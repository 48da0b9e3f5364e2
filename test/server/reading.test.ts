/** Reading events back: filters, order and pages. */
import { beforeAll, describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { type Client, parsed, type Query, type StoredEvent } from "./client.ts";
import { useServer } from "./server.ts";

const server = useServer();

const seqs = (events: readonly StoredEvent[]): number[] => events.map(({ seq }) => seq);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe("filters", () => {
  const at = (hour: number) => `2026-11-22T${String(hour).padStart(2, "0")}:00:00.000Z`;
  const EVENTS = [
    makeEvent({ action: "a", occurred_at: at(1) }),
    makeEvent({ action: "b", occurred_at: at(2), actor: { id: "user_2", type: "user" } }),
    makeEvent({
      action: "a",
      occurred_at: at(3),
      actor: { id: "system_1", type: "system", name: "夜間処理" },
      targets: [
        { id: "t1", type: "folder" },
        { id: "t2", type: "file" },
      ],
    }),
    makeEvent({ action: "A", occurred_at: at(4), targets: [{ id: "t2", type: "folder" }] }),
    makeEvent({ action: "a.b", occurred_at: at(5), targets: [] }),
  ];

  beforeAll(async () => {
    await server.client().storeBatch("org_filters", EVENTS);
  });

  test.each<[string, Query, number[]]>([
    ["one action", { actions: ["a"] }, [1, 3]],
    ["either of two actions", { actions: ["a", "b"] }, [1, 2, 3]],
    ["an action in its own case, and whole", { actions: ["A"] }, [4]],
    ["an action that no event has", { actions: ["z"] }, []],
    ["actor ids", { actor_ids: ["user_2", "system_1"] }, [2, 3]],
    ["actor names", { actor_names: ["夜間処理"] }, [3]],
    ["actor types", { actor_types: ["system"] }, [3]],
    ["ids of any target", { target_ids: ["t2"] }, [3, 4]],
    ["types of any target", { target_types: ["folder", "document"] }, [1, 2, 3, 4]],
    ["all parameters at once", { actions: ["a"], actor_types: ["user"] }, [1]],
    ["parameters that no event has together", { actions: ["b"], actor_types: ["system"] }, []],
    ["a range from its start on", { range_start: at(2) }, [2, 3, 4, 5]],
    ["a range up to its end, without it", { range_end: at(3) }, [1, 2]],
    ["a range with both", { range_start: at(2), range_end: at(4) }, [2, 3]],
    ["a range of one instant, which is empty", { range_start: at(2), range_end: at(2) }, []],
    ["a range with an offset", { range_start: "2026-11-22T14:00:00+09:00" }, [5]],
    ["a range and an action", { range_start: at(2), actions: ["a"] }, [3]],
  ])("%s", async (_, query, expected) => {
    const page = await server.client().page("org_filters", { ...query, order: "asc" });
    expect(seqs(page.data)).toEqual(expected);
    expect(page.list_metadata).toEqual({ before: null, after: null });
  });

  test("values need no brackets", async () => {
    const path = "/audit_logs/events?organization_id=org_filters&order=asc&actions=a&actions=b";
    expect(seqs(parsed<{ data: StoredEvent[] }>(await server.client().get(path)).data)).toEqual([
      1, 2, 3,
    ]);
  });
});

describe("order", () => {
  const DAYS = [5, 1, 3, 3, 4, 2];

  beforeAll(async () => {
    const events = DAYS.map((day, n) =>
      makeEvent({ occurred_at: `2026-11-0${day}T00:00:00Z`, metadata: { n } }),
    );
    await server.client().storeBatch("org_order", events);
  });

  test.each<[string, Query, number[]]>([
    ["by time, newest first, unless asked otherwise", {}, [1, 5, 4, 3, 6, 2]],
    ["desc", { order: "desc" }, [1, 5, 4, 3, 6, 2]],
    ["normal, as WorkOS has it, is desc", { order: "normal" }, [1, 5, 4, 3, 6, 2]],
    ["asc, with events of one instant by seq", { order: "asc" }, [2, 6, 3, 4, 5, 1]],
  ])("%s", async (_, query, expected) => {
    const { data } = await server.client().page("org_order", query);
    expect(seqs(data)).toEqual(expected);
  });
});

describe("pages", () => {
  const COUNT = 25;

  /** Stores events with every third at the same instant as the one before it. */
  async function storeMany(organizationId: string): Promise<Client> {
    const client = server.client();
    const events = upTo(COUNT).map((n) =>
      makeEvent({
        occurred_at: new Date(Date.UTC(2026, 0, n - (n % 3 === 0 ? 1 : 0))).toISOString(),
      }),
    );
    await client.storeBatch(
      organizationId,
      events.map((event, n) => Object.assign(event, { idempotency_key: String(n) })),
    );
    return client;
  }

  test.each(["asc", "desc"])("forwards and back again, %s, each event once", async (order) => {
    const organization = `org_pages_${order}`;
    const client = await storeMany(organization);
    const pages: number[][] = [];
    let page = await client.page(organization, { order, limit: 7 });
    expect(page.list_metadata.before).toBeNull();
    pages.push(seqs(page.data));
    while (page.list_metadata.after !== null) {
      const { after } = page.list_metadata;
      page = await client.page(organization, { order, limit: 7, after });
      pages.push(seqs(page.data));
    }
    expect(pages.map(({ length }) => length)).toEqual([7, 7, 7, 4]);
    expect(pages.flat()).toEqual(order === "asc" ? upTo(COUNT) : upTo(COUNT).reverse());

    const back: number[][] = [seqs(page.data)];
    while (page.list_metadata.before !== null) {
      const { before } = page.list_metadata;
      page = await client.page(organization, { order, limit: 7, before });
      back.unshift(seqs(page.data));
    }
    expect(back).toEqual(pages);
  });

  test("while new events arrive, each event that was there is seen once", async () => {
    const client = await storeMany("org_growing");
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const place: Query = after === null ? {} : { after };
      const page = await client.page("org_growing", { limit: 4, ...place });
      seen.push(...seqs(page.data));
      ({ after } = page.list_metadata);
      // One that is newer than all, and one in the middle of the list.
      await client.store("org_growing", makeEvent({ occurred_at: new Date().toISOString() }));
      await client.store(
        "org_growing",
        makeEvent({ occurred_at: "2026-01-13T00:00:00Z", metadata: { n: seen.length } }),
      );
    } while (after !== null);
    expect(seen.filter((seq) => seq <= COUNT)).toEqual(upTo(COUNT).reverse());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("of a filtered list, as of any list", async () => {
    const client = server.client();
    const events = upTo(30).map((n) =>
      makeEvent({ action: n % 2 === 0 ? "even" : "odd", metadata: { n } }),
    );
    await client.storeBatch("org_odd", events);
    const odd = await client.all("org_odd", { actions: ["odd"], order: "asc", limit: 4 });
    expect(seqs(odd)).toEqual(upTo(30).filter((n) => n % 2 === 1));
  });

  test("of 100 unless asked otherwise, and of 1,000 at most", async () => {
    const client = server.client();
    const events = upTo(1_000).map((n) => makeEvent({ metadata: { n } }));
    await client.storeBatch("org_long", events);
    expect((await client.page("org_long")).data).toHaveLength(100);
    const whole = await client.page("org_long", { limit: 1_000 });
    expect(whole.data).toHaveLength(1_000);
    expect(whole.list_metadata).toEqual({ before: null, after: null });
  });

  test("of an organization without events are empty", async () => {
    const client = server.client();
    await client.createOrganization("org_empty");
    expect(await client.page("org_empty")).toEqual({
      object: "list",
      data: [],
      list_metadata: { before: null, after: null },
    });
  });
});
