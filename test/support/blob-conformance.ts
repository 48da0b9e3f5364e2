/** What every blob store guarantees, whatever is behind it. Runs in Node and inside a Worker. */
import { describe, expect, test } from "vitest";
import type { BlobFailure, BlobResult } from "../../src/blob/blob-failure.ts";
import { PART_BYTES_MIN, WHOLE_BYTES_MAX } from "../../src/blob/blob-limits.ts";
import type { BlobPage, BlobStore } from "../../src/blob/blob-store.ts";
import type { BlobUpload } from "../../src/blob/blob-upload.ts";

/** Cases that a simulated store answers with "internal error" instead of the reason. Still failures, but vague ones. */
export type VagueFailure = "range from the end" | "upload that never was";

export interface StoreUnderTest {
  readonly vague?: readonly VagueFailure[];
  open(): BlobStore;
  /** The same store as another process sees it: nothing is kept in memory. */
  reopen(): Promise<BlobStore>;
}

/** Registers the tests; call it within a `describe` that names the store. */
export function describeBlobStore(store: StoreUnderTest): void {
  const open = (): BlobStore => store.open();
  describe("objects", () => {
    describeObjects(open);
  });
  describe("ranges", () => {
    describeRanges(open, store.vague ?? []);
  });
  describe("keys", () => {
    describeKeys(open);
  });
  describe("listing", () => {
    describeListing(open);
  });
  describe("uploads", () => {
    describeUploads(open);
  });
  describe("uploads that go on", () => {
    describeResumedUploads(store);
  });
}

function describeObjects(open: () => BlobStore): void {
  test.each([0, 1, 4_095, 65_536, 1_000_003, 4 * 1024 * 1024])(
    "a read gives exactly the bytes that were put (%i)",
    async (size) => {
      const [store, key, bytes] = [open(), newKey(), someBytes(size)];
      expect(value(await store.put(key, bytes))).toEqual({ key, size });
      expect(firstDifference(value(await store.read(key)), bytes)).toBeUndefined();
      expect(value(await store.info(key))).toEqual({ key, size });
    },
  );

  test("a view into a larger buffer is stored as the view", async () => {
    const [store, key, bytes] = [open(), newKey(), someBytes(1_000)];
    value(await store.put(key, bytes.subarray(100, 200)));
    expect(firstDifference(value(await store.read(key)), bytes.subarray(100, 200))).toBeUndefined();
  });

  test.each([0, 10, 3_000_001])(
    "a stream gives the same bytes and says how many (%i)",
    async (size) => {
      const [store, key, bytes] = [open(), newKey(), someBytes(size)];
      value(await store.put(key, bytes));
      const stream = value(await store.stream(key));
      expect(stream.size).toBe(size);
      expect(firstDifference(await collected(stream.body), bytes)).toBeUndefined();
    },
  );

  test("a stream may be left before its end", async () => {
    const [store, key] = [open(), newKey()];
    value(await store.put(key, someBytes(3_000_000)));
    const reader = value(await store.stream(key)).body.getReader();
    expect((await reader.read()).value?.length).toBeGreaterThan(0);
    await reader.cancel();
    const unread = value(await store.stream(key)).body;
    await unread.cancel();
    expect(value(await store.read(key)).length).toBe(3_000_000);
  });

  test("a second put replaces the first", async () => {
    const [store, key] = [open(), newKey()];
    value(await store.put(key, someBytes(5_000, 1)));
    value(await store.put(key, someBytes(300, 2)));
    expect(firstDifference(value(await store.read(key)), someBytes(300, 2))).toBeUndefined();
  });

  test("what is not there is not found", async () => {
    const [store, key] = [open(), newKey()];
    for (const answer of [await store.read(key), await store.stream(key), await store.info(key)]) {
      expect(failure(answer)).toMatchObject({ code: "blob_not_found", retryable: false });
    }
  });

  test("deleting twice is fine", async () => {
    const store = open();
    const keys = [newKey(), newKey(), newKey()];
    value(await store.put(keys[0] ?? "", someBytes(10)));
    value(await store.put(keys[1] ?? "", someBytes(10)));
    value(await store.delete(keys));
    value(await store.delete(keys));
    value(await store.delete([]));
    expect(failure(await store.read(keys[0] ?? "")).code).toBe("blob_not_found");
  });

  test("a deletion touches nothing beside or below", async () => {
    const store = open();
    const folder = newFolder();
    for (const name of ["a.seg", "a.seg.bak", "a/b.seg", "ab.seg"]) {
      value(await store.put(`${folder}${name}`, someBytes(3)));
    }
    value(await store.delete([`${folder}a.seg`]));
    expect(keysOf(value(await store.list(folder)))).toEqual(
      ["a.seg.bak", "a/b.seg", "ab.seg"].map((name) => `${folder}${name}`),
    );
  });

  test("what is too large for one piece is refused before it is sent", async () => {
    const answer = await open().put(newKey(), new Uint8Array(WHOLE_BYTES_MAX + 1));
    expect(failure(answer).code).toBe("blob_request_invalid");
  });

  test("many readers and writers at once do not meet", async () => {
    const store = open();
    const folder = newFolder();
    const sizes = Array.from({ length: 40 }, (_, index) => index * 1_000);
    const read = await Promise.all(
      sizes.map(async (size) => {
        const key = `${folder}${size}.seg`;
        value(await store.put(key, someBytes(size, size)));
        return value(await store.read(key));
      }),
    );
    read.forEach((bytes, index) =>
      expect(firstDifference(bytes, someBytes(index * 1_000, index * 1_000))).toBeUndefined(),
    );
  });
}

function describeRanges(open: () => BlobStore, vague: readonly VagueFailure[]): void {
  const isVague = vague.includes("range from the end");

  test.each([
    { offset: 0, length: 1 },
    { offset: 0, length: 10_000 },
    { offset: 9_999, length: 1 },
    { offset: 1_234, length: 4_321 },
  ])("a range gives exactly its bytes ($offset, $length)", async (range) => {
    const [store, key, bytes] = [open(), newKey(), someBytes(10_000)];
    value(await store.put(key, bytes));
    const expected = bytes.subarray(range.offset, range.offset + range.length);
    expect(firstDifference(value(await store.read(key, range)), expected)).toBeUndefined();
    const stream = value(await store.stream(key, range));
    expect(stream.size).toBe(range.length);
    expect(firstDifference(await collected(stream.body), expected)).toBeUndefined();
  });

  test.each([
    { offset: 0, length: 10_001 },
    { offset: 9_999, length: 2 },
    { offset: 10_000, length: 1 },
    { offset: 2 ** 40, length: 5 },
  ])("a range that reaches past the end is a failure, not short data ($offset)", async (range) => {
    const [store, key] = [open(), newKey()];
    value(await store.put(key, someBytes(10_000)));
    const expected =
      isVague && range.offset === 10_000
        ? { code: "blob_unavailable", retryable: true }
        : { code: "blob_range_unsatisfiable", retryable: false };
    expect(failure(await store.read(key, range))).toMatchObject(expected);
    expect(failure(await store.stream(key, range))).toMatchObject(expected);
  });

  test.each([
    { offset: -1, length: 5 },
    { offset: 0, length: 0 },
    { offset: 0.5, length: 1 },
    { offset: 0, length: Number.NaN },
    { offset: 2 ** 53 - 1, length: 1 },
  ])("what is no range is refused ($offset, $length)", async (range) => {
    expect(failure(await open().read(newKey(), range)).code).toBe("blob_request_invalid");
  });

  test("an empty object has no range", async () => {
    const [store, key] = [open(), newKey()];
    value(await store.put(key, new Uint8Array()));
    const answer = await store.read(key, { offset: 0, length: 1 });
    expect(failure(answer).code).toBe(isVague ? "blob_unavailable" : "blob_range_unsatisfiable");
  });

  test("a range of what is not there is not found", async () => {
    const answer = await open().read(newKey(), { offset: 0, length: 1 });
    expect(failure(answer).code).toBe("blob_not_found");
  });
}

const BAD_KEYS = [
  "",
  "/a.seg",
  "a//b.seg",
  "a/",
  "tenants/1/../2/a.seg",
  "../a.seg",
  "..",
  "./a.seg",
  "a/..seg",
  "tenants/%2e%2e/a.seg",
  "tenants\\..\\a.seg",
  "a.seg?x=1",
  "a.seg#x",
  "a b.seg",
  "a.seg\n",
  "a.seg\0",
  "A.seg",
  "契約.seg",
  "a~/b.seg",
  "parts~/x/upload.json",
  ".hidden",
  "tenants/1.2/a.seg",
  "folder/noextension",
  `${"x".repeat(128)}.seg`,
  `${"folder/".repeat(80)}a.seg`,
];

function describeKeys(open: () => BlobStore): void {
  test.each(BAD_KEYS)("a key that tries to leave its prefix is refused (%j)", async (key) => {
    const store = open();
    const ticket = { key, uploadId: "u", mark: "m", partBytes: PART_BYTES_MIN };
    const answers = [
      await store.put(key, someBytes(1)),
      await store.read(key),
      await store.stream(key),
      await store.info(key),
      await store.delete([newKey(), key]),
      await store.openUpload(key),
      store.resumeUpload(ticket),
    ];
    for (const answer of answers) {
      expect(failure(answer)).toMatchObject({ code: "blob_request_invalid", retryable: false });
    }
  });

  test.each(["tenants/1", "/", "tenants/../", "tenants//", "tenants/1.2/", "T/", "%2e%2e/"])(
    "a prefix that is not whole folders is refused (%j)",
    async (prefix) => {
      expect(failure(await open().list(prefix)).code).toBe("blob_request_invalid");
    },
  );

  test("the longest key works", async () => {
    const store = open();
    const key = `${newFolder()}${`${"f".repeat(99)}/`.repeat(3)}${"x".repeat(124)}.seg`;
    value(await store.put(key, someBytes(3)));
    expect(firstDifference(value(await store.read(key)), someBytes(3))).toBeUndefined();
    value(await store.delete([key]));
  });
}

function describeListing(open: () => BlobStore): void {
  /** In the order of their bytes, which is not the order in which a disk lists folders and files. */
  const NAMES = ["a-b/1.seg", "a-b/2.seg", "a.seg", "a/1.seg", "a/b/c.seg", "ab.seg", "b_c.tar.gz"];

  test("list pages through more than one page in key order", async () => {
    const store = open();
    const folder = newFolder();
    for (const name of NAMES.toReversed()) {
      value(await store.put(`${folder}${name}`, someBytes(name.length)));
    }
    const expected = NAMES.map((name) => ({ key: `${folder}${name}`, size: name.length }));
    for (const limit of [1, 2, 3, 6, 7, 100]) {
      const pages = await pagesOf(store, folder, limit);
      expect(pages.flatMap(({ blobs }) => blobs)).toEqual(expected);
      expect(pages.length).toBeGreaterThanOrEqual(Math.ceil(NAMES.length / limit));
      expect(pages.every(({ blobs }) => blobs.length <= limit)).toBe(true);
    }
  });

  test("a listing stays within its prefix", async () => {
    const store = open();
    const folder = newFolder();
    for (const name of ["1/a.seg", "10/a.seg", "1-/a.seg", "1.seg"]) {
      value(await store.put(`${folder}${name}`, someBytes(1)));
    }
    expect(keysOf(value(await store.list(`${folder}1/`)))).toEqual([`${folder}1/a.seg`]);
  });

  test("a listing of nothing is an empty page", async () => {
    const store = open();
    expect(value(await store.list(newFolder()))).toEqual({ blobs: [] });
    const key = newKey();
    value(await store.put(key, someBytes(1)));
    value(await store.delete([key]));
    expect(value(await store.list(key.slice(0, key.lastIndexOf("/") + 1)))).toEqual({ blobs: [] });
  });

  test("the empty prefix lists everything", async () => {
    const [store, key] = [open(), newKey()];
    value(await store.put(key, someBytes(1)));
    const pages = await pagesOf(store, "", 1_000);
    expect(pages.flatMap(keysOf)).toContain(key);
  });

  test("what is deleted between two pages does not end the listing", async () => {
    const store = open();
    const folder = newFolder();
    for (const name of ["1.seg", "2.seg", "3.seg", "4.seg"]) {
      value(await store.put(`${folder}${name}`, someBytes(1)));
    }
    const { cursor } = value(await store.list(folder, { limit: 2 }));
    value(await store.delete([`${folder}2.seg`, `${folder}3.seg`]));
    const page = value(await store.list(folder, { limit: 2, cursor: cursor ?? "" }));
    expect(keysOf(page)).toEqual([`${folder}4.seg`]);
  });

  test.each([0, -1, 1.5, 1_001])("a page of %d is refused", async (limit) => {
    expect(failure(await open().list("", { limit })).code).toBe("blob_request_invalid");
  });
}

const PARTS = [someBytes(PART_BYTES_MIN, 1), someBytes(PART_BYTES_MIN, 2), someBytes(70_001, 3)];
const WHOLE = joined(PARTS);

function describeUploads(open: () => BlobStore): void {
  test("an upload in parts gives one object, whole, as a stream and in ranges", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key, PART_BYTES_MIN));
    const receipts = await sendParts(upload, [1, 2, 3]);
    const info = { key, size: WHOLE.length };
    expect(value(await upload.complete(receipts))).toEqual(info);
    expect(value(await store.info(key))).toEqual(info);
    expect(value(await store.list(folderOf(key))).blobs).toEqual([info]);
    expect(firstDifference(value(await store.read(key)), WHOLE)).toBeUndefined();
    expect(
      firstDifference(await collected(value(await store.stream(key)).body), WHOLE),
    ).toBeUndefined();
    for (const [offset, length] of [
      [0, 1],
      [PART_BYTES_MIN - 1, 2],
      [PART_BYTES_MIN, PART_BYTES_MIN],
      [3, WHOLE.length - 3],
      [WHOLE.length - 1, 1],
    ] as const) {
      const expected = WHOLE.subarray(offset, offset + length);
      expect(
        firstDifference(value(await store.read(key, { offset, length })), expected),
      ).toBeUndefined();
    }
    const past = await store.read(key, { offset: 1, length: WHOLE.length });
    expect(failure(past).code).toBe("blob_range_unsatisfiable");
    value(await store.delete([key]));
    expect(failure(await store.read(key)).code).toBe("blob_not_found");
    expect(value(await store.list(folderOf(key)))).toEqual({ blobs: [] });
  });

  test("parts may be sent in any order, at once and again", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key, PART_BYTES_MIN));
    value(await upload.uploadPart(2, someBytes(PART_BYTES_MIN, 99)));
    const receipts = await Promise.all(
      [3, 1, 2].map(async (part) => value(await upload.uploadPart(part, partBytes(part)))),
    );
    value(await upload.complete(receipts));
    expect(firstDifference(value(await store.read(key)), WHOLE)).toBeUndefined();
  });

  test("one small part is an object", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key));
    const receipt = value(await upload.uploadPart(1, someBytes(5)));
    value(await upload.complete([receipt]));
    expect(firstDifference(value(await store.read(key)), someBytes(5))).toBeUndefined();
  });

  test("an object is invisible until its upload is complete, and the old one stays till then", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key));
    const receipt = value(await upload.uploadPart(1, someBytes(50, 1)));
    expect(failure(await store.read(key)).code).toBe("blob_not_found");
    expect(value(await store.list(folderOf(key)))).toEqual({ blobs: [] });
    value(await store.put(key, someBytes(7, 2)));
    expect(firstDifference(value(await store.read(key)), someBytes(7, 2))).toBeUndefined();
    value(await upload.complete([receipt]));
    expect(firstDifference(value(await store.read(key)), someBytes(50, 1))).toBeUndefined();
    value(await store.put(key, someBytes(9, 3)));
    expect(firstDifference(value(await store.read(key)), someBytes(9, 3))).toBeUndefined();
    expect(value(await store.list(folderOf(key))).blobs).toEqual([{ key, size: 9 }]);
    value(await store.delete([key]));
    expect(failure(await store.read(key)).code).toBe("blob_not_found");
  });

  test("an upload replaces an upload", async () => {
    const [store, key] = [open(), newKey()];
    for (const seed of [1, 2]) {
      const upload = value(await store.openUpload(key));
      value(
        await upload.complete([value(await upload.uploadPart(1, someBytes(100 * seed, seed)))]),
      );
    }
    expect(firstDifference(value(await store.read(key)), someBytes(200, 2))).toBeUndefined();
  });

  test("an aborted upload leaves nothing", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key, PART_BYTES_MIN));
    const [first] = await sendParts(upload, [1]);
    value(await upload.abort());
    value(await upload.abort());
    expect(value(await store.list(folderOf(key)))).toEqual({ blobs: [] });
    expect(failure(await store.read(key)).code).toBe("blob_not_found");
    const expected = { code: "blob_upload_not_found", retryable: false };
    expect(failure(await upload.uploadPart(2, someBytes(9)))).toMatchObject(expected);
    expect(failure(await upload.complete(first === undefined ? [] : [first]))).toMatchObject(
      expected,
    );
  });

  test("aborting after completion leaves the object", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key));
    value(await upload.complete([value(await upload.uploadPart(1, someBytes(5)))]));
    value(await upload.abort());
    expect(firstDifference(value(await store.read(key)), someBytes(5))).toBeUndefined();
  });

  test("parts that would leave a hole are refused, and the upload goes on", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key, PART_BYTES_MIN));
    const [one, two, three] = await sendParts(upload, [1, 2, 3]);
    if (one === undefined || two === undefined || three === undefined) {
      throw new Error("Three parts were sent.");
    }
    const wrong = [
      [],
      [two],
      [one, three],
      [one, two, two],
      [one, three, { ...two, part: 3 }],
      [one, two, { ...three, size: PART_BYTES_MIN + 1 }],
    ];
    for (const receipts of wrong) {
      expect(failure(await upload.complete(receipts)).code).toBe("blob_request_invalid");
    }
    value(await upload.complete([three, two, one]));
    expect(firstDifference(value(await store.read(key)), WHOLE)).toBeUndefined();
  });

  test("a receipt of a part that was never sent is refused", async () => {
    const [store, key] = [open(), newKey()];
    const upload = value(await store.openUpload(key, PART_BYTES_MIN));
    const [one] = await sendParts(upload, [1]);
    const forged = { part: 2, size: 100, tag: one?.tag ?? "" };
    const answer = await upload.complete(one === undefined ? [] : [one, forged]);
    expect(failure(answer).code).toBe("blob_request_invalid");
    expect(failure(await store.read(key)).code).toBe("blob_not_found");
    value(await upload.abort());
  });

  test.each([
    [0, 1],
    [10_001, 1],
    [1.5, 1],
    [1, 0],
    [1, PART_BYTES_MIN + 1],
  ])("part %d of %i bytes is refused", async (part, size) => {
    const upload = value(await open().openUpload(newKey(), PART_BYTES_MIN));
    const answer = await upload.uploadPart(part, new Uint8Array(size));
    expect(failure(answer).code).toBe("blob_request_invalid");
    value(await upload.abort());
  });

  test.each([0, PART_BYTES_MIN - 1, WHOLE_BYTES_MAX + 1, PART_BYTES_MIN + 0.5])(
    "parts of %d bytes are refused",
    async (size) => {
      expect(failure(await open().openUpload(newKey(), size)).code).toBe("blob_request_invalid");
    },
  );
}

function describeResumedUploads(underTest: StoreUnderTest): void {
  const open = (): BlobStore => underTest.open();
  const isVague = (underTest.vague ?? []).includes("upload that never was");

  test("an upload resumed from persisted receipts in another process gives the same object", async () => {
    const key = newKey();
    const upload = value(await open().openUpload(key, PART_BYTES_MIN));
    const kept = JSON.stringify({
      ticket: upload.ticket,
      receipts: await sendParts(upload, [1, 2]),
    });
    const store = await underTest.reopen();
    const { ticket, receipts } = JSON.parse(kept) as {
      ticket: BlobUpload["ticket"];
      receipts: Awaited<ReturnType<typeof sendParts>>;
    };
    const resumed = value(store.resumeUpload(ticket));
    value(await resumed.complete([...receipts, ...(await sendParts(resumed, [3]))]));
    expect(firstDifference(value(await store.read(key)), WHOLE)).toBeUndefined();
  });

  test("completing again after a crash succeeds, and does not bring back what was replaced since", async () => {
    const key = newKey();
    const upload = value(await open().openUpload(key));
    const receipt = value(await upload.uploadPart(1, someBytes(1_000)));
    const { ticket } = upload;
    const info = value(await upload.complete([receipt]));
    const store = await underTest.reopen();
    const again = value(store.resumeUpload(ticket));
    expect(value(await again.complete([receipt]))).toEqual(info);
    expect(firstDifference(value(await store.read(key)), someBytes(1_000))).toBeUndefined();

    value(await store.put(key, someBytes(1_000, 2)));
    expect(failure(await again.complete([receipt])).code).toBe("blob_upload_not_found");
    expect(firstDifference(value(await store.read(key)), someBytes(1_000, 2))).toBeUndefined();
    value(await store.delete([key]));
    expect(failure(await again.complete([receipt])).code).toBe("blob_upload_not_found");
  });

  test("a ticket of an upload that never was is not found", async () => {
    const ticket = {
      key: newKey(),
      uploadId: "00000000-0000-4000-8000-000000000000",
      mark: "00000000-0000-4000-8000-000000000000",
      partBytes: PART_BYTES_MIN,
    };
    const upload = value(open().resumeUpload(ticket));
    expect(failure(await upload.uploadPart(1, someBytes(1))).code).toBe("blob_upload_not_found");
    const receipt = { part: 1, size: 1, tag: '"0cc175b9c0f1b6a831c399e269772661"' };
    if (isVague) {
      expect(failure(await upload.complete([receipt])).code).toBe("blob_unavailable");
    } else {
      expect(failure(await upload.complete([receipt])).code).toBe("blob_upload_not_found");
      value(await upload.abort());
    }
  });
}

async function sendParts(upload: BlobUpload, parts: readonly number[]) {
  const receipts = [];
  for (const part of parts) {
    receipts.push(value(await upload.uploadPart(part, partBytes(part))));
  }
  return receipts;
}

function partBytes(part: number): Uint8Array {
  return PARTS[part - 1] ?? new Uint8Array();
}

async function pagesOf(store: BlobStore, prefix: string, limit: number): Promise<BlobPage[]> {
  const pages: BlobPage[] = [];
  let cursor: string | undefined;
  do {
    const options = cursor === undefined ? { limit } : { limit, cursor };
    const page = value(await store.list(prefix, options));
    pages.push(page);
    ({ cursor } = page);
  } while (cursor !== undefined && pages.length < 100);
  return pages;
}

function keysOf({ blobs }: BlobPage): string[] {
  return blobs.map(({ key }) => key);
}

let folders = 0;

/** A folder that no other test uses. */
export function newFolder(): string {
  folders++;
  return `tenants/${crypto.randomUUID()}-${folders}/`;
}

export function newKey(): string {
  return `${newFolder()}000000001.seg`;
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/") + 1);
}

/** Bytes that look random and are the same for the same seed. */
export function someBytes(length: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed + 1) * 0x9e3779b1;
  for (let index = 0; index < length; index++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + index;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

export async function collected(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return joined(chunks);
    }
    chunks.push(value);
  }
}

/**
 * Where two byte arrays begin to differ; undefined where they are the same. `toEqual` on megabytes takes seconds and
 * prints them all.
 */
export function firstDifference(actual: Uint8Array, expected: Uint8Array): string | undefined {
  if (actual.length !== expected.length) {
    return `${actual.length} bytes instead of ${expected.length}`;
  }
  const index = actual.findIndex((byte, at) => byte !== expected[at]);
  return index === -1 ? undefined : `byte ${index}`;
}

export function value<T>(result: BlobResult<T>): T {
  if (!result.ok) {
    throw new Error(`${result.failure.code}: ${result.failure.message}`);
  }
  return result.value;
}

export function failure(result: BlobResult<unknown>): BlobFailure {
  if (result.ok) {
    throw new Error(`This was to fail and gave ${JSON.stringify(result.value)?.slice(0, 200)}`);
  }
  return result.failure;
}
