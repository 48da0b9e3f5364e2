/** What an operator's Prometheus reads. */
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { accepted, type Answer } from "./client.ts";
import { useServer } from "./server.ts";

const server = useServer({ REKISHI_KEY_EVENTS_PER_SECOND: "1" });

type Samples = ReadonlyMap<string, number>;

async function read(): Promise<Samples> {
  const scraper = await server.client().withKey(["metrics:read"]);
  return samplesOf(await scraper.get("/metrics"));
}

/** Every line is one that the format knows, and every sample comes once, below the type of its metric. */
function samplesOf({ status, headers, text }: Answer): Samples {
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(text.endsWith("\n")).toBe(true);
  const samples = new Map<string, number>();
  let type = "";
  for (const line of text.trimEnd().split("\n")) {
    if (line.startsWith("#")) {
      expect(line).toMatch(/^# (HELP \w+ .+|TYPE \w+ (counter|histogram))$/);
      type = line.split(" ")[2] ?? "";
    } else {
      const [, name = "", value] =
        /^(\w+(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})?) (\S+)$/.exec(line) ?? [];
      expect(name.startsWith(type), line).toBe(true);
      expect(samples.has(name), line).toBe(false);
      samples.set(name, Number(value));
    }
  }
  return samples;
}

test("counts requests, stored events, replays, limits and rejected credentials", async () => {
  const before = await read();
  const writer = await server.client().withKey(["events:write", "organizations:write"]);
  const event = makeEvent();
  await writer.store("org_counted", event, "once");
  await writer.store("org_counted", event, "once");
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => makeEvent({ actor: { id: `${from + n}`, type: "x" } }));
  accepted(await writer.appendBatch("org_counted", many(0, 900)));
  expect((await writer.appendBatch("org_counted", many(1_000, 900))).status).toBe(429);
  expect((await server.client("rk_wrong").get("/session")).status).toBe(401);
  expect((await server.client("a.b.c").get("/session")).status).toBe(401);
  const code = { code: "none", as: "token" };
  expect((await writer.send("POST", "/portal/session", code)).status).toBe(401);

  const after = await read();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const route = (path: string, status: string) =>
    grown(`rekishi_http_requests_total{method="POST",route="${path}",status="${status}"}`);
  expect(route("/audit_logs/events", "2xx")).toBe(2);
  expect(route("/audit_logs/events/batch", "2xx")).toBe(1);
  expect(route("/audit_logs/events/batch", "4xx")).toBe(1);
  expect(grown("rekishi_events_appended_total")).toBe(901);
  expect(grown("rekishi_events_replayed_total")).toBe(1);
  expect(grown('rekishi_http_failures_total{code="rate_limit_exceeded"}')).toBe(1);
  for (const reason of ["invalid_api_key", "invalid_token", "portal_code"]) {
    expect(grown(`rekishi_credentials_rejected_total{reason="${reason}"}`), reason).toBe(1);
  }
  const events = 'method="POST",route="/audit_logs/events"';
  expect(grown(`rekishi_http_request_duration_seconds_count{${events}}`)).toBe(2);
  expect(grown(`rekishi_http_request_duration_seconds_bucket{${events},le="+Inf"}`)).toBe(2);
  expect(grown(`rekishi_http_request_duration_seconds_sum{${events}}`)).toBeGreaterThan(0);
});

test("what clients make up does not become a label", async () => {
  const before = (await read()).size;
  for (let n = 0; n < 20; n++) {
    await server.client().send("PUT", `/made-up/${n}?x=${n}`, {});
    await server.client().get(`/audit_logs/events/made-up-${n}`, { organization_id: `org_${n}` });
  }
  const lines = (await read()).size - before;
  expect(lines).toBeLessThan(60);
});
