import { expect, test } from "vitest";
import { mintApiKey, mintTicket } from "../../../src/kernel/api-key.ts";
import { formatRecord, type LogRecord } from "../../../src/observe/profile.ts";
import { traceOf } from "../../../src/observe/trace.ts";

const RECORD: LogRecord = {
  timestamp: "2026-11-22T09:30:00.000Z",
  level: "WARN",
  service: "router",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  requestId: "r-1",
  userId: "api_key_1",
  action: "http.request",
  message: "GET /x 401",
  metadata: { status: 401 },
};

const spelled = (format: "plain" | "google" | "datadog"): unknown =>
  JSON.parse(formatRecord(RECORD, format));

test("plain lines have the field names of the operations plan", () => {
  expect(spelled("plain")).toEqual(RECORD);
});

test("Google Cloud finds severity, time and trace under its own names", () => {
  expect(spelled("google")).toMatchObject({
    severity: "WARNING",
    time: RECORD.timestamp,
    "logging.googleapis.com/trace": RECORD.traceId,
    "logging.googleapis.com/spanId": RECORD.spanId,
    message: RECORD.message,
  });
});

test("Datadog finds status, trace and user under its own names", () => {
  expect(spelled("datadog")).toMatchObject({
    status: "warn",
    date: RECORD.timestamp,
    "dd.trace_id": RECORD.traceId,
    usr: { id: "api_key_1" },
  });
});

test("keys, tickets and bearer credentials are masked wherever they slipped in", () => {
  const secrets = [mintApiKey(), mintTicket(), "rk_root_abc-DEF_123", "opaque.token-of_some/kind"];
  const message = `${secrets.slice(0, 3).join(" ")} Bearer ${secrets[3]}`;
  const line = formatRecord({ ...RECORD, message, metadata: { nested: { message } } }, "plain");
  for (const secret of secrets) {
    expect(line).not.toContain(secret);
  }
});

test("a request joins the caller's trace when its traceparent is valid, and begins its own otherwise", () => {
  const id = "01a2073b-8bfe-7000-8000-0001a2f7f6df";
  const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  expect(traceOf(parent, id).traceId).toBe("0af7651916cd43dd8448eb211c80319c");
  for (const invalid of [
    undefined,
    "x",
    parent.toUpperCase(),
    `ff${parent.slice(2)}`,
    parent.replace(/[0-9a-f]{32}/, "0".repeat(32)),
  ]) {
    expect(traceOf(invalid, id).traceId).toBe("01a2073b8bfe700080000001a2f7f6df");
  }
});
