/** What the S3 adapter makes of an endpoint that fails, is slow, or lies. Over real HTTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BlobResult } from "../../../src/blob/blob-failure.ts";
import { BlobStreamError } from "../../../src/blob/blob-failure.ts";
import type { BlobStore } from "../../../src/blob/blob-store.ts";
import { openBlobStore } from "../../../src/blob/open.ts";
import {
  collected,
  firstDifference,
  failure,
  newFolder,
  newKey,
  someBytes,
  value,
} from "../../support/blob-conformance.ts";
import { S3_CREDENTIALS, type S3Fault, S3Server } from "../../support/s3-server.ts";
import { s3SettingsOf } from "../../support/s3-settings.ts";

/** Short where the test is about it, long where a busy machine might make it fail. */
const SHORT_MS = 100;
const LONG_MS = 20_000;
let timeoutMs = LONG_MS;

let server: S3Server;
beforeAll(async () => {
  server = await S3Server.start();
});
beforeEach(() => {
  server.fault = () => undefined;
  timeoutMs = LONG_MS;
});
afterAll(() => server.stop());

function open(settings: Partial<ReturnType<typeof s3SettingsOf>> = {}): BlobStore {
  const all = { ...s3SettingsOf(server), ...settings };
  const store = value(openBlobStore(all, { timeoutMs }));
  if (store === undefined) {
    throw new Error("The settings name a store.");
  }
  return store;
}

/** An object of 10,000 bytes. */
async function stored(): Promise<string> {
  const key = newKey();
  value(await open().put(key, someBytes(10_000)));
  return key;
}

interface Operation {
  readonly name: string;
  /** Prepares what the operation needs while nothing goes wrong. */
  readonly prepare: () => Promise<() => Promise<BlobResult<unknown>>>;
}

async function uploadWithOnePart() {
  const upload = value(await open().openUpload(newKey()));
  return { upload, receipt: value(await upload.uploadPart(1, someBytes(100))) };
}

const OPERATIONS: readonly Operation[] = [
  { name: "put", prepare: async () => () => open().put(newKey(), someBytes(100)) },
  {
    name: "read",
    prepare: async () => {
      const key = await stored();
      return () => open().read(key);
    },
  },
  {
    name: "read of a range",
    prepare: async () => {
      const key = await stored();
      return () => open().read(key, { offset: 5, length: 1_000 });
    },
  },
  {
    name: "stream",
    prepare: async () => {
      const key = await stored();
      return () => streamed(open(), key);
    },
  },
  {
    name: "info",
    prepare: async () => {
      const key = await stored();
      return () => open().info(key);
    },
  },
  { name: "delete", prepare: async () => () => open().delete([newKey()]) },
  { name: "list", prepare: async () => () => open().list(newFolder()) },
  { name: "open upload", prepare: async () => () => open().openUpload(newKey()) },
  {
    name: "upload part",
    prepare: async () => {
      const { upload } = await uploadWithOnePart();
      return () => upload.uploadPart(2, someBytes(100));
    },
  },
  {
    name: "complete",
    prepare: async () => {
      const { upload, receipt } = await uploadWithOnePart();
      return () => upload.complete([receipt]);
    },
  },
  {
    name: "abort",
    prepare: async () => {
      const { upload } = await uploadWithOnePart();
      return () => upload.abort();
    },
  },
];

/** Reads a stream to its end, with its way of failing made a result. */
async function streamed(store: BlobStore, key: string): Promise<BlobResult<Uint8Array>> {
  const stream = await store.stream(key);
  if (!stream.ok) {
    return stream;
  }
  try {
    return { ok: true, value: await collected(stream.value.body) };
  } catch (error) {
    if (error instanceof BlobStreamError) {
      return { ok: false, failure: error.failure };
    }
    throw error;
  }
}

/** How an operation fails while a fault is there. */
async function failureOf({ prepare }: Operation, fault: S3Fault) {
  const run = await prepare();
  server.failNext(fault, 2);
  const { message, ...rest } = failure(await run());
  if (message.includes(S3_CREDENTIALS.secretAccessKey)) {
    throw new Error("The message holds the secret.");
  }
  return rest;
}

const MOMENTARY = { code: "blob_unavailable", retryable: true };
const MISCONFIGURED = { code: "blob_misconfigured", retryable: false };

describe.each(OPERATIONS)("$name", (operation) => {
  test("a timeout is a retryable failure", async () => {
    timeoutMs = SHORT_MS;
    expect(await failureOf(operation, { kind: "delay", ms: 5_000 })).toEqual(MOMENTARY);
  });

  test("a connection that breaks is a retryable failure", async () => {
    expect(await failureOf(operation, { kind: "reset" })).toEqual(MOMENTARY);
  });

  test.each([
    [503, "SlowDown"],
    [500, "InternalError"],
    [429, "TooManyRequests"],
    [400, "RequestTimeout"],
  ])("an answer of %i %s is a retryable failure", async (status, code) => {
    expect(await failureOf(operation, { kind: "error", status, code })).toEqual(MOMENTARY);
  });

  test.each([
    [403, "AccessDenied"],
    [404, "NoSuchBucket"],
    [404, "NoSuchConfiguration"],
    [501, "NotImplemented"],
  ])("an answer of %i %s is for a person to mend", async (status, code) => {
    expect(await failureOf(operation, { kind: "error", status, code })).toEqual(MISCONFIGURED);
  });

  test.each([200, 404, 403])("a web page with the status %i is a clear failure", async (status) => {
    expect(await failureOf(operation, { kind: "page", status })).toEqual(MISCONFIGURED);
  });

  test("a proxy's page with the status 502 is a retryable failure", async () => {
    expect(await failureOf(operation, { kind: "page", status: 502 })).toEqual(MOMENTARY);
  });

  test("what works after a failure works as if there had been none", async () => {
    const run = await operation.prepare();
    server.failNext({ kind: "error", status: 503, code: "SlowDown" });
    expect(failure(await run())).toMatchObject(MOMENTARY);
    expect((await run()).ok).toBe(true);
  });
});

describe.each(OPERATIONS.filter(({ name }) => /^(list|open upload|complete)$/.test(name)))(
  "$name",
  (operation) => {
    test.each(["", "OK", '{"ok":true}', "<Result>", "<ListBucketResultX>", "\0\u0001"])(
      "an endpoint that answers garbage is a clear failure (%j)",
      async (text) => {
        const fault = { kind: "page", status: 200, type: "application/xml", text } as const;
        expect(await failureOf(operation, fault)).toEqual(MISCONFIGURED);
      },
    );
  },
);

describe("bodies", () => {
  const reads = OPERATIONS.filter(({ name }) => /^(read|read of a range|stream)$/.test(name));

  test.each(reads)("a truncated answer is a failure, not short data ($name)", async (operation) => {
    expect(await failureOf(operation, { kind: "truncate", bytes: 500 })).toEqual(MOMENTARY);
  });

  test.each(reads)("an answer that stalls is a retryable failure ($name)", async (operation) => {
    timeoutMs = SHORT_MS;
    expect(await failureOf(operation, { kind: "stall", bytes: 500 })).toEqual(MOMENTARY);
  });

  test("a range that comes shorter than it says is a failure, not short data", async () => {
    const key = await stored();
    server.failNext({ kind: "short", bytes: 500 });
    const answer = await open().read(key, { offset: 0, length: 1_000 });
    expect(failure(answer)).toMatchObject({ code: "blob_corrupt", retryable: true });
  });

  test("another range than the one that was asked for is a failure", async () => {
    const key = await stored();
    server.failNext({ kind: "headers", headers: { "content-range": "bytes 1-1000/10000" } });
    const answer = await open().read(key, { offset: 0, length: 1_000 });
    expect(failure(answer).code).toBe("blob_corrupt");
  });

  test("an endpoint that ignores ranges is a clear failure", async () => {
    const key = await stored();
    const fault = { kind: "page", status: 200, type: "application/octet-stream" } as const;
    server.failNext({ ...fault, text: "x".repeat(10_000) });
    const answer = await open().read(key, { offset: 5, length: 1_000 });
    expect(failure(answer).code).toBe("blob_misconfigured");
  });

  test("an answer without a length is a clear failure", async () => {
    const key = await stored();
    const headers = { "content-length": undefined, "transfer-encoding": "chunked" };
    server.failNext({ kind: "headers", headers });
    expect(failure(await open().read(key)).code).toBe("blob_misconfigured");
  });

  test("wrong bytes of the right number are passed on: the caller's checksum is for them", async () => {
    const key = await stored();
    server.failNext({ kind: "garble" });
    const bytes = value(await open().read(key));
    expect(bytes.length).toBe(10_000);
    expect(bytes).not.toEqual(someBytes(10_000));
  });

  test("nothing is asked for in a compressed form, which would have another length", async () => {
    const key = await stored();
    value(await open().read(key));
    expect(server.calls.at(-1)?.headers["accept-encoding"]).toBe("identity");
  });
});

describe("writes", () => {
  test("a put whose answer was lost is put again without harm", async () => {
    const key = newKey();
    server.failNext({ kind: "lost" });
    expect(failure(await open().put(key, someBytes(10))).retryable).toBe(true);
    value(await open().put(key, someBytes(10)));
    expect(firstDifference(value(await open().read(key)), someBytes(10))).toBeUndefined();
  });

  test("a completion whose answer was lost succeeds when it is repeated", async () => {
    const { upload, receipt } = await uploadWithOnePart();
    server.failNext({ kind: "lost" });
    expect(failure(await upload.complete([receipt])).retryable).toBe(true);
    const info = { key: upload.ticket.key, size: 100 };
    expect(value(await upload.complete([receipt]))).toEqual(info);
    expect(
      firstDifference(value(await open().read(upload.ticket.key)), someBytes(100)),
    ).toBeUndefined();
  });

  test("a completion that fails with the status 200 is a retryable failure", async () => {
    const { upload, receipt } = await uploadWithOnePart();
    server.failNext({ kind: "error", status: 200, code: "InternalError" });
    expect(failure(await upload.complete([receipt]))).toMatchObject({
      code: "blob_unavailable",
      retryable: true,
    });
    value(await upload.complete([receipt]));
  });

  test("a completion that the store keeps waiting with spaces succeeds", async () => {
    const { upload, receipt } = await uploadWithOnePart();
    server.failNext({
      kind: "rewrite",
      body: (text) => text.replace("?>", `?>${" ".repeat(999)}`),
    });
    expect(value(await upload.complete([receipt])).size).toBe(100);
  });

  test("what is acknowledged without an ETag was not stored by S3", async () => {
    server.failNext({ kind: "headers", headers: { etag: undefined } });
    expect(failure(await open().put(newKey(), someBytes(1))).code).toBe("blob_misconfigured");
  });

  test("a caller that retries loses nothing when every third call fails", async () => {
    const folder = newFolder();
    const kinds: S3Fault[] = [
      { kind: "error", status: 503, code: "SlowDown" },
      { kind: "reset" },
      { kind: "lost" },
      { kind: "truncate", bytes: 3 },
    ];
    server.fault = (_, number) => (number % 3 === 0 ? kinds[(number / 3) % 4] : undefined);
    const keys = Array.from({ length: 30 }, (_, index) => `${folder}${index + 10}.seg`);
    for (const [index, key] of keys.entries()) {
      await retried(() => open().put(key, someBytes(1_000, index)));
    }
    for (const [index, key] of keys.entries()) {
      expect(
        firstDifference(await retried(() => open().read(key)), someBytes(1_000, index)),
      ).toBeUndefined();
    }
    const listed = await retried(() => open().list(folder));
    expect(listed.blobs.map(({ key }) => key)).toEqual(keys);
    for (const key of keys) {
      await retried(() => open().delete([key]));
    }
    expect(await retried(() => open().list(folder))).toEqual({ blobs: [] });
  });
});

async function retried<T>(operation: () => Promise<BlobResult<T>>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const result = await operation();
    if (result.ok || !result.failure.retryable || attempt === 40) {
      return value(result);
    }
  }
}

describe("listings that lie", () => {
  const cases: readonly [string, (folder: string) => (text: string) => string][] = [
    ["is out of order", () => (text) => text.replaceAll("1.seg", "9.seg")],
    [
      "names another tenant's object",
      (folder) => (text) => text.replace(`<Key>${folder}`, "<Key>x/"),
    ],
    ["is cut short", () => (text) => text.slice(0, -30)],
    ["has no sizes", () => (text) => text.replaceAll(/<Size>\d+<\/Size>/g, "")],
    ["does not say whether more follows", () => (text) => text.replace(/<IsTruncated>.*?</, "<")],
    ["goes on without saying where", () => (text) => text.replace(">false<", ">true<")],
  ];
  test.each(cases)("a listing that %s is a failure", async (_, change) => {
    const folder = newFolder();
    for (const name of ["1.seg", "2.seg"]) {
      value(await open().put(`${folder}${name}`, someBytes(1)));
    }
    server.failNext({ kind: "rewrite", body: change(folder) });
    expect(failure(await open().list(folder)).code).toBe("blob_corrupt");
    expect(value(await open().list(folder)).blobs).toHaveLength(2);
  });

  test("a listing that would go round in a circle is a failure", async () => {
    const folder = newFolder();
    for (const name of ["1.seg", "2.seg", "3.seg"]) {
      value(await open().put(`${folder}${name}`, someBytes(1)));
    }
    const { cursor = "" } = value(await open().list(folder, { limit: 1 }));
    const token = /<NextContinuationToken>.*?</;
    const body = (text: string) => text.replace(token, `<NextContinuationToken>${cursor}<`);
    server.failNext({ kind: "rewrite", body });
    const answer = await open().list(folder, { limit: 1, cursor });
    expect(failure(answer).code).toBe("blob_corrupt");
  });

  test("objects of others in the bucket are left out, whatever their names", async () => {
    const folder = newFolder();
    for (const name of ["1.seg", "A & <b>", "\u{1F600}", "\u{FFFD}", "README"]) {
      server.objects.set(`${folder}${name}`, { bytes: someBytes(1), etag: "e", mark: undefined });
    }
    expect(value(await open().list(folder)).blobs).toEqual([{ key: `${folder}1.seg`, size: 1 }]);
  });
});

describe("settings", () => {
  test("wrong credentials are a clear failure that does not show them", async () => {
    const store = open({ REKISHI_S3_SECRET_ACCESS_KEY: "not-the-secret" });
    const { code, message } = failure(await store.put(newKey(), someBytes(1)));
    expect(code).toBe("blob_misconfigured");
    expect(message).toContain("403 SignatureDoesNotMatch");
    expect(message).not.toContain("not-the-secret");
  });

  test("a wrong region and a wrong bucket are clear failures, also for info", async () => {
    for (const settings of [{ REKISHI_S3_REGION: "mars-1" }, { REKISHI_S3_BUCKET: "another" }]) {
      const store = open(settings);
      expect(failure(await store.info(newKey())).code).toBe("blob_misconfigured");
      expect(failure(await store.read(newKey())).code).toBe("blob_misconfigured");
      expect(failure(await store.list("")).code).toBe("blob_misconfigured");
    }
  });

  test("a redirect is not followed: the signature is for this host", async () => {
    const key = await stored();
    const calls = server.calls.length;
    server.failNext({ kind: "error", status: 301, code: "PermanentRedirect" });
    expect(failure(await open().read(key)).code).toBe("blob_misconfigured");
    expect(server.calls.length).toBe(calls + 1);
  });

  test("an endpoint where nobody listens is a retryable failure", async () => {
    const store = open({ REKISHI_S3_ENDPOINT: "http://127.0.0.1:9" });
    expect(failure(await store.read(newKey()))).toMatchObject({
      code: "blob_unavailable",
      retryable: true,
    });
  });
});
