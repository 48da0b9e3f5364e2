/** Uploads in parts, on disk. The order of the steps matters: see `disk-layout.ts`. */
import { ok } from "../../kernel/result.ts";
import { type BlobFault, blobFault, type BlobResult } from "../blob-failure.ts";
import type { PartList, UploadTicket } from "../blob-upload.ts";
import type { DiskFiles } from "./disk-files.ts";
import { isUploadId, partPath, uploadFolder, uploadPath } from "./disk-layout.ts";
import { readManifest, writeManifest } from "./disk-manifest.ts";

export class DiskUploads {
  readonly #files: DiskFiles;

  constructor(files: DiskFiles) {
    this.#files = files;
  }

  async create(key: string, mark: string): Promise<BlobResult<string>> {
    const about = new TextEncoder().encode(JSON.stringify({ key }));
    const written = await this.#files.write(`open upload of ${key}`, uploadPath(mark), about);
    return written.ok ? ok(mark) : written;
  }

  /** The tag is empty: a part that was sent twice lies there once, and its size is checked at the end. */
  async write(
    { key, uploadId }: UploadTicket,
    part: number,
    bytes: Uint8Array,
  ): Promise<BlobResult<string>> {
    const what = `upload part ${part} of ${key}`;
    const known = await this.#check(what, uploadId);
    const written = known.ok
      ? await this.#files.write(what, partPath(uploadId, part), bytes)
      : known;
    return written.ok ? ok("") : written;
  }

  async complete(ticket: UploadTicket, parts: PartList): Promise<BlobResult<void>> {
    const { key, uploadId, partBytes } = ticket;
    const what = `complete upload of ${key}`;
    const known = await this.#check(what, uploadId);
    const present = known.ok ? await this.#checkParts(what, uploadId, parts) : known;
    if (!present.ok) {
      return present;
    }
    const before = await readManifest(this.#files, what, key);
    if (!before.ok && before.failure.code !== "blob_corrupt") {
      return before;
    }
    const manifest = { upload: uploadId, size: parts.size, partBytes };
    const written = await writeManifest(this.#files, what, key, manifest);
    return written.ok
      ? this.#clear(what, key, uploadId, before.ok ? before.value?.upload : undefined)
      : written;
  }

  /** After completion the parts are the object, and stay. */
  async abort({ key, uploadId }: UploadTicket): Promise<BlobResult<void>> {
    const what = `abort upload of ${key}`;
    const manifest = await readManifest(this.#files, what, key);
    const isComplete = manifest.ok && manifest.value?.upload === uploadId;
    if (!isUploadId(uploadId) || isComplete) {
      return ok(undefined);
    }
    return manifest.ok ? this.#files.remove(what, uploadFolder(uploadId)) : manifest;
  }

  async #check(what: string, uploadId: string): Promise<BlobResult<void>> {
    const found = isUploadId(uploadId)
      ? await this.#files.size(what, uploadPath(uploadId))
      : noUpload(what);
    if (found.ok) {
      return ok(undefined);
    }
    return found.failure.code === "blob_not_found" ? noUpload(what) : found;
  }

  async #checkParts(
    what: string,
    uploadId: string,
    { receipts }: PartList,
  ): Promise<BlobResult<void>> {
    for (const { part, size } of receipts) {
      const found = await this.#files.size(what, partPath(uploadId, part));
      if (!found.ok && found.failure.code !== "blob_not_found") {
        return found;
      }
      if (!found.ok || found.value !== size) {
        const stored = found.ok ? `${found.value} bytes` : "missing";
        return blobFault(
          "blob_request_invalid",
          `${what}: part ${part} is ${stored}, not ${size}.`,
        );
      }
    }
    return ok(undefined);
  }

  /** Removes what the manifest has just replaced. */
  async #clear(
    what: string,
    key: string,
    uploadId: string,
    replaced: string | undefined,
  ): Promise<BlobResult<void>> {
    const removed = await this.#files.remove(what, key);
    return removed.ok && replaced !== undefined && replaced !== uploadId
      ? this.#files.remove(what, uploadFolder(replaced))
      : removed;
  }
}

function noUpload(what: string): BlobFault {
  return blobFault("blob_upload_not_found", `${what}: it was aborted or never was.`);
}
