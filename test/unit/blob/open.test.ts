/** Which store the settings choose. */
import { expect, test } from "vitest";
import { type BlobSettings, openBlobStore } from "../../../src/blob/open.ts";
import { failure, value } from "../../support/blob-conformance.ts";

const R2 = { REKISHI_BLOBS: {} as NonNullable<BlobSettings["REKISHI_BLOBS"]> };
const DISK = { REKISHI_BLOB_DISK: {} as NonNullable<BlobSettings["REKISHI_BLOB_DISK"]> };
const S3 = {
  REKISHI_S3_ENDPOINT: "https://s3.example.com",
  REKISHI_S3_BUCKET: "blobs",
  REKISHI_S3_ACCESS_KEY_ID: "AKID",
  REKISHI_S3_SECRET_ACCESS_KEY: "secret",
};

test.each([
  [{}, undefined],
  [{ REKISHI_BLOBS: null, REKISHI_BLOB_DISK: null, REKISHI_S3_BUCKET: null }, undefined],
  [{ REKISHI_S3_ENDPOINT: "", REKISHI_S3_REGION: "eu-1" }, undefined],
  [R2, "r2"],
  [DISK, "disk"],
  [S3, "s3"],
  [{ ...R2, ...DISK }, "r2"],
  [{ ...R2, ...DISK, ...S3 }, "s3"],
] as const)(
  "S3 before R2 before the disk, and nothing where nothing is set (%#)",
  (settings, kind) => {
    expect(value(openBlobStore(settings))?.kind).toBe(kind);
  },
);

test.each(Object.keys(S3))("half of the S3 settings is a clear failure (%s is missing)", (name) => {
  const { code, message, retryable } = failure(openBlobStore({ ...DISK, ...S3, [name]: "" }));
  expect({ code, retryable }).toEqual({ code: "blob_misconfigured", retryable: false });
  expect(message).toContain(name);
});

test.each([
  { REKISHI_S3_ENDPOINT: "s3.example.com" },
  { REKISHI_S3_ENDPOINT: "ftp://s3.example.com" },
  { REKISHI_S3_ENDPOINT: "https://user:password@s3.example.com" },
  { REKISHI_S3_ENDPOINT: "https://s3.example.com?x=1" },
  { REKISHI_S3_BUCKET: "a/b" },
  { REKISHI_S3_BUCKET: "../other" },
  { REKISHI_S3_BUCKET: "B" },
])("what is no endpoint or no bucket is a clear failure (%j)", (setting) => {
  const { code, message } = failure(openBlobStore({ ...S3, ...setting }));
  expect(code).toBe("blob_misconfigured");
  expect(message).not.toContain("password");
});
