/** What the S3 adapter sends, where the server of the tests cannot see it: over HTTPS. */
import { afterEach, expect, test, vi } from "vitest";
import { openBlobStore } from "../../../src/blob/open.ts";
import { someBytes, value } from "../../support/blob-conformance.ts";

const SETTINGS = {
  REKISHI_S3_ENDPOINT: "https://s3.example.com",
  REKISHI_S3_BUCKET: "blobs",
  REKISHI_S3_ACCESS_KEY_ID: "AKID",
  REKISHI_S3_SECRET_ACCESS_KEY: "secret",
};

type Send = (url: string, init?: RequestInit) => Promise<Response>;

afterEach(() => {
  vi.unstubAllGlobals();
});

async function sentBy(settings: Partial<typeof SETTINGS> & { REKISHI_S3_REGION?: string }) {
  const send = vi.fn<typeof fetch>(async () => new Response(null, { headers: { etag: '"e"' } }));
  vi.stubGlobal("fetch", send);
  const store = value(openBlobStore({ ...SETTINGS, ...settings }));
  await store?.put("tenants/1/000000001.seg", someBytes(10));
  const [url, init] = send.mock.calls[0] ?? [];
  return { url, headers: new Headers(init?.headers), init };
}

test("over HTTPS the body is not hashed, because TLS protects it", async () => {
  const { headers, init } = await sentBy({});
  expect(headers.get("x-amz-content-sha256")).toBe("UNSIGNED-PAYLOAD");
  expect(headers.get("authorization")).toMatch(/^AWS4-HMAC-SHA256 Credential=AKID\//);
  expect(init).toMatchObject({ method: "PUT", redirect: "manual" });
});

test("over plain HTTP the signature covers the body", async () => {
  const { headers } = await sentBy({ REKISHI_S3_ENDPOINT: "http://minio.internal:9000" });
  expect(headers.get("x-amz-content-sha256")).toMatch(/^[0-9a-f]{64}$/);
});

test("the bucket is in the path, behind the path of the endpoint", async () => {
  const { url } = await sentBy({ REKISHI_S3_ENDPOINT: "https://example.com/storage/v1/s3/" });
  expect(url).toBe("https://example.com/storage/v1/s3/blobs/tenants/1/000000001.seg");
});

test.each([
  [{}, "us-east-1"],
  [{ REKISHI_S3_REGION: "eu-central-1" }, "eu-central-1"],
])("the region is that of the settings (%j)", async (settings, region) => {
  const { headers } = await sentBy(settings);
  expect(headers.get("authorization")).toContain(`/${region}/s3/aws4_request`);
});

test("requests go through the network of the settings, where there is one", async () => {
  const send = vi.fn<Send>(async () => new Response(null, { headers: { etag: '"e"' } }));
  const store = value(openBlobStore({ ...SETTINGS, REKISHI_S3_NETWORK: { fetch: send } }));
  await store?.put("tenants/1/000000001.seg", someBytes(10));
  expect(send).toHaveBeenCalledOnce();
});
