/**
 * A file of the blob store as an answer: whole or a range of it, streamed, never in memory.
 *
 * What a browser could be led to do with it is ruled out: it is saved under a plain name, and never shown or sniffed.
 */
import { Buffer } from "node:buffer";
import type { BlobStore, ByteRange } from "../../blob/blob-store.ts";
import type { ExportFile } from "../../export/file.ts";
import { failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { errorFacts, log } from "../../observe/logger.ts";
import { readRange } from "./range.ts";

const UNAVAILABLE = {
  ...failure("blob_store_unavailable", "The file cannot be read right now. Try again.").failure,
  retryAfterSeconds: 5,
};

/** Answers GET and HEAD, with `Range` and `If-Range`. */
export async function fileResponse(
  request: Request,
  store: BlobStore,
  file: ExportFile,
): Promise<Result<Response>> {
  const headers = fileHeaders(file);
  const range = isSameFile(request.headers.get("if-range"), file)
    ? readRange(request.headers.get("range") ?? undefined, file.size)
    : undefined;
  if (range === "unsatisfiable") {
    headers.set("Content-Range", `bytes */${file.size}`);
    return ok(new Response(null, { status: 416, headers }));
  }
  const length = range?.length ?? file.size;
  headers.set("Content-Length", String(length));
  if (range !== undefined) {
    const last = range.offset + range.length - 1;
    headers.set("Content-Range", `bytes ${range.offset}-${last}/${file.size}`);
  }
  const status = range === undefined ? 200 : 206;
  if (request.method === "HEAD" || length === 0) {
    return ok(new Response(null, { status, headers }));
  }
  const body = await openBody(store, file, range);
  return body.ok ? ok(new Response(body.value, { status, headers })) : body;
}

async function openBody(
  store: BlobStore,
  file: ExportFile,
  range: ByteRange | undefined,
): Promise<Result<ReadableStream>> {
  const opened = await store.stream(file.key, range);
  const expected = range?.length ?? file.size;
  if (!opened.ok || opened.value.size !== expected) {
    const error = opened.ok
      ? `${opened.value.size} bytes instead of ${expected}`
      : opened.failure.message;
    log.error("download", "A file cannot be read.", { key: file.key, error });
    if (opened.ok) {
      await opened.value.body.cancel();
    }
    return { ok: false, failure: UNAVAILABLE };
  }
  // A stream of known length: the answer says how long it is, and breaks off visibly when it is cut short.
  const { readable, writable } = new FixedLengthStream(expected);
  opened.value.body.pipeTo(writable).catch((error: unknown) => {
    log.warn("download", "A download broke off.", { key: file.key, ...errorFacts(error) });
  });
  return ok(readable);
}

function fileHeaders({ name, contentType, sha256 }: ExportFile): Headers {
  return new Headers({
    "Content-Type": contentType,
    // RFC 6266: the plain form for old clients, the encoded one (RFC 8187) for all others.
    "Content-Disposition": `attachment; filename="${name}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
    ETag: `"${sha256}"`,
    // RFC 9530: of the whole file, whatever part of it is sent.
    "Repr-Digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
  });
}

/** `If-Range` says which file the rest is wanted of; without it, of this one. */
function isSameFile(ifRange: string | null, { sha256 }: ExportFile): boolean {
  return ifRange === null || ifRange === `"${sha256}"`;
}
