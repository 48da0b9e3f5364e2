/** What the disk adapter makes of a service that fails, is slow, or is not one. */
import { describe, expect, test } from "vitest";
import type { BlobStore } from "../../../src/blob/blob-store.ts";
import { openBlobStore } from "../../../src/blob/open.ts";
import { failure, newKey, someBytes, value } from "../../support/blob-conformance.ts";

type Serve = (url: string, init?: RequestInit) => Promise<Response>;

function storeWhere(serve: Serve, timeoutMs = 20_000): BlobStore {
  const store = value(openBlobStore({ REKISHI_BLOB_DISK: { fetch: serve } }, { timeoutMs }));
  if (store === undefined) {
    throw new Error("The settings name a store.");
  }
  return store;
}

const UPLOAD = "00000000-0000-4000-8000-000000000000";
const TICKET = { key: newKey(), uploadId: UPLOAD, mark: UPLOAD, partBytes: 5 * 1024 * 1024 };

function uploadOf(store: BlobStore, uploadId = UPLOAD) {
  return value(store.resumeUpload({ ...TICKET, uploadId }));
}

const OPERATIONS = [
  ["put", (store: BlobStore) => store.put(newKey(), someBytes(100))],
  ["read", (store: BlobStore) => store.read(newKey())],
  ["stream", (store: BlobStore) => store.stream(newKey())],
  ["info", (store: BlobStore) => store.info(newKey())],
  ["delete", (store: BlobStore) => store.delete([newKey()])],
  ["list", (store: BlobStore) => store.list("")],
  ["open upload", (store: BlobStore) => store.openUpload(newKey())],
  ["upload part", (store: BlobStore) => uploadOf(store).uploadPart(1, someBytes(100))],
  ["complete", (store: BlobStore) => uploadOf(store).complete([{ part: 1, size: 1, tag: "" }])],
  ["abort", (store: BlobStore) => uploadOf(store).abort()],
] as const;

describe.each(OPERATIONS)("%s", (_, operation) => {
  test("a timeout is a retryable failure", async () => {
    const store = storeWhere(() => new Promise(() => {}), 50);
    expect(failure(await operation(store))).toMatchObject({
      code: "blob_unavailable",
      retryable: true,
    });
  });

  test("a disk that fails is a retryable failure", async () => {
    const full = storeWhere(async () => {
      throw new Error("internal error; reference = abc");
    });
    expect(failure(await operation(full))).toMatchObject({
      code: "blob_unavailable",
      retryable: true,
    });
    const broken = storeWhere(async () => new Response("", { status: 500 }));
    expect(failure(await operation(broken)).code).toBe("blob_unavailable");
  });

  test.each([200, 403, 405, 501])(
    "a service that is not a writable disk is a clear failure (%i)",
    async (status) => {
      const headers = { "content-type": "text/html" };
      const store = storeWhere(async () => new Response("<h1>Hi</h1>", { status, headers }));
      expect(failure(await operation(store))).toMatchObject({
        code: "blob_misconfigured",
        retryable: false,
      });
    },
  );
});

test.each(["", "{}", "null", '[{"name":1}]', '[{"name":"a.seg"}]', "[null]"])(
  "a listing that is garbage is a clear failure (%j)",
  async (text) => {
    const headers = { "content-type": "application/json" };
    const store = storeWhere(async () => new Response(text, { headers }));
    expect(failure(await store.list("")).code).toBe("blob_misconfigured");
  },
);

test("a ticket whose upload id is a path reaches no file", async () => {
  const asked: string[] = [];
  const store = storeWhere(async (url) => {
    asked.push(new URL(url).pathname);
    return new Response("", { status: 404 });
  });
  const upload = uploadOf(store, "../tenants");
  expect(failure(await upload.uploadPart(1, someBytes(1))).code).toBe("blob_upload_not_found");
  const answer = await upload.complete([{ part: 1, size: 1, tag: "" }]);
  expect(failure(answer).code).toBe("blob_upload_not_found");
  value(await upload.abort());
  expect(asked.filter((path) => !path.startsWith(`/${TICKET.key}`))).toEqual([]);
});
