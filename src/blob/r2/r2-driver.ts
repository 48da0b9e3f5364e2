/** Blobs in an R2 bucket, through its binding. */
import { ok } from "../../kernel/result.ts";
import { type BlobBody, SentBody } from "../blob-body.ts";
import type { BlobDriver, FoundPage, Inspection, PageRequest } from "../blob-driver.ts";
import { type BlobFault, blobFault, type BlobResult } from "../blob-failure.ts";
import type { ByteRange } from "../blob-store.ts";
import type { PartList, UploadTicket } from "../blob-upload.ts";
import { bounded, completionMs, transferMs } from "../bounded.ts";
import { pastTheEnd } from "../byte-range.ts";
import { type Bucket, type BucketObjectBody, r2Fault } from "./r2-bucket.ts";

/** The name of an object's metadata that holds the mark of its upload. */
const MARK = "rekishi-upload";

export class R2Driver implements BlobDriver {
  readonly kind = "r2";
  readonly #bucket: Bucket;
  readonly #timeoutMs: number;

  constructor(bucket: Bucket, timeoutMs: number) {
    this.#bucket = bucket;
    this.#timeoutMs = timeoutMs;
  }

  put(key: string, bytes: Uint8Array): Promise<BlobResult<void>> {
    const what = `put ${key}`;
    return this.#ask(what, bytes.length, async () => {
      const stored = await this.#bucket.put(key, bytes);
      return stored?.size === bytes.length
        ? ok(undefined)
        : blobFault("blob_corrupt", `${what}: ${stored?.size ?? 0} bytes were stored.`);
    });
  }

  open(key: string, range: ByteRange | undefined): Promise<BlobResult<BlobBody>> {
    const what = `read ${key}`;
    return this.#ask(what, 0, async () => {
      const found = await this.#bucket.get(key, range === undefined ? {} : { range });
      if (found === null) {
        return notFound(what);
      }
      const body = this.#body(what, found, range?.length ?? found.size);
      if (range !== undefined && range.offset + range.length > found.size) {
        body.cancel();
        return pastTheEnd(what, range, found.size);
      }
      return ok(body);
    });
  }

  inspect(key: string): Promise<BlobResult<Inspection>> {
    const what = `info ${key}`;
    return this.#ask(what, 0, async () => {
      const found = await this.#bucket.head(key);
      return found === null
        ? notFound(what)
        : ok({ size: found.size, mark: found.customMetadata?.[MARK] });
    });
  }

  delete(keys: readonly string[]): Promise<BlobResult<void>> {
    return this.#ask(`delete ${keys.length} blobs`, 0, async () =>
      ok(await this.#bucket.delete([...keys])),
    );
  }

  list({ prefix, limit, cursor }: PageRequest): Promise<BlobResult<FoundPage>> {
    return this.#ask(`list ${prefix}`, 0, async () => {
      const page = cursor === undefined ? { prefix, limit } : { prefix, limit, cursor };
      const { objects, truncated, cursor: next } = await this.#bucket.list(page);
      return ok({ blobs: objects.map(infoOf), cursor: truncated ? (next ?? "") : undefined });
    });
  }

  createUpload(key: string, mark: string): Promise<BlobResult<string>> {
    return this.#ask(`open upload of ${key}`, 0, async () => {
      const options = { customMetadata: { [MARK]: mark } };
      return ok((await this.#bucket.createMultipartUpload(key, options)).uploadId);
    });
  }

  uploadPart(ticket: UploadTicket, part: number, bytes: Uint8Array): Promise<BlobResult<string>> {
    const { key, uploadId } = ticket;
    return this.#ask(`upload part ${part} of ${key}`, bytes.length, async () => {
      const upload = this.#bucket.resumeMultipartUpload(key, uploadId);
      return ok((await upload.uploadPart(part, bytes)).etag);
    });
  }

  completeUpload({ key, uploadId }: UploadTicket, parts: PartList): Promise<BlobResult<void>> {
    const what = `complete upload of ${key}`;
    const ms = completionMs(this.#timeoutMs, parts.receipts.length);
    const complete = async () => {
      const upload = this.#bucket.resumeMultipartUpload(key, uploadId);
      const { size } = await upload.complete(
        parts.receipts.map(({ part, tag }) => ({ partNumber: part, etag: tag })),
      );
      return size === parts.size
        ? ok(undefined)
        : blobFault("blob_corrupt", `${what}: ${size} bytes were stored, not ${parts.size}.`);
    };
    return bounded(what, ms, complete, r2Fault);
  }

  async abortUpload({ key, uploadId }: UploadTicket): Promise<BlobResult<void>> {
    const aborted = await this.#ask(`abort upload of ${key}`, 0, async () =>
      ok(await this.#bucket.resumeMultipartUpload(key, uploadId).abort()),
    );
    return aborted.ok || aborted.failure.code !== "blob_upload_not_found" ? aborted : ok(undefined);
  }

  #body(what: string, found: BucketObjectBody, size: number): BlobBody {
    // A body that is being read refuses its cancellation; then it ends by itself.
    const cancel = () => void found.body.cancel().catch(() => {});
    return new SentBody({ what, size, source: found, timeoutMs: this.#timeoutMs, cancel });
  }

  #ask<T>(what: string, bytes: number, work: () => Promise<BlobResult<T>>): Promise<BlobResult<T>> {
    return bounded(what, transferMs(this.#timeoutMs, bytes), work, r2Fault);
  }
}

function infoOf({ key, size }: { readonly key: string; readonly size: number }) {
  return { key, size };
}

function notFound(what: string): BlobFault {
  return blobFault("blob_not_found", `${what}: there is no such object.`);
}
