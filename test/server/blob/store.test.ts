/** The disk adapter and the S3 adapter in a native workerd, which is killed where a test says "another process". */
import { afterAll, beforeAll, describe } from "vitest";
import { describeBlobStore } from "../../support/blob-conformance.ts";
import { S3Server } from "../../support/s3-server.ts";
import { s3SettingsOf } from "../../support/s3-settings.ts";
import { BlobServer } from "./workerd.ts";

let s3: S3Server;
let server: BlobServer;

beforeAll(async () => {
  s3 = await S3Server.start();
  server = new BlobServer({ settings: s3SettingsOf(s3) });
  await server.start();
});

afterAll(async () => {
  await server.dispose();
  await s3.stop();
});

describe.each(["disk", "s3"] as const)("%s in workerd", (kind) => {
  describeBlobStore({
    open: () => server.store(kind),
    reopen: async () => {
      await server.kill();
      await server.start();
      return server.store(kind);
    },
  });
});
