/** One event: there as soon as it was accepted, as it was sent, by its id. */
import { describe, expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, failureOf, parsed, type StoredEvent } from "./client.ts";
import { useServer } from "./server.ts";

const server = useServer();

describe("one event", () => {
  test("is there for everybody as soon as it was accepted", async () => {
    const client = server.client();
    for (let n = 1; n <= 20; n++) {
      const { id, seq } = await client.store("org_own", makeEvent({ metadata: { n } }));
      const [newest] = (await client.page("org_own", { limit: 1 })).data;
      const read = await client.get(`/audit_logs/events/${id}`, { organization_id: "org_own" });
      expect(parsed(read)).toEqual(newest);
      expect(newest).toMatchObject({ id, seq, metadata: { n } });
    }
  });

  test("is read back with everything that was sent, and with when it was stored", async () => {
    const client = server.client();
    const event = makeEvent({ version: 3, occurred_at: "2026-11-22T18:30:00.5+09:00" });
    const before = Date.now();
    const { id } = await client.store("org_whole", { ...event, unknown: "ignored" });
    const read = await client.get(`/audit_logs/events/${id}`, { organization_id: "org_whole" });
    const stored = parsed<StoredEvent>(read);
    expect(stored).toEqual({
      ...event,
      object: "audit_log_event",
      id,
      seq: 1,
      organization_id: "org_whole",
      occurred_at: "2026-11-22T09:30:00.500Z",
      ingested_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(Date.parse(stored.ingested_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(stored.ingested_at)).toBeLessThanOrEqual(Date.now());
  });

  test.each<[string, string]>([
    ["a name that means something to JavaScript", '{"__proto__":1}'],
    ["names that look like numbers", '{"10":1,"9":2,"-1":3,"a":4}'],
    [
      "line breaks and control characters",
      '{"a":"\\u0000\\u0001\\n\\r\\n\\t\\u2028\\u2029\\u007f"}',
    ],
    ["quotes and backslashes", '{"a":"\\"\\\\\\/\'<script>"}'],
    ["characters beyond the first 65,536", '{"a":"𠮷野家 👩‍👩‍👧 \\ud83d\\ude00"}'],
    ["characters that look alike", '{"a":"é é Å Å ﬁ"}'],
    ["numbers of every kind", '{"a":0.1,"b":1e-7,"c":-5,"d":1.5e3,"e":9007199254740991}'],
  ])("has its metadata as it was sent: %s", async (name, metadata) => {
    const client = server.client();
    const event = JSON.stringify(makeEvent({ action: name }));
    const withMetadata = event.replace('{"request_id":"r-1"}', () => metadata);
    const text = `{"organization_id":"org_text","event":${withMetadata}}`;
    const { id } = accepted<{ id: string }>(await client.send("POST", "/audit_logs/events", text));
    const path = `/audit_logs/events/${id}`;
    const read = await client.get(path, { organization_id: "org_text" });
    expect(parsed<StoredEvent>(read).metadata).toEqual(JSON.parse(metadata));
  });

  test.each(["0000-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])(
    "of %s, if it is accepted, has a time that can be sent again",
    async (occurredAt) => {
      const client = server.client();
      const organization = `org_${occurredAt.slice(0, 4)}`;
      await client.createOrganization(organization);
      const answer = await client.append(organization, makeEvent({ occurred_at: occurredAt }));
      expect([200, 400]).toContain(answer.status);
      for (const { occurred_at: stored } of await client.all(organization)) {
        const again = await client.search(organization, { range_start: stored });
        expect(again.text).toContain(stored);
      }
    },
  );

  test("of another organization, or with another random part, is 404", async () => {
    const client = server.client();
    const { id } = await client.store("org_mine", makeEvent());
    await client.store("org_theirs", makeEvent());
    const lookUps = [
      [id, "org_theirs"],
      [`${id.slice(0, -8)}00000000`, "org_mine"],
      [`0${id.slice(1, 8)}${id.slice(8)}`.replace(/^01a/, "01b"), "org_mine"],
      [id.toUpperCase(), "org_mine"],
    ] as const;
    for (const [one, organization] of lookUps) {
      const answer = await client.get(`/audit_logs/events/${one}`, {
        organization_id: organization,
      });
      expect(answer.status).toBe(404);
      expect(failureOf(answer)).toMatchObject({ code: "not_found", message: "Event not found." });
    }
  });
});
