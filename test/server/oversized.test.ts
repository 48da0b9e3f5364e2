/** Bodies far beyond every limit are refused while they are sent, and cost the server nothing. */
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { makeEvent } from "../support/events.ts";
import { refusalIn } from "./refusal.ts";
import { useServer } from "./server.ts";

const server = useServer();

const KIB = 1024;
const HUGE_BYTES = 100 * KIB * KIB;
const TOO_LARGE = { status: 413, code: "payload_too_large" };

/** Where bodies can be sent, and how much of one is read. */
const LIMITS = [
  ["/audit_logs/events", 256 * KIB],
  ["/audit_logs/events/batch", 4 * KIB * KIB],
  ["/organizations", 64 * KIB],
] as const;

interface Upload {
  readonly sending: ClientRequest;
  readonly answer: Promise<IncomingMessage>;
}

function startUpload(path: string, headers: Record<string, string | number>): Upload {
  const sending = request(`${server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.rootKey}`, ...headers },
  });
  onTestFinished(() => void sending.destroy());
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once("response", resolve);
    sending.on("error", reject);
  });
  return { sending, answer };
}

async function refusalOf({ answer }: Upload) {
  const message = await answer;
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) {
    text += String(chunk);
  }
  const headers = new Headers(message.headers as Record<string, string>);
  return refusalIn({ status: message.statusCode ?? 0, headers, text });
}

function write({ sending }: Upload, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    sending.write(Buffer.alloc(bytes, " "), () => resolve());
  });
}

test.each(LIMITS)("100 MB announced to %s are refused before they are sent", async (path) => {
  const upload = startUpload(path, { "content-length": HUGE_BYTES });
  await write(upload, 1);
  expect(await refusalOf(upload)).toEqual(TOO_LARGE);
});

test.each(LIMITS)(
  "a body of unknown length for %s is refused as soon as it is over the limit",
  async (path, limit) => {
    const upload = startUpload(path, { "transfer-encoding": "chunked" });
    await write(upload, limit);
    await write(upload, 1);
    // The body has not ended, and never will.
    expect(await refusalOf(upload)).toEqual(TOO_LARGE);
  },
);

test("the sender of a batch a little over the limit is told so every time, and not just cut off", async () => {
  const body = " ".repeat(4_200 * KIB);
  const answers: unknown[] = [];
  for (let n = 0; n < 20; n++) {
    const sending = server.client().send("POST", "/audit_logs/events/batch", body);
    answers.push(await sending.then(refusalIn, (error: Error) => String(error.cause)));
  }
  expect(answers).toEqual(answers.map(() => TOO_LARGE));
});

test("100 MB poured in as fast as they go are cut off long before the end", async () => {
  const upload = startUpload("/audit_logs/events", { "transfer-encoding": "chunked" });
  const isOver = upload.answer.then(
    () => true,
    () => true,
  );
  let sent = 0;
  do {
    sent += 64 * KIB;
  } while (
    sent < HUGE_BYTES &&
    !(await Promise.race([write(upload, 64 * KIB).then(() => false), isOver]))
  );
  expect(sent).toBeLessThan(HUGE_BYTES / 4);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test("a body that is shorter than announced stores nothing, and the server goes on", async () => {
  const client = server.client();
  await client.store("org_1", makeEvent());
  const text = JSON.stringify({ organization_id: "org_1", event: makeEvent({ action: "cut" }) });
  const { sending, answer } = startUpload("/audit_logs/events", {
    "content-length": text.length + 100,
  });
  await new Promise((resolve) => sending.write(text, resolve));
  sending.destroy();
  await answer.catch(() => undefined);
  await client.store("org_1", makeEvent({ action: "after" }));
  expect((await client.all("org_1", { order: "asc" })).map(({ action }) => action)).toEqual([
    "document.shared",
    "after",
  ]);
});
