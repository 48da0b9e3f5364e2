/**
 * Files through workerd's disk service: `disk = (path = …, writable = true)` in the server's configuration, bound as a
 * service. It answers GET, HEAD, PUT and DELETE on paths, and a folder's GET with its entries as JSON.
 *
 * What the service does, tried and traced on workerd 1.20261023.1:
 *   - PUT writes `.name.<pid>.<n>.tmp` beside the target and renames it, making folders on the way, the served one too.
 *     Nothing is flushed with fsync: an acknowledged file outlives `kill -9`, but a power cut can lose or empty it.
 *     `kill -9` leaves the temporary file behind, which no listing shows.
 *   - PUT keeps what has come so far when a streamed body breaks, and answers 204. So bodies here are never streams.
 *   - DELETE removes a folder with all that is in it.
 *   - A range that is the whole file is answered with 200.
 *   - What goes wrong on the disk (full, read-only, a file where a folder should be) rejects with "internal error"; the
 *     reason is in the log of workerd only.
 */
import { ok } from "../../kernel/result.ts";
import { type BlobBody, SentBody } from "../blob-body.ts";
import {
  type BlobFailureCode,
  type BlobFault,
  blobFault,
  type BlobResult,
} from "../blob-failure.ts";
import type { ByteRange } from "../blob-store.ts";
import { bounded, transferMs } from "../bounded.ts";
import { answeredSize, rangeHeaders } from "../byte-range.ts";

/** A service binding. */
export interface DiskService {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

export interface DiskEntry {
  readonly name: string;
  readonly type: string;
}

export class DiskFiles {
  readonly #service: DiskService;
  readonly #timeoutMs: number;

  constructor(service: DiskService, timeoutMs: number) {
    this.#service = service;
    this.#timeoutMs = timeoutMs;
  }

  async write(what: string, path: string, body: Uint8Array): Promise<BlobResult<void>> {
    const init = { method: "PUT", body };
    return this.#exchange(what, path, init, transferMs(this.#timeoutMs, body.length), (response) =>
      response.status === 204 ? ok(undefined) : noDisk(what, response.status),
    );
  }

  open(what: string, path: string, range?: ByteRange): Promise<BlobResult<BlobBody>> {
    const init = { headers: rangeHeaders(range) };
    return this.#exchange(what, path, init, this.#timeoutMs, (response, controller) => {
      const size = isFile(response)
        ? answeredSize(what, response, range)
        : noDisk(what, response.status);
      const cancel = () => controller.abort();
      const timeoutMs = this.#timeoutMs;
      return size.ok
        ? ok(new SentBody({ what, size: size.value, source: response, timeoutMs, cancel }))
        : size;
    });
  }

  size(what: string, path: string): Promise<BlobResult<number>> {
    return this.#exchange(what, path, { method: "HEAD" }, this.#timeoutMs, (response) =>
      isFile(response) ? answeredSize(what, response, undefined) : noDisk(what, response.status),
    );
  }

  /** Removes a file, or a folder with all that is in it. What is not there counts as removed. */
  async remove(what: string, path: string): Promise<BlobResult<void>> {
    const removed = await this.#exchange(
      what,
      path,
      { method: "DELETE" },
      this.#timeoutMs,
      (response) => (response.status === 204 ? ok(undefined) : noDisk(what, response.status)),
    );
    return removed.ok || removed.failure.code !== "blob_not_found" ? removed : ok(undefined);
  }

  /** The entries of a folder; none where there is no such folder. */
  async entries(what: string, path: string): Promise<BlobResult<readonly DiskEntry[]>> {
    const listed = await this.#exchange(what, path, {}, this.#timeoutMs, async (response) => {
      const isListing = response.headers.get("content-type") === "application/json";
      const entries = isListing ? parseEntries(await response.text()) : undefined;
      return entries === undefined ? noDisk(what, response.status) : ok(entries);
    });
    return listed.ok || listed.failure.code !== "blob_not_found" ? listed : ok([]);
  }

  #exchange<T>(
    what: string,
    path: string,
    init: RequestInit,
    ms: number,
    accept: (
      response: Response,
      controller: AbortController,
    ) => BlobResult<T> | Promise<BlobResult<T>>,
  ): Promise<BlobResult<T>> {
    return bounded(what, ms, async (controller) => {
      const url = `http://disk/${path}`;
      const response = await this.#service.fetch(url, { ...init, signal: controller.signal });
      const accepted = response.ok
        ? await accept(response, controller)
        : statusFault(what, response.status);
      if (!accepted.ok) {
        controller.abort();
      }
      return accepted;
    });
  }
}

const MEANINGS: Readonly<Record<number, BlobFailureCode>> = {
  404: "blob_not_found",
  416: "blob_range_unsatisfiable",
  501: "blob_misconfigured",
};

function statusFault(what: string, status: number): BlobFault {
  const meaning = MEANINGS[status] ?? (status >= 500 ? "blob_unavailable" : "blob_misconfigured");
  return blobFault(meaning, `${what}: the disk service answered ${status}.`);
}

function isFile({ headers }: Response): boolean {
  return headers.get("content-type") === "application/octet-stream";
}

function parseEntries(text: string): DiskEntry[] | undefined {
  try {
    const entries = JSON.parse(text) as unknown;
    return Array.isArray(entries) && entries.every(isEntry) ? entries : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is DiskEntry {
  const { name, type } = Object(value) as Record<string, unknown>;
  return typeof name === "string" && typeof type === "string";
}

function noDisk(what: string, status: number): BlobFault {
  return blobFault(
    "blob_misconfigured",
    `${what}: the answer (status ${status}) is not one of a writable disk service. Look at REKISHI_BLOB_DISK.`,
  );
}
