/** The disk adapter when its process ends after any of its steps. */
import { describe, expect, test } from "vitest";
import type { BlobResult } from "../../../src/blob/blob-failure.ts";
import type { BlobStore } from "../../../src/blob/blob-store.ts";
import type { BlobUpload } from "../../../src/blob/blob-upload.ts";
import { openBlobStore } from "../../../src/blob/open.ts";
import {
  describeBlobStore,
  firstDifference,
  someBytes,
  value,
} from "../../support/blob-conformance.ts";
import { MemoryDisk } from "../../support/memory-disk.ts";

function storeOn(disk: MemoryDisk): BlobStore {
  const store = value(openBlobStore({ REKISHI_BLOB_DISK: disk }));
  if (store === undefined) {
    throw new Error("The settings name a store.");
  }
  return store;
}

describe("the disk in memory is like the real one", () => {
  const disk = new MemoryDisk();
  describeBlobStore({ open: () => storeOn(disk), reopen: async () => storeOn(disk) });
});

const KEY = "tenants/1/exports/e1.csv";
const OLD = someBytes(1_000, 1);
const NEW = someBytes(900, 2);

async function uploadedTo(store: BlobStore, bytes: Uint8Array): Promise<BlobUpload> {
  const upload = value(await store.openUpload(KEY));
  value(await upload.uploadPart(1, bytes));
  return upload;
}

const complete = async (upload: BlobUpload, { length }: Uint8Array) =>
  upload.complete([{ part: 1, size: length, tag: "" }]);

const BEFORE: readonly [string, (store: BlobStore) => Promise<void>][] = [
  ["nothing", async () => {}],
  ["a file", async (store) => void value(await store.put(KEY, OLD))],
  ["parts", async (store) => void value(await complete(await uploadedTo(store, OLD), OLD))],
];

type Change = () => Promise<BlobResult<unknown>>;
const CHANGES: readonly [string, (store: BlobStore) => Promise<Change>][] = [
  ["a put", async (store) => () => store.put(KEY, NEW)],
  [
    "a completion",
    async (store) => {
      const upload = await uploadedTo(store, NEW);
      return () => complete(upload, NEW);
    },
  ],
];

describe.each(BEFORE)("over %s", (before, prepare) => {
  test.each(CHANGES)(
    "a crash after any step of %s leaves the old object or the new one",
    async (_, changeOf) => {
      for (let steps = 0, isDone = false; !isDone; steps++) {
        const disk = new MemoryDisk();
        await prepare(storeOn(disk));
        const change = await changeOf(storeOn(disk));
        disk.changesLeft = steps;
        isDone = (await change()).ok;

        disk.changesLeft = Number.POSITIVE_INFINITY;
        const read = await storeOn(disk).read(KEY);
        const found = read.ok ? read.value : undefined;
        const isOld = before === "nothing" ? found === undefined : isSame(found, OLD);
        expect(isSame(found, NEW) || (isOld && !isDone), `after ${steps} steps`).toBe(true);

        value(await change());
        expect(isSame(value(await storeOn(disk).read(KEY)), NEW)).toBe(true);
        value(await storeOn(disk).delete([KEY]));
        expect((await storeOn(disk).read(KEY)).ok).toBe(false);
        expect(value(await storeOn(disk).list("")).blobs).toEqual([]);
      }
    },
  );

  test("a deletion that is repeated after a crash leaves nothing on the disk", async () => {
    for (let steps = 0, isDone = false; !isDone; steps++) {
      const disk = new MemoryDisk();
      await prepare(storeOn(disk));
      disk.changesLeft = steps;
      isDone = (await storeOn(disk).delete([KEY])).ok;
      disk.changesLeft = Number.POSITIVE_INFINITY;
      value(await storeOn(disk).delete([KEY]));
      expect([...disk.files.keys()]).toEqual([]);
    }
  });
});

test("a crash in the middle of parts is gone on from, whichever part it was", async () => {
  const parts = [someBytes(5 * 1024 * 1024, 1), someBytes(5 * 1024 * 1024, 2), someBytes(9, 3)];
  for (let steps = 1; steps <= 4; steps++) {
    const disk = new MemoryDisk();
    disk.changesLeft = steps;
    const first = value(await storeOn(disk).openUpload(KEY, 5 * 1024 * 1024));
    const receipts = [];
    for (const [index, bytes] of parts.entries()) {
      const sent = await first.uploadPart(index + 1, bytes);
      if (sent.ok) {
        receipts.push(sent.value);
      }
    }
    disk.changesLeft = Number.POSITIVE_INFINITY;
    const upload = value(storeOn(disk).resumeUpload(first.ticket));
    for (const [index, bytes] of parts.entries()) {
      if (index >= receipts.length) {
        receipts.push(value(await upload.uploadPart(index + 1, bytes)));
      }
    }
    value(await upload.complete(receipts));
    const { size } = value(await storeOn(disk).info(KEY));
    expect(size).toBe(parts.reduce((sum, { length }) => sum + length, 0));
  }
});

function isSame(actual: Uint8Array | undefined, expected: Uint8Array): boolean {
  return actual !== undefined && firstDifference(actual, expected) === undefined;
}
