/** The S3 adapter in Node, over real HTTP, against the server of `support/s3-server.ts`. */
import { afterAll, beforeAll, describe } from "vitest";
import type { BlobStore } from "../../../src/blob/blob-store.ts";
import { openBlobStore } from "../../../src/blob/open.ts";
import { describeBlobStore, value } from "../../support/blob-conformance.ts";
import { S3Server } from "../../support/s3-server.ts";
import { s3SettingsOf } from "../../support/s3-settings.ts";

let server: S3Server;
beforeAll(async () => {
  server = await S3Server.start();
});
afterAll(() => server.stop());

function open(): BlobStore {
  const store = value(openBlobStore(s3SettingsOf(server)));
  if (store === undefined) {
    throw new Error("The settings name a store.");
  }
  return store;
}

describe("S3", () => {
  describeBlobStore({ open, reopen: async () => open() });
});
