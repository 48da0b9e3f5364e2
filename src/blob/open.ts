/** Chooses the blob store that the settings name. */
import type { Network } from "../kernel/network.ts";
import { ok } from "../kernel/result.ts";
import { blobFault, type BlobResult } from "./blob-failure.ts";
import { TIMEOUT_MS_DEFAULT } from "./blob-limits.ts";
import type { BlobStore } from "./blob-store.ts";
import { CheckedStore } from "./checked-store.ts";
import { DiskDriver } from "./disk/disk-driver.ts";
import { DiskFiles, type DiskService } from "./disk/disk-files.ts";
import type { Bucket } from "./r2/r2-bucket.ts";
import { R2Driver } from "./r2/r2-driver.ts";
import { S3Client, type S3Settings } from "./s3/s3-client.ts";
import { S3Driver } from "./s3/s3-driver.ts";

/** The bindings and settings by the names that they have in the environment. An empty or null one is not set. */
export interface BlobSettings {
  /** An R2 bucket. */
  readonly REKISHI_BLOBS?: Bucket | null;
  /** A writable disk service of workerd. */
  readonly REKISHI_BLOB_DISK?: DiskService | null;
  readonly REKISHI_S3_ENDPOINT?: string | null;
  readonly REKISHI_S3_BUCKET?: string | null;
  /** "us-east-1" unless set, which most stores that are not Amazon's take too. */
  readonly REKISHI_S3_REGION?: string | null;
  readonly REKISHI_S3_ACCESS_KEY_ID?: string | null;
  readonly REKISHI_S3_SECRET_ACCESS_KEY?: string | null;
  /**
   * The network that the S3 endpoint is in, where `fetch` does not reach it: a workerd of one's own lets Workers reach
   * public addresses only, which should stay so for URLs that customers give.
   */
  readonly REKISHI_S3_NETWORK?: Network | null;
}

export interface BlobOptions {
  /** How long the store may take to answer, and to send each further chunk. */
  readonly timeoutMs?: number;
}

/**
 * S3 before R2 before the disk: the disk is always bound on a machine of one's own, and who types in credentials means
 * them. Undefined where nothing is set: then there is no blob store.
 */
export function openBlobStore(
  settings: BlobSettings,
  { timeoutMs = TIMEOUT_MS_DEFAULT }: BlobOptions = {},
): BlobResult<BlobStore | undefined> {
  const { REKISHI_BLOBS: bucket, REKISHI_BLOB_DISK: disk, REKISHI_S3_NETWORK: network } = settings;
  const s3 = s3SettingsOf(settings);
  if (!s3.ok) {
    return s3;
  }
  if (s3.value !== undefined) {
    const client = new S3Client(s3.value, network ?? undefined);
    return ok(new CheckedStore(new S3Driver(client, timeoutMs)));
  }
  if (bucket != null) {
    return ok(new CheckedStore(new R2Driver(bucket, timeoutMs)));
  }
  return ok(
    disk == null ? undefined : new CheckedStore(new DiskDriver(new DiskFiles(disk, timeoutMs))),
  );
}

const S3_SETTINGS = [
  "REKISHI_S3_ENDPOINT",
  "REKISHI_S3_BUCKET",
  "REKISHI_S3_ACCESS_KEY_ID",
  "REKISHI_S3_SECRET_ACCESS_KEY",
] as const;

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;

/** All of them or none: half of them must not mean the disk. */
function s3SettingsOf(settings: BlobSettings): BlobResult<S3Settings | undefined> {
  const missing = S3_SETTINGS.filter((name) => !settings[name]);
  if (missing.length === S3_SETTINGS.length) {
    return ok(undefined);
  }
  const endpoint = settings.REKISHI_S3_ENDPOINT ?? "";
  const bucket = settings.REKISHI_S3_BUCKET ?? "";
  if (missing.length > 0) {
    return misconfigured(`${missing.join(", ")} must be set too, or none of REKISHI_S3_*.`);
  }
  if (!isEndpoint(endpoint)) {
    return misconfigured("REKISHI_S3_ENDPOINT must be a URL such as https://s3.example.com.");
  }
  if (!BUCKET.test(bucket)) {
    return misconfigured("REKISHI_S3_BUCKET must be the name of a bucket.");
  }
  return ok({
    endpoint,
    bucket,
    region: settings.REKISHI_S3_REGION || "us-east-1",
    accessKeyId: settings.REKISHI_S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: settings.REKISHI_S3_SECRET_ACCESS_KEY ?? "",
  });
}

/** Credentials in the URL would end up in messages; a query would end up in every request. */
function isEndpoint(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    ["http:", "https:"].includes(url.protocol) &&
    `${url.username}${url.password}${url.search}${url.hash}` === ""
  );
}

function misconfigured(message: string): BlobResult<never> {
  return blobFault("blob_misconfigured", message);
}
