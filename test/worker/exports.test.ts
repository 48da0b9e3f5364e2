/** Exports inside workerd, on R2: what their object promises, whoever asks. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { ExportResource } from "../../src/contract/export.ts";
import { app } from "../../src/router/app.ts";
import { parseCsv } from "../support/csv.ts";
import type { EventInput } from "../support/events.ts";
import { append as appendMany } from "./bulk.ts";
import { append, call, readAll } from "./client.ts";
import { exportObject } from "./objects.ts";

const { REKISHI_BLOBS } = env as unknown as { readonly REKISHI_BLOBS: R2Bucket };

const RANGE = { range_start: "2026-11-01T00:00:00.000Z", range_end: "2026-12-01T00:00:00.000Z" };

async function create(
  organizationId: string,
  input: Record<string, unknown> = {},
): Promise<ExportResource> {
  const body = { organization_id: organizationId, ...RANGE, ...input };
  const answer = await call("POST", "/audit_logs/exports", body);
  expect(answer).toMatchObject({ status: 201, body: { object: "audit_log_export" } });
  return answer.body as unknown as ExportResource;
}

async function untilOver(id: string): Promise<ExportResource> {
  for (;;) {
    const { body } = await call("GET", `/audit_logs/exports/${id}`);
    if (body["state"] !== "pending") {
      return body as unknown as ExportResource;
    }
    await scheduler.wait(10);
  }
}

async function exported(
  organizationId: string,
  input: Record<string, unknown> = {},
): Promise<ExportResource> {
  const made = await untilOver((await create(organizationId, input)).id);
  expect(made).toMatchObject({ state: "ready", failure: null });
  return made;
}

function fetchUrl(url: string | null, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(url ?? "", init));
}

async function textOf(made: ExportResource): Promise<string> {
  return (await fetchUrl(made.url)).text();
}

const HEADER =
  "id,seq,occurred_at,ingested_at,action,version,actor_type,actor_id,actor_name,actor_metadata,targets,location,user_agent,metadata";

describe("an export", () => {
  test("is a CSV of the events that match, as they were when it was created", async () => {
    await appendMany("org_x1", 5, {}, { action: "a.1" });
    await append("org_x1", { action: "a.2", occurred_at: "2026-11-02T00:00:00.000Z" });
    await append("org_x1", { action: "a.3" });
    await append("org_x1", { action: "a.1", occurred_at: "2026-10-31T23:59:59.999Z" });
    const pending = await create("org_x1", { actions: ["a.1", "a.2"] });
    await append("org_x1", { action: "a.2" });
    const made = await untilOver(pending.id);
    const [header, ...rows] = parseCsv(await textOf(made));
    expect(header?.join(",")).toBe(HEADER);
    // The oldest comes first although it was stored after the others.
    expect(rows.map((row) => row[1])).toEqual(["6", "1", "2", "3", "4", "5"]);
    expect(made).toMatchObject({ events: 6, progress: { events: 8, total: 8 } });
  });

  test("can be NDJSON, each line an event as the API gives it", async () => {
    await appendMany("org_x2", 3);
    const text = await textOf(await exported("org_x2", { format: "ndjson" }));
    const events = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    const own = (await readAll("org_x2", "&order=asc")).filter(
      ({ action }) => !action.startsWith("rekishi."),
    );
    expect(events).toEqual(own);
  });

  test("is on record in the organization's log, and not in its own file", async () => {
    await append("org_x3");
    const made = await exported("org_x3");
    const [record] = await readAll("org_x3", "&actions[]=rekishi.export_created");
    expect(record).toMatchObject({
      actor: { id: "root", type: "root_key" },
      targets: [{ id: made.id, type: "audit_log_export" }],
      metadata: { format: "csv", ...RANGE },
    });
    expect(await textOf(made)).not.toContain("rekishi.");
  });

  test("is made once, however often a request is sent with its idempotency key", async () => {
    await append("org_x4");
    const send = async (key: string) => {
      const response = await exports.default.fetch("https://rekishi.test/audit_logs/exports", {
        method: "POST",
        headers: { authorization: "Bearer rk_root_test", "idempotency-key": key },
        body: JSON.stringify({ organization_id: "org_x4", ...RANGE }),
      });
      return (await response.json<ExportResource>()).id;
    };
    const first = await send("k1");
    expect(await send("k1")).toBe(first);
    expect(await send("k2")).not.toBe(first);
    expect(await readAll("org_x4", "&actions[]=rekishi.export_created")).toHaveLength(2);
  });

  test("is listed with its organization, and gone when it is deleted", async () => {
    await append("org_x5");
    const [older, newer] = [await exported("org_x5"), await exported("org_x5")];
    const list = async () =>
      (
        (await call("GET", "/audit_logs/exports?organization_id=org_x5")).body[
          "data"
        ] as ExportResource[]
      ).map(({ id }) => id);
    expect(await list()).toEqual([newer.id, older.id]);
    expect((await call("DELETE", `/audit_logs/exports/${newer.id}`)).status).toBe(204);
    expect(await list()).toEqual([older.id]);
    expect((await call("GET", `/audit_logs/exports/${newer.id}`)).status).toBe(404);
    expect((await fetchUrl(newer.url)).status).toBe(404);
    expect((await readAll("org_x5"))[0]).toMatchObject({ action: "rekishi.export_deleted" });
  });
});

describe("a CSV", () => {
  const TRICKY = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "=a\nb",
    'q"uo,te',
    " 契約書 ",
    "a\r\nb",
    "'x",
  ];

  test("comes back from an independent parser as it was, but for what a spreadsheet would execute", async () => {
    for (const [index, name] of TRICKY.entries()) {
      const actor: EventInput["actor"] = { id: `u_${index}`, type: "user", name };
      await append("org_csv", { actor, metadata: { note: name } });
    }
    const text = await textOf(await exported("org_csv"));
    const [header = [], ...rows] = parseCsv(text);
    const data = rows.map((row) =>
      Object.fromEntries(header.map((name, index) => [name, row[index]])),
    );
    const names = data.map((row) => row["actor_name"]);
    expect(names).toEqual(TRICKY.map((name) => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name)));
    expect(data.map((row) => (JSON.parse(row["metadata"] ?? "") as { note: string }).note)).toEqual(
      TRICKY,
    );
  });

  test("begins with a byte order mark when that is asked for", async () => {
    await append("org_bom");
    const bytes = async (input: Record<string, unknown>) =>
      Array.from(
        new Uint8Array(
          await (await fetchUrl((await exported("org_bom", input)).url)).arrayBuffer(),
        ),
      );
    expect((await bytes({ bom: true })).slice(0, 5)).toEqual([0xef, 0xbb, 0xbf, 0x69, 0x64]);
    expect((await bytes({})).slice(0, 2)).toEqual([0x69, 0x64]);
  });
});

describe("the link of an export", () => {
  test("gives the file under a safe name, whole, in ranges, or as headers alone", async () => {
    await appendMany("org:link", 3);
    const made = await exported("org:link");
    const whole = await fetchUrl(made.url);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition":
        "attachment; filename=\"audit-log_org-link_2026-11-01_2026-12-01.csv\"; filename*=UTF-8''audit-log_org-link_2026-11-01_2026-12-01.csv",
      "content-length": String(made.size),
      "x-content-type-options": "nosniff",
      etag: `"${made.sha256}"`,
      "accept-ranges": "bytes",
    });
    const bytes = new Uint8Array(await whole.arrayBuffer());
    const text = (from?: number, to?: number) => new TextDecoder().decode(bytes.slice(from, to));
    const ask = async (headers: Record<string, string>, method = "GET") => {
      const answer = await fetchUrl(made.url, { headers, method });
      return [answer.status, answer.headers.get("content-range"), await answer.text()];
    };
    const size = bytes.length;
    expect(await ask({ range: "bytes=3-5" })).toEqual([206, `bytes 3-5/${size}`, text(3, 6)]);
    expect(await ask({ range: `bytes=${size - 2}-` })).toEqual([
      206,
      `bytes ${size - 2}-${size - 1}/${size}`,
      text(-2),
    ]);
    expect(await ask({ range: "bytes=-3" })).toEqual([
      206,
      `bytes ${size - 3}-${size - 1}/${size}`,
      text(-3),
    ]);
    expect(await ask({ range: `bytes=${size}-` })).toEqual([416, `bytes */${size}`, ""]);
    expect(await ask({ range: "bytes=5-3" })).toEqual([200, null, text()]);
    expect(await ask({ range: "bytes=0-1,4-5" })).toEqual([200, null, text()]);
    const etag = `"${made.sha256}"`;
    expect(await ask({ range: "bytes=0-1", "if-range": etag })).toEqual([
      206,
      `bytes 0-1/${size}`,
      text(0, 2),
    ]);
    expect(await ask({ range: "bytes=0-1", "if-range": '"other"' })).toEqual([200, null, text()]);
    expect(await ask({}, "HEAD")).toEqual([200, null, ""]);
  });

  test("says what the file is in a manifest", async () => {
    await appendMany("org_manifest", 2);
    const made = await exported("org_manifest", { q: "document.shared", format: "ndjson" });
    const manifest = await (await fetchUrl(made.manifest_url)).json();
    expect(manifest).toMatchObject({
      object: "audit_log_export_manifest",
      export_id: made.id,
      organization_id: "org_manifest",
      query: { ...RANGE, q: "document.shared" },
      seq: { first: 1, last: 2 },
      events: 2,
      purged: 0,
      file: {
        sha256: made.sha256,
        size: made.size,
        parts: [{ sha256: made.sha256, size: made.size }],
      },
    });
  });

  test("works for nothing but what it was signed for", async () => {
    await append("org_signed");
    const made = await exported("org_signed");
    const url = new URL(made.url ?? "");
    const status = async (change: (changed: URL) => void) => {
      const changed = new URL(url);
      change(changed);
      return (await fetchUrl(changed.href)).status;
    };
    expect(await status(() => undefined)).toBe(200);
    expect(await status((changed) => changed.searchParams.set("expires", "99999999999"))).toBe(403);
    expect(await status((changed) => changed.searchParams.delete("signature"))).toBe(403);
    expect(
      await status((changed) => (changed.pathname = changed.pathname.replace(/file$/, "manifest"))),
    ).toBe(403);
  });
});

test("the file goes when its time is over, and the export says so", async () => {
  // In the future, so that the platform, whose own clock is not moved, leaves alarms to the test.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2090, 10, 22) });
  onTestFinished(() => void vi.useRealTimers());
  await append("org_expired");
  const { id } = await create("org_expired");
  await runDurableObjectAlarm(exportObject(id));
  const made = await untilOver(id);
  expect(made).toMatchObject({ state: "ready", expires_at: "2090-11-29T00:00:00.000Z" });
  vi.setSystemTime(Date.UTC(2090, 10, 29));
  await runDurableObjectAlarm(exportObject(made.id));
  const { body } = await call("GET", `/audit_logs/exports/${made.id}`);
  expect(body).toMatchObject({ state: "expired", url: null, sha256: made.sha256 });
  const key = `exports/${made.id}/events.csv`;
  expect(await REKISHI_BLOBS.head(key)).toBeNull();

  vi.setSystemTime(Date.UTC(2090, 11, 30));
  await runDurableObjectAlarm(exportObject(made.id));
  expect((await call("GET", `/audit_logs/exports/${made.id}`)).status).toBe(404);
});

describe("an export that cannot be", () => {
  test("for want of a blob store or of signing keys says what to set", async () => {
    await append("org_bare");
    const ask = async (missing: string) => {
      const request = new Request("https://rekishi.test/audit_logs/exports", {
        method: "POST",
        headers: { authorization: "Bearer rk_root_test" },
        body: JSON.stringify({ organization_id: "org_bare", ...RANGE }),
      });
      const bare = { ...env, [missing]: undefined } as never;
      const answer = await app.fetch(request, bare);
      return [answer.status, (await answer.json<{ message: string }>()).message];
    };
    expect(await ask("REKISHI_BLOBS")).toEqual([
      501,
      expect.stringContaining("REKISHI_S3_ENDPOINT"),
    ]);
    expect(await ask("REKISHI_SIGNING_KEYS")).toEqual([
      501,
      expect.stringContaining("REKISHI_SIGNING_KEYS"),
    ]);
  });

  const refusal = async (input: Record<string, unknown>) => {
    const body = { organization_id: "org_refused", ...RANGE, ...input };
    const answer = await call("POST", "/audit_logs/exports", body);
    const [error] = (answer.body["errors"] ?? []) as { field: string }[];
    return [answer.status, answer.body["code"], error?.field];
  };

  test("for a range longer than the retention says how much can be asked for at a time", async () => {
    await append("org_refused");
    const range = { ...RANGE, range_start: "2025-11-01T00:00:00.000Z" };
    const body = { organization_id: "org_refused", ...range };
    const answer = await call("POST", "/audit_logs/exports", body);
    expect(answer.body["message"]).toContain("Ask for at most 365 days at a time.");
  });

  test("is refused with the field that is wrong", async () => {
    await append("org_refused");
    const badRange = [400, "invalid_audit_log_export_range_date", "range_end"];
    expect(await refusal({ range_end: RANGE.range_start })).toEqual(badRange);
    expect(await refusal({ range_start: "2025-11-01T00:00:00.000Z" })).toEqual(badRange);
    expect(await refusal({ range_start: "yesterday" })).toEqual([
      400,
      "invalid_request",
      "range_start",
    ]);
    expect(await refusal({ range_end: undefined })).toEqual([400, "invalid_request", "range_end"]);
    expect(await refusal({ q: "(" })).toEqual([400, "invalid_request", "q"]);
    expect(await refusal({ format: "xlsx" })).toEqual([400, "invalid_request", "format"]);
    expect(await refusal({ action: ["misspelt"] })).toEqual([400, "invalid_request", "action"]);
    expect((await refusal({ organization_id: "org_unknown" })).slice(0, 2)).toEqual([
      404,
      "not_found",
    ]);
  });
});
