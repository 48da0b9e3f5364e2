/** Blobs at an S3-compatible endpoint, addressed by path: `https://host/bucket/key`. */
import { boundedText } from "../../kernel/bounded-text.ts";
import { ok } from "../../kernel/result.ts";
import { type BlobBody, SentBody } from "../blob-body.ts";
import type { BlobDriver, FoundPage, Inspection, PageRequest } from "../blob-driver.ts";
import { type BlobFault, blobFault, type BlobResult } from "../blob-failure.ts";
import type { ByteRange } from "../blob-store.ts";
import type { PartList, UploadTicket } from "../blob-upload.ts";
import { completionMs, transferMs } from "../bounded.ts";
import { answeredSize, rangeHeaders, wholeSize } from "../byte-range.ts";
import type { S3Client, S3Request } from "./s3-client.ts";
import { completionXml, pageOfXml } from "./s3-documents.ts";
import { s3FaultOf } from "./s3-fault.ts";
import { elementText, isDocument } from "./s3-xml.ts";

/** Our own metadata: the mark of the upload that made an object. */
const MARK = "x-amz-meta-rekishi-upload";
const BINARY = { "content-type": "application/octet-stream" };
/** A page of 1,000 keys of 512 characters is well under it. */
const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;

export class S3Driver implements BlobDriver {
  readonly kind = "s3";
  readonly #client: S3Client;
  readonly #timeoutMs: number;

  constructor(client: S3Client, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  async put(key: string, body: Uint8Array): Promise<BlobResult<void>> {
    const timeoutMs = transferMs(this.#timeoutMs, body.length);
    const sent = await this.#command(
      { what: `put ${key}`, method: "PUT", key, headers: BINARY, body, timeoutMs },
      etagOf,
    );
    return sent.ok ? ok(undefined) : sent;
  }

  open(key: string, range: ByteRange | undefined): Promise<BlobResult<BlobBody>> {
    const what = `read ${key}`;
    const request = { what, method: "GET", key, headers: rangeHeaders(range) } as const;
    const timeoutMs = this.#timeoutMs;
    return this.#client.exchange({ ...request, timeoutMs }, (response, controller) => {
      const size = isWebPage(response) ? noS3(what) : answeredSize(what, response, range);
      const cancel = () => controller.abort();
      return size.ok
        ? ok(new SentBody({ what, size: size.value, source: response, timeoutMs, cancel }))
        : size;
    });
  }

  /**
   * Asks for one byte. The 404 of a HEAD would have no body and so could not say what is missing, the object or the
   * bucket. An empty object has no such byte.
   */
  async inspect(key: string): Promise<BlobResult<Inspection>> {
    const what = `info ${key}`;
    const headers = rangeHeaders({ offset: 0, length: 1 });
    const request = { what, method: "GET", key, headers, timeoutMs: this.#timeoutMs } as const;
    const found = await this.#client.exchange(request, (response, controller) => {
      const size = isWebPage(response) ? noS3(what) : wholeSize(what, response);
      controller.abort();
      return size.ok
        ? ok({ size: size.value, mark: response.headers.get(MARK) ?? undefined })
        : size;
    });
    const isEmpty = !found.ok && found.failure.code === "blob_range_unsatisfiable";
    return isEmpty ? ok({ size: 0, mark: undefined }) : found;
  }

  /** One by one: the operation for many at once needs MD5 and is missing from some stores. */
  async delete(keys: readonly string[]): Promise<BlobResult<void>> {
    for (let start = 0; start < keys.length; start += DELETES_AT_ONCE) {
      const batch = keys.slice(start, start + DELETES_AT_ONCE);
      const deleted = await Promise.all(batch.map((key) => this.#delete(key)));
      const fault = deleted.find(({ ok }) => !ok);
      if (fault !== undefined) {
        return fault;
      }
    }
    return ok(undefined);
  }

  async list({ prefix, limit, cursor }: PageRequest): Promise<BlobResult<FoundPage>> {
    const what = `list ${prefix}`;
    const query: Record<string, string> = { "list-type": "2", "max-keys": String(limit), prefix };
    if (cursor !== undefined) {
      query["continuation-token"] = cursor;
    }
    const listing = await this.#document({ what, method: "GET", query }, "ListBucketResult");
    return listing.ok ? pageOfXml(what, listing.value) : listing;
  }

  async createUpload(key: string, mark: string): Promise<BlobResult<string>> {
    const what = `open upload of ${key}`;
    const headers = { ...BINARY, [MARK]: mark };
    const created = await this.#document(
      { what, method: "POST", key, query: { uploads: "" }, headers },
      "InitiateMultipartUploadResult",
    );
    if (!created.ok) {
      return created;
    }
    const uploadId = elementText(created.value, "UploadId");
    return uploadId === undefined || uploadId === "" ? noS3(what) : ok(uploadId);
  }

  uploadPart(ticket: UploadTicket, part: number, body: Uint8Array): Promise<BlobResult<string>> {
    const { key, uploadId } = ticket;
    const what = `upload part ${part} of ${key}`;
    const query = { partNumber: String(part), uploadId };
    const timeoutMs = transferMs(this.#timeoutMs, body.length);
    return this.#command(
      { what, method: "PUT", key, query, headers: BINARY, body, timeoutMs },
      etagOf,
    );
  }

  async completeUpload(ticket: UploadTicket, { receipts }: PartList): Promise<BlobResult<void>> {
    const { key, uploadId } = ticket;
    const what = `complete upload of ${key}`;
    const body = new TextEncoder().encode(completionXml(receipts));
    const request = { what, method: "POST", key, query: { uploadId }, body } as const;
    const timeoutMs = completionMs(this.#timeoutMs, receipts.length);
    const done = await this.#document(request, "CompleteMultipartUploadResult", timeoutMs);
    return done.ok ? ok(undefined) : done;
  }

  async abortUpload({ key, uploadId }: UploadTicket): Promise<BlobResult<void>> {
    const what = `abort upload of ${key}`;
    const aborted = await this.#command(
      { what, method: "DELETE", key, query: { uploadId }, timeoutMs: this.#timeoutMs },
      nothingOf,
    );
    return aborted.ok || aborted.failure.code !== "blob_upload_not_found" ? aborted : ok(undefined);
  }

  async #delete(key: string): Promise<BlobResult<void>> {
    const what = `delete ${key}`;
    const deleted = await this.#command(
      { what, method: "DELETE", key, timeoutMs: this.#timeoutMs },
      nothingOf,
    );
    return deleted.ok || deleted.failure.code !== "blob_not_found" ? deleted : ok(undefined);
  }

  /** An operation whose answer is in the headers. A body that nobody reads would keep its connection. */
  #command<T>(
    request: S3Request,
    valueOf: (what: string, response: Response) => BlobResult<T>,
  ): Promise<BlobResult<T>> {
    return this.#client.exchange(request, async (response) => {
      await response.body?.cancel();
      return valueOf(request.what, response);
    });
  }

  /** An answer whose outermost element must be this one; it can be an error although its status is 200. */
  #document(
    request: Omit<S3Request, "timeoutMs">,
    name: string,
    timeoutMs: number = this.#timeoutMs,
  ): Promise<BlobResult<string>> {
    return this.#client.exchange({ ...request, timeoutMs }, async (response) => {
      const text = await boundedText(response, DOCUMENT_BYTES_MAX);
      if (text !== undefined && isDocument(text, name)) {
        return ok(text);
      }
      return text !== undefined && isDocument(text, "Error")
        ? s3FaultOf(request.what, response.status, text)
        : noS3(request.what);
    });
  }
}

/** What a Worker may have open at once. */
const DELETES_AT_ONCE = 6;

/** S3 acknowledges what it stored with an ETag; anything else that answers 200 has none. */
function etagOf(what: string, response: Response): BlobResult<string> {
  const etag = response.headers.get("etag");
  return etag === null || etag === "" || isWebPage(response) ? noS3(what) : ok(etag);
}

function nothingOf(what: string, response: Response): BlobResult<void> {
  return isWebPage(response) ? noS3(what) : ok(undefined);
}

/** A login page, a proxy's notice: nothing that was stored here has this type. */
function isWebPage({ headers }: Response): boolean {
  return (headers.get("content-type") ?? "").startsWith("text/html");
}

function noS3(what: string): BlobFault {
  return blobFault(
    "blob_misconfigured",
    `${what}: the answer is not one of S3. Look at REKISHI_S3_ENDPOINT and what is between.`,
  );
}
