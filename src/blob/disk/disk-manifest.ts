/** Reads and writes manifests. What they are: `disk-layout.ts`. */
import { ok } from "../../kernel/result.ts";
import { blobFault, type BlobResult } from "../blob-failure.ts";
import type { DiskFiles } from "./disk-files.ts";
import { isUploadId, type Manifest, manifestPath } from "./disk-layout.ts";

/** @returns undefined where the key has no manifest. */
export async function readManifest(
  files: DiskFiles,
  what: string,
  key: string,
): Promise<BlobResult<Manifest | undefined>> {
  const opened = await files.open(what, manifestPath(key));
  if (!opened.ok && opened.failure.code === "blob_not_found") {
    return ok(undefined);
  }
  const read = opened.ok ? await opened.value.whole() : opened;
  return read.ok ? parse(what, read.value) : read;
}

export function writeManifest(
  files: DiskFiles,
  what: string,
  key: string,
  manifest: Manifest,
): Promise<BlobResult<void>> {
  return files.write(what, manifestPath(key), new TextEncoder().encode(JSON.stringify(manifest)));
}

function parse(what: string, bytes: Uint8Array): BlobResult<Manifest> {
  const { upload, size, partBytes } = parseObject(new TextDecoder().decode(bytes));
  return isUploadId(upload) && isCount(size) && isCount(partBytes)
    ? ok({ upload, size, partBytes })
    : blobFault("blob_corrupt", `${what}: the manifest of its parts is damaged.`);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
