/** A `BlobStore` over any driver: checks what goes in and what comes out, so that all three stores behave as one. */
import { ok } from "../kernel/result.ts";
import { type BlobBody, streamOf } from "./blob-body.ts";
import type { BlobDriver, FoundPage, PageRequest } from "./blob-driver.ts";
import { type BlobFault, blobFault, type BlobResult } from "./blob-failure.ts";
import { isKey, keyFault, prefixFault } from "./blob-key.ts";
import {
  DELETE_KEYS_MAX,
  LIST_PAGE_MAX,
  PART_BYTES_DEFAULT,
  WHOLE_BYTES_MAX,
} from "./blob-limits.ts";
import type {
  BlobInfo,
  BlobPage,
  BlobStore,
  BlobStream,
  ByteRange,
  ListOptions,
} from "./blob-store.ts";
import { type BlobUpload, partBytesFault, type UploadTicket } from "./blob-upload.ts";
import { rangeFault } from "./byte-range.ts";
import { CheckedUpload } from "./checked-upload.ts";

export class CheckedStore implements BlobStore {
  readonly #driver: BlobDriver;

  constructor(driver: BlobDriver) {
    this.#driver = driver;
  }

  get kind(): BlobStore["kind"] {
    return this.#driver.kind;
  }

  async put(key: string, bytes: Uint8Array): Promise<BlobResult<BlobInfo>> {
    const fault = keyFault(key) ?? sizeFault(`put ${key}`, bytes.length, "Upload it in parts");
    if (fault !== undefined) {
      return fault;
    }
    const stored = await this.#driver.put(key, bytes);
    return stored.ok ? ok({ key, size: bytes.length }) : stored;
  }

  async read(key: string, range?: ByteRange): Promise<BlobResult<Uint8Array>> {
    const opened = await this.#open(key, range);
    if (!opened.ok) {
      return opened;
    }
    const body = opened.value;
    const fault = sizeFault(`read ${key}`, body.size, "Read a range or a stream");
    if (fault !== undefined) {
      body.cancel();
    }
    return fault ?? body.whole();
  }

  async stream(key: string, range?: ByteRange): Promise<BlobResult<BlobStream>> {
    const opened = await this.#open(key, range);
    return opened.ok ? ok(streamOf(opened.value)) : opened;
  }

  async info(key: string): Promise<BlobResult<BlobInfo>> {
    const found = keyFault(key) ?? (await this.#driver.inspect(key));
    return found.ok ? ok({ key, size: found.value.size }) : found;
  }

  async delete(keys: readonly string[]): Promise<BlobResult<void>> {
    if (keys.length > DELETE_KEYS_MAX) {
      const message = `${keys.length} keys to delete are more than ${DELETE_KEYS_MAX}.`;
      return blobFault("blob_request_invalid", message);
    }
    const fault = keys.map(keyFault).find((fault) => fault !== undefined);
    return fault ?? (keys.length === 0 ? ok(undefined) : this.#driver.delete(keys));
  }

  async list(prefix: string, options: ListOptions = {}): Promise<BlobResult<BlobPage>> {
    const { limit = LIST_PAGE_MAX, cursor } = options;
    const request = { prefix, limit, cursor };
    const fault = prefixFault(prefix) ?? pageFault(request);
    if (fault !== undefined) {
      return fault;
    }
    const found = await this.#driver.list(request);
    return found.ok ? pageOf(request, found.value) : found;
  }

  async openUpload(
    key: string,
    partBytes: number = PART_BYTES_DEFAULT,
  ): Promise<BlobResult<BlobUpload>> {
    const mark = crypto.randomUUID();
    const created =
      keyFault(key) ?? partBytesFault(partBytes) ?? (await this.#driver.createUpload(key, mark));
    return created.ok
      ? this.resumeUpload({ key, uploadId: created.value, mark, partBytes })
      : created;
  }

  resumeUpload(ticket: UploadTicket): BlobResult<BlobUpload> {
    return (
      keyFault(ticket.key) ??
      partBytesFault(ticket.partBytes) ??
      ok(new CheckedUpload(this.#driver, ticket))
    );
  }

  async #open(key: string, range: ByteRange | undefined): Promise<BlobResult<BlobBody>> {
    return keyFault(key) ?? rangeFault(key, range) ?? this.#driver.open(key, range);
  }
}

function sizeFault(what: string, size: number, instead: string): BlobFault | undefined {
  const message = `${what}: ${size} bytes are more than ${WHOLE_BYTES_MAX}. ${instead}.`;
  return size > WHOLE_BYTES_MAX ? blobFault("blob_request_invalid", message) : undefined;
}

function pageFault({ prefix, limit, cursor }: PageRequest): BlobFault | undefined {
  return Number.isInteger(limit) && limit >= 1 && limit <= LIST_PAGE_MAX && cursor !== ""
    ? undefined
    : blobFault("blob_request_invalid", `list ${prefix}: the limit or the cursor is not one.`);
}

/**
 * Objects that others keep in the same bucket are left out. A listing that would lead another tenant's objects in, or
 * its reader round in a circle, is refused.
 */
function pageOf({ prefix, cursor }: PageRequest, found: FoundPage): BlobResult<BlobPage> {
  const blobs = found.blobs.filter(({ key }) => isKey(key));
  const isSound =
    found.blobs.every(({ key }) => key.startsWith(prefix)) &&
    blobs.every(({ key }, index) => index === 0 || (blobs[index - 1]?.key ?? "") < key) &&
    found.cursor !== "" &&
    (found.cursor === undefined || found.cursor !== cursor);
  if (!isSound) {
    return blobFault("blob_corrupt", `list ${prefix}: the store's listing contradicts itself.`);
  }
  return ok(found.cursor === undefined ? { blobs } : { blobs, cursor: found.cursor });
}
