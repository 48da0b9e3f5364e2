/**
 * An S3-compatible server for tests: real HTTP, real signatures, objects in memory, and faults on demand.
 *
 * It is strict where real stores are: a part that is not the last has at least 5 MiB, a completed upload is forgotten, a
 * deletion of nothing is a 204.
 */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type S3Credentials, signatureError } from "./s3-signature.ts";

/** What goes wrong with one call. All but `error`, `page` and `reset` do what was asked first. */
export type S3Fault =
  /** Answers with an error of S3. */
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  /** Answers with something that is not S3. */
  | {
      readonly kind: "page";
      readonly status: number;
      readonly type?: string;
      readonly text?: string;
    }
  /** Breaks the connection instead of answering, before or after the work. */
  | { readonly kind: "reset" | "lost" }
  /** Answers late. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Sends so many bytes of the body, then nothing more, or the end of the connection. */
  | { readonly kind: "stall" | "truncate"; readonly bytes: number }
  /** Sends fewer bytes and says so, as if the object had no more. */
  | { readonly kind: "short"; readonly bytes: number }
  /** Sends other bytes, as many as it should. */
  | { readonly kind: "garble" }
  /** Changes the body of a document, or the headers of any answer. */
  | { readonly kind: "rewrite"; readonly body?: (text: string) => string }
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string | undefined>> };

export interface S3Call {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

interface Stored {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly mark: string | undefined;
}

interface Upload {
  readonly key: string;
  readonly mark: string | undefined;
  readonly parts: Map<number, Stored>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array | string;
}

const MARK = "x-amz-meta-rekishi-upload";
const PART_BYTES_MIN = 5 * 1024 * 1024;

export const S3_CREDENTIALS: S3Credentials = {
  accessKeyId: "AKIDTEST",
  secretAccessKey: "secret/with+signs",
  region: "eu-test-1",
};

export class S3Server {
  readonly bucket = "blobs";
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, Upload>();
  readonly calls: S3Call[] = [];
  /** Decides for each call whether something goes wrong with it. */
  fault: (call: S3Call, number: number) => S3Fault | undefined = () => undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<S3Server> {
    const http = createServer();
    const server = new S3Server(http);
    http.on("request", (request, response) => {
      server.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next calls go wrong in this way; those after it do not. */
  failNext(fault: S3Fault, calls = 1): void {
    const last = this.calls.length + calls;
    this.fault = (_, number) => (number <= last ? fault : undefined);
  }

  failEvery(nth: number, fault: S3Fault): void {
    this.fault = (_, number) => (number % nth === 0 ? fault : undefined);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? "", "http://s3.test");
    const [, bucket = "", ...segments] = url.pathname.split("/");
    const key = decodeURIComponent(segments.join("/"));
    const { method = "", headers } = request;
    const call = { method, key, query: url.searchParams, headers };
    this.calls.push(call);
    const fault = this.fault(call, this.calls.length);
    if (fault?.kind === "reset") {
      response.destroy();
      return;
    }
    const refusal = signatureError(request, body, S3_CREDENTIALS);
    if (refusal !== undefined) {
      await send(response, error(403, refusal), undefined);
    } else if (fault?.kind === "error") {
      await send(response, error(fault.status, fault.code), undefined);
    } else if (fault?.kind === "page") {
      await send(response, page(fault), undefined);
    } else {
      const answer = bucket === this.bucket ? this.#answer(call, body) : error(404, "NoSuchBucket");
      await send(response, answer, fault);
    }
  }

  #answer(call: S3Call, body: Uint8Array): Answer {
    const { method, key, query } = call;
    const uploadId = query.get("uploadId");
    if (key === "") {
      return method === "GET" && query.get("list-type") === "2"
        ? this.#list(query)
        : error(501, "NotImplemented");
    }
    if (method === "POST" && query.has("uploads")) {
      return this.#createUpload(call);
    }
    if (uploadId !== null) {
      return this.#uploadCall(call, uploadId, body);
    }
    switch (method) {
      case "PUT":
        return this.#put(call, body);
      case "GET":
      case "HEAD":
        return this.#get(call);
      case "DELETE":
        this.objects.delete(key);
        return { status: 204 };
      default:
        return error(405, "MethodNotAllowed");
    }
  }

  #put({ key, headers }: S3Call, bytes: Uint8Array): Answer {
    const etag = `"${md5(bytes)}"`;
    this.objects.set(key, { bytes, etag, mark: markOf(headers) });
    return { status: 200, headers: { etag } };
  }

  #get({ key, headers }: S3Call): Answer {
    const stored = this.objects.get(key);
    if (stored === undefined) {
      return error(404, "NoSuchKey");
    }
    const { bytes, etag, mark } = stored;
    const common = { etag, "content-type": "application/octet-stream", [MARK]: mark };
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "");
    if (range === null) {
      return { status: 200, headers: common, body: bytes };
    }
    const first = Number(range[1]);
    const last = Math.min(Number(range[2]), bytes.length - 1);
    return first >= bytes.length
      ? error(416, "InvalidRange")
      : {
          status: 206,
          headers: { ...common, "content-range": `bytes ${first}-${last}/${bytes.length}` },
          body: bytes.subarray(first, last + 1),
        };
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get("prefix") ?? "";
    const after = Buffer.from(query.get("continuation-token") ?? "", "base64").toString();
    const limit = Math.min(1_000, Number(query.get("max-keys") ?? "1000"));
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after);
    const page = keys.sort().slice(0, limit);
    const entries = page.map((key) => {
      const { bytes, etag } = this.objects.get(key) ?? { bytes: [], etag: "" };
      const text = `<Key>${xml(key)}</Key><Size>${bytes.length}</Size><ETag>${xml(etag)}</ETag>`;
      return `<Contents>${text}<Owner><ID>1</ID></Owner></Contents>`;
    });
    const isTruncated = keys.length > page.length;
    const token = Buffer.from(page.at(-1) ?? "").toString("base64");
    const next = isTruncated ? `<NextContinuationToken>${token}</NextContinuationToken>` : "";
    const flags = `<KeyCount>${page.length}</KeyCount><IsTruncated>${isTruncated}</IsTruncated>`;
    return document(
      "ListBucketResult",
      `<Prefix>${xml(prefix)}</Prefix>${flags}${next}${entries.join("")}`,
    );
  }

  #createUpload({ key, headers }: S3Call): Answer {
    // Real ones hold characters that need an escape in a query.
    const uploadId = `${randomUUID()}+/=&<~`;
    this.uploads.set(uploadId, { key, mark: markOf(headers), parts: new Map() });
    const names = `<Bucket>${this.bucket}</Bucket><Key>${xml(key)}</Key>`;
    return document(
      "InitiateMultipartUploadResult",
      `${names}<UploadId>${xml(uploadId)}</UploadId>`,
    );
  }

  #uploadCall({ method, key, query }: S3Call, uploadId: string, body: Uint8Array): Answer {
    const upload = this.uploads.get(uploadId);
    if (upload?.key !== key) {
      return error(404, "NoSuchUpload");
    }
    switch (method) {
      case "PUT": {
        const etag = `"${md5(body)}"`;
        upload.parts.set(Number(query.get("partNumber")), { bytes: body, etag, mark: undefined });
        return { status: 200, headers: { etag } };
      }
      case "POST":
        return this.#complete(upload, uploadId, Buffer.from(body).toString());
      case "DELETE":
        this.uploads.delete(uploadId);
        return { status: 204 };
      default:
        return error(405, "MethodNotAllowed");
    }
  }

  #complete({ key, mark, parts }: Upload, uploadId: string, text: string): Answer {
    const wanted = [...text.matchAll(/<Part><PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/g)];
    const found = wanted.map(([, part = "", etag = ""]) => {
      const stored = parts.get(Number(part));
      return stored?.etag === etag.replaceAll("&quot;", '"') ? stored : undefined;
    });
    if (found.length === 0 || found.includes(undefined)) {
      return error(400, "InvalidPart");
    }
    const bytes = found.map((part) => part?.bytes ?? new Uint8Array());
    if (bytes.slice(0, -1).some(({ length }) => length < PART_BYTES_MIN)) {
      return error(400, "EntityTooSmall");
    }
    const etag = `"${md5(Buffer.concat(bytes))}-${bytes.length}"`;
    this.objects.set(key, { bytes: Buffer.concat(bytes), etag, mark });
    this.uploads.delete(uploadId);
    return document(
      "CompleteMultipartUploadResult",
      `<Key>${xml(key)}</Key><ETag>${xml(etag)}</ETag>`,
    );
  }
}

async function send(
  response: ServerResponse,
  answer: Answer,
  fault: S3Fault | undefined,
): Promise<void> {
  if (fault?.kind === "lost") {
    response.destroy();
    return;
  }
  if (fault?.kind === "delay") {
    await sleep(fault.ms);
  }
  const body = changed(Buffer.from(answer.body ?? ""), fault);
  response.statusCode = answer.status;
  const headers = { ...answer.headers, ...(fault?.kind === "headers" ? fault.headers : {}) };
  for (const [name, value] of Object.entries({
    "content-length": String(body.length),
    ...headers,
  })) {
    if (value !== undefined) {
      response.setHeader(name, value);
    }
  }
  if (fault?.kind === "stall" || fault?.kind === "truncate") {
    response.write(body.subarray(0, fault.bytes), () => {
      if (fault.kind === "truncate") {
        response.destroy();
      }
    });
    return;
  }
  response.end(body);
}

function changed(body: Buffer, fault: S3Fault | undefined): Buffer {
  switch (fault?.kind) {
    case "short":
      return body.subarray(0, fault.bytes);
    case "garble":
      return Buffer.from(body.map((byte) => byte ^ 0x55));
    case "rewrite":
      return Buffer.from((fault.body ?? ((text) => text))(body.toString()));
    default:
      return body;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function document(name: string, content: string, status = 200): Answer {
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`,
  };
}

function error(status: number, code: string): Answer {
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Refused &amp; logged.</Message></Error>`,
  };
}

function page({ status, type, text }: Extract<S3Fault, { kind: "page" }>): Answer {
  return {
    status,
    headers: { "content-type": type ?? "text/html; charset=utf-8", etag: '"page"' },
    body: text ?? "<!doctype html><html><body><h1>Sign in</h1></body></html>",
  };
}

function markOf(headers: IncomingMessage["headers"]): string | undefined {
  const mark = headers[MARK];
  return typeof mark === "string" ? mark : undefined;
}

function xml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
