/** Exports to an S3-compatible store that fails, over HTTP: the same file, or an error that says what to do. */
import { describe, expect, onTestFinished, test } from "vitest";
import { type S3Call, type S3Fault, S3Server } from "../support/s3-server.ts";
import { s3SettingsOf } from "../support/s3-settings.ts";
import { create, fileOf, fill, untilOver } from "./exports.ts";
import { type Server, startServer } from "./server.ts";

const ORGANIZATION = "org_stored";
/** More than a part of 5 MiB. */
const EVENTS = 10_500;
/** Longer than a store may take to answer. */
const TOO_LATE_MS = 120_000;

async function serverWithStore(events: number): Promise<{ server: Server; store: S3Server }> {
  const store = await S3Server.start();
  onTestFinished(() => store.stop());
  const server = await startServer(s3SettingsOf(store));
  await fill(server.client(), ORGANIZATION, events);
  return { server, store };
}

async function made(server: Server) {
  return untilOver(server.client(), await create(server.client(), ORGANIZATION));
}

/** One call that goes wrong. */
interface Trouble {
  readonly what: string;
  readonly hits: (call: S3Call) => boolean;
  readonly fault: S3Fault;
}

const isRead = ({ method }: S3Call) => method === "GET";
const isWrite = ({ method }: S3Call) => method === "PUT";

/** The store may take 15 seconds to answer, and as long for each further piece. */
const LATE: readonly Trouble[] = [
  { what: "a write is not answered", hits: isWrite, fault: { kind: "delay", ms: TOO_LATE_MS } },
  { what: "a read stops in the middle", hits: isRead, fault: { kind: "stall", bytes: 1_000 } },
];
const WRONG: readonly Trouble[] = [
  { what: "a read is cut off", hits: isRead, fault: { kind: "truncate", bytes: 1_000 } },
  { what: "a read is short and says so", hits: isRead, fault: { kind: "short", bytes: 1_000 } },
  { what: "a read gives other bytes", hits: isRead, fault: { kind: "garble" } },
  {
    what: "a part is refused",
    hits: isWrite,
    fault: { kind: "error", status: 503, code: "SlowDown" },
  },
  { what: "the answer is a web page", hits: isWrite, fault: { kind: "page", status: 502 } },
];

/** Makes an export for each trouble, which it meets once. */
async function madeThrough(server: Server, store: S3Server, troubles: readonly Trouble[]) {
  const left = [...troubles];
  const met: string[] = [];
  const troubleOf = new Map<string, Trouble | undefined>();
  store.fault = (call) => {
    // The manifest of one export may come before the file of another.
    if (call.key.includes("/events.") && !troubleOf.has(call.key)) {
      troubleOf.set(call.key, left.shift());
    }
    const trouble = troubleOf.get(call.key);
    if (trouble?.hits(call) !== true) {
      return undefined;
    }
    troubleOf.set(call.key, undefined);
    met.push(trouble.what);
    return trouble.fault;
  };
  const all = await Promise.all(troubles.map(() => made(server)));
  expect(met.toSorted()).toEqual(troubles.map(({ what }) => what).toSorted());
  return all;
}

/** Longer than a retry or two take on a busy machine. */
const PATIENCE_MS = 180_000;

describe("a blob store", () => {
  test(
    "that fails every third call, truncates or garbles gets the same file",
    async () => {
      const { server, store } = await serverWithStore(EVENTS);
      const whole = await made(server);
      expect(whole).toMatchObject({ state: "ready", events: EVENTS });
      const expected = await fileOf(whole);
      store.failEvery(3, { kind: "lost" });
      const lossy = await made(server);
      for (const one of [lossy, ...(await madeThrough(server, store, WRONG))]) {
        expect(one).toMatchObject({ state: "ready", events: EVENTS, sha256: whole.sha256 });
        expect((await fileOf(one)).equals(expected)).toBe(true);
      }
    },
    PATIENCE_MS,
  );

  test(
    "that does not answer, or stops in the middle, is not waited for without end, and gets the same file",
    async () => {
      const { server, store } = await serverWithStore(10);
      const { sha256 } = await made(server);
      for (const one of await madeThrough(server, store, LATE)) {
        expect(one).toMatchObject({ state: "ready", events: 10, sha256 });
        await fileOf(one);
      }
    },
    PATIENCE_MS,
  );

  test("that refuses or loses what it is given ends the export with a reason a person can act on", async () => {
    const { server, store } = await serverWithStore(10);
    store.fault = () => ({ kind: "error", status: 403, code: "AccessDenied" });
    const refused = await made(server);
    expect(refused).toMatchObject({ state: "error", url: null, sha256: null, events: null });
    expect(refused.failure).toEqual({
      code: "blob_store_misconfigured",
      message:
        "The blob store refuses what it is asked. Its settings or credentials must be mended; the server's log says what is wrong.",
    });
    const logged = await server.process.untilLogged((line) => line["action"] === "export.failed");
    expect(JSON.stringify(logged)).toContain("AccessDenied");

    store.fault = (call) =>
      isRead(call) ? { kind: "error", status: 404, code: "NoSuchKey" } : undefined;
    expect(await made(server)).toMatchObject({
      state: "error",
      url: null,
      failure: {
        code: "blob_store_corrupt",
        message:
          "The blob store loses or alters what it is given. When it is mended, create the export again.",
      },
    });
    store.fault = () => undefined;
    expect(await made(server)).toMatchObject({ state: "ready", events: 10 });
    // Nothing is left of those that failed.
    expect([...store.objects.keys()].filter((key) => key.includes("events"))).toHaveLength(1);
  });
});
