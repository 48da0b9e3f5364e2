/** Blobs in a folder of this machine. How they lie there, and why a crash does no harm: `disk-layout.ts`. */
import { ok } from "../../kernel/result.ts";
import type { BlobBody } from "../blob-body.ts";
import type { BlobDriver, FoundPage, Inspection, PageRequest } from "../blob-driver.ts";
import type { BlobResult } from "../blob-failure.ts";
import type { BlobInfo, ByteRange } from "../blob-store.ts";
import type { PartList, UploadTicket } from "../blob-upload.ts";
import { pastTheEnd } from "../byte-range.ts";
import type { DiskFiles } from "./disk-files.ts";
import { type Manifest, manifestPath, piecesOf, uploadFolder } from "./disk-layout.ts";
import { readManifest } from "./disk-manifest.ts";
import { DiskUploads } from "./disk-uploads.ts";
import { walk } from "./disk-walk.ts";
import { PartsBody } from "./parts-body.ts";

export class DiskDriver implements BlobDriver {
  readonly kind = "disk";
  readonly #files: DiskFiles;
  readonly #uploads: DiskUploads;

  constructor(files: DiskFiles) {
    this.#files = files;
    this.#uploads = new DiskUploads(files);
  }

  async put(key: string, bytes: Uint8Array): Promise<BlobResult<void>> {
    const what = `put ${key}`;
    const written = await this.#files.write(what, key, bytes);
    return written.ok ? this.#removeParts(what, key, "manifest first") : written;
  }

  async open(key: string, range: ByteRange | undefined): Promise<BlobResult<BlobBody>> {
    const what = `read ${key}`;
    const manifest = await readManifest(this.#files, what, key);
    if (!manifest.ok) {
      return manifest;
    }
    return manifest.value === undefined
      ? this.#files.open(what, key, range)
      : this.#openParts(what, manifest.value, range);
  }

  async inspect(key: string): Promise<BlobResult<Inspection>> {
    const what = `info ${key}`;
    const manifest = await readManifest(this.#files, what, key);
    if (!manifest.ok) {
      return manifest;
    }
    if (manifest.value !== undefined) {
      return ok({ size: manifest.value.size, mark: manifest.value.upload });
    }
    const size = await this.#files.size(what, key);
    return size.ok ? ok({ size: size.value, mark: undefined }) : size;
  }

  async delete(keys: readonly string[]): Promise<BlobResult<void>> {
    for (const key of keys) {
      const what = `delete ${key}`;
      const removed = await this.#files.remove(what, key);
      const deleted = removed.ok ? await this.#removeParts(what, key, "parts first") : removed;
      if (!deleted.ok) {
        return deleted;
      }
    }
    return ok(undefined);
  }

  async list({ prefix, limit, cursor = "" }: PageRequest): Promise<BlobResult<FoundPage>> {
    const request = { what: `list ${prefix}`, folder: prefix, after: cursor, limit: limit + 1 };
    const found = await walk(this.#files, request);
    if (!found.ok) {
      return found;
    }
    const keys = found.value.slice(0, limit);
    const blobs: BlobInfo[] = [];
    for (const key of keys) {
      const inspected = await this.inspect(key);
      const code = inspected.ok ? undefined : inspected.failure.code;
      if (!inspected.ok && code !== "blob_not_found" && code !== "blob_corrupt") {
        return inspected;
      }
      if (code !== "blob_not_found") {
        // With a damaged manifest it has no size, but it must be found to be deleted.
        blobs.push({ key, size: inspected.ok ? inspected.value.size : 0 });
      }
    }
    return ok({ blobs, cursor: found.value.length > limit ? keys.at(-1) : undefined });
  }

  createUpload(key: string, mark: string): Promise<BlobResult<string>> {
    return this.#uploads.create(key, mark);
  }

  uploadPart(ticket: UploadTicket, part: number, bytes: Uint8Array): Promise<BlobResult<string>> {
    return this.#uploads.write(ticket, part, bytes);
  }

  completeUpload(ticket: UploadTicket, parts: PartList): Promise<BlobResult<void>> {
    return this.#uploads.complete(ticket, parts);
  }

  abortUpload(ticket: UploadTicket): Promise<BlobResult<void>> {
    return this.#uploads.abort(ticket);
  }

  #openParts(what: string, manifest: Manifest, range: ByteRange | undefined): BlobResult<BlobBody> {
    const { size } = manifest;
    const wanted = range ?? { offset: 0, length: size };
    return wanted.offset + wanted.length > size
      ? pastTheEnd(what, wanted, size)
      : ok(new PartsBody(what, this.#files, piecesOf(manifest, wanted)));
  }

  /**
   * Removes what makes a key an object in parts. A manifest that cannot be read goes too; its parts are lost.
   *
   * @param order with the manifest gone first, the file beneath is the object in one step; with the parts gone first,
   * none is left behind by a crash.
   */
  async #removeParts(
    what: string,
    key: string,
    order: "manifest first" | "parts first",
  ): Promise<BlobResult<void>> {
    const manifest = await readManifest(this.#files, what, key);
    if (!manifest.ok && manifest.failure.code !== "blob_corrupt") {
      return manifest;
    }
    if (manifest.ok && manifest.value === undefined) {
      return ok(undefined);
    }
    const parts = manifest.ok && manifest.value ? [uploadFolder(manifest.value.upload)] : [];
    const paths =
      order === "parts first" ? [...parts, manifestPath(key)] : [manifestPath(key), ...parts];
    return this.#removeAll(what, paths);
  }

  async #removeAll(what: string, paths: readonly string[]): Promise<BlobResult<void>> {
    for (const path of paths) {
      const removed = await this.#files.remove(what, path);
      if (!removed.ok) {
        return removed;
      }
    }
    return ok(undefined);
  }
}
