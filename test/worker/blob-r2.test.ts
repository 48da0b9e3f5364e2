/** The R2 adapter inside a Worker, on the binding. */
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { BlobStore } from "../../src/blob/blob-store.ts";
import { openBlobStore } from "../../src/blob/open.ts";
import { describeBlobStore, newFolder, someBytes, value } from "../support/blob-conformance.ts";

const { REKISHI_BLOBS } = env as unknown as { readonly REKISHI_BLOBS: R2Bucket };

function open(): BlobStore {
  const store = value(openBlobStore({ REKISHI_BLOBS }));
  if (store === undefined) {
    throw new Error("The settings name a store.");
  }
  return store;
}

describe("R2", () => {
  describeBlobStore({
    open,
    reopen: async () => open(),
    // Miniflare's R2: both are "internal error" there.
    vague: ["range from the end", "upload that never was"],
  });
});

test("objects that others keep in the bucket are not listed", async () => {
  const folder = newFolder();
  for (const name of ["README", "a.seg", "契約.seg", "b~"]) {
    await REKISHI_BLOBS.put(`${folder}${name}`, "x");
  }
  expect(value(await open().list(folder)).blobs).toEqual([{ key: `${folder}a.seg`, size: 1 }]);
});

test("bytes put by another program are read as they are", async () => {
  const key = `${newFolder()}a.seg`;
  await REKISHI_BLOBS.put(key, someBytes(10));
  expect(value(await open().read(key))).toEqual(someBytes(10));
});
