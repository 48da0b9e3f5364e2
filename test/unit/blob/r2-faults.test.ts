/** What the R2 adapter makes of a binding that fails, is slow, or lies. */
import { describe, expect, test } from "vitest";
import type { BlobFailureCode } from "../../../src/blob/blob-failure.ts";
import type { BlobStore } from "../../../src/blob/blob-store.ts";
import { type BlobSettings, openBlobStore } from "../../../src/blob/open.ts";
import { collected, failure, newKey, someBytes, value } from "../../support/blob-conformance.ts";

type Bucket = NonNullable<BlobSettings["REKISHI_BLOBS"]>;
type Method = Exclude<keyof Bucket, "resumeMultipartUpload">;

const TICKET = { key: newKey(), uploadId: "u", mark: "m", partBytes: 5 * 1024 * 1024 };
const RECEIPT = { part: 1, size: 100, tag: "etag" };

/** Every method of the binding does the same. */
function storeWhere(behave: () => Promise<never>, timeoutMs = 20_000): BlobStore {
  const upload = { uploadId: "u", uploadPart: behave, complete: behave, abort: behave };
  return storeOf({ resumeMultipartUpload: () => upload }, behave, timeoutMs);
}

function storeOf(
  bucket: Partial<Bucket>,
  otherwise: () => Promise<never> = async () => {
    throw new Error("not expected");
  },
  timeoutMs = 20_000,
): BlobStore {
  const names: Method[] = ["put", "get", "head", "delete", "list", "createMultipartUpload"];
  const all = Object.fromEntries(names.map((name) => [name, otherwise]));
  const REKISHI_BLOBS = { ...all, ...bucket } as unknown as Bucket;
  const store = value(openBlobStore({ REKISHI_BLOBS }, { timeoutMs }));
  if (store === undefined) {
    throw new Error("The settings name a store.");
  }
  return store;
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
  ["complete", (store: BlobStore) => uploadOf(store).complete([RECEIPT])],
  ["abort", (store: BlobStore) => uploadOf(store).abort()],
] as const;

function uploadOf(store: BlobStore) {
  return value(store.resumeUpload(TICKET));
}

describe.each(OPERATIONS)("%s", (_, operation) => {
  test("a timeout is a retryable failure", async () => {
    const store = storeWhere(() => new Promise(() => {}), 50);
    expect(failure(await operation(store))).toMatchObject({
      code: "blob_unavailable",
      retryable: true,
    });
  });

  test.each<[string, BlobFailureCode]>([
    ["We encountered an internal error. Please try again. (10001)", "blob_unavailable"],
    ["Reduce your request rate. (10058)", "blob_unavailable"],
    ["Network connection lost.", "blob_unavailable"],
    ["The specified bucket does not exist. (10006)", "blob_misconfigured"],
    ["Not entitled. (10042)", "blob_misconfigured"],
  ])("an error of the binding is a failure (%s)", async (message, code) => {
    const store = storeWhere(() => Promise.reject(new Error(`op: ${message}`)));
    expect(failure(await operation(store)).code).toBe(code);
  });
});

describe("lies", () => {
  test("a put that stored another number of bytes is a failure", async () => {
    const store = storeOf({ put: async (key) => ({ key, size: 99 }) });
    expect(failure(await store.put(newKey(), someBytes(100))).code).toBe("blob_corrupt");
  });

  test.each([50, 150])("an answer of %i bytes instead of 100 is a failure", async (sent) => {
    const store = storeOf({ get: async (key) => objectOf(key, 100, someBytes(sent)) });
    expect(failure(await store.read(newKey()))).toMatchObject({
      code: "blob_corrupt",
      retryable: true,
    });
    const stream = value(await store.stream(newKey()));
    await expect(collected(stream.body)).rejects.toMatchObject({
      failure: { code: "blob_corrupt" },
    });
  });

  test("a range that reaches past the end is a failure, not short data", async () => {
    const store = storeOf({ get: async (key) => objectOf(key, 100, someBytes(10)) });
    const answer = await store.read(newKey(), { offset: 90, length: 20 });
    expect(failure(answer).code).toBe("blob_range_unsatisfiable");
  });

  test("a completed object of another size is a failure", async () => {
    const store = storeOf({
      resumeMultipartUpload: () => ({
        uploadId: "u",
        uploadPart: async (part) => ({ partNumber: part, etag: "e" }),
        complete: async () => ({ key: TICKET.key, size: 7 }),
        abort: async () => {},
      }),
    });
    expect(failure(await uploadOf(store).complete([RECEIPT])).code).toBe("blob_corrupt");
  });

  test("a listing that says more follows but not where is a failure", async () => {
    const store = storeOf({ list: async () => ({ objects: [], truncated: true }) });
    expect(failure(await store.list("")).code).toBe("blob_corrupt");
  });

  test("a completed upload is recognised by its mark, not by its size alone", async () => {
    const gone = async () => {
      throw new Error("completeMultipartUpload: No such upload. (10024)");
    };
    const upload = { uploadId: "u", uploadPart: gone, complete: gone, abort: gone };
    const complete = (mark: string, size: number) =>
      uploadOf(
        storeOf({
          resumeMultipartUpload: () => upload,
          head: async (key) => ({ key, size, customMetadata: { "rekishi-upload": mark } }),
        }),
      ).complete([RECEIPT]);
    value(await complete("m", 100));
    expect(failure(await complete("other", 100)).code).toBe("blob_upload_not_found");
    expect(failure(await complete("m", 99)).code).toBe("blob_upload_not_found");
  });

  test("an upload that may be complete is not given up for lost while nobody can tell", async () => {
    const gone = async () => {
      throw new Error("completeMultipartUpload: No such upload. (10024)");
    };
    const busy = async () => {
      throw new Error("head: Reduce your request rate. (10058)");
    };
    const upload = { uploadId: "u", uploadPart: gone, complete: gone, abort: gone };
    const store = storeOf({ resumeMultipartUpload: () => upload, head: busy });
    expect(failure(await uploadOf(store).complete([RECEIPT])).retryable).toBe(true);
  });
});

function objectOf(key: string, size: number, bytes: Uint8Array) {
  const body = new Response(bytes).body ?? new ReadableStream<Uint8Array>();
  return { key, size, body, arrayBuffer: async () => new Uint8Array(bytes).buffer };
}
