/** One signed request to an S3-compatible endpoint (Signature Version 4), and its answer. */
import { AwsV4Signer } from "aws4fetch";
import type { Network } from "../../kernel/network.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type { BlobResult } from "../blob-failure.ts";
import { bounded } from "../bounded.ts";
import { s3Fault } from "./s3-fault.ts";

export interface S3Settings {
  /** `https://s3.eu-central-1.amazonaws.com`; a path before the bucket is kept. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3Request {
  /** The operation and its key, to begin a message with. */
  readonly what: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Absent: the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** For the whole exchange, as far as `accept` follows it. */
  readonly timeoutMs: number;
}

/** Makes a value of a successful answer. The controller stops what of the answer is still to come. */
export type Accept<T> = (
  response: Response,
  controller: AbortController,
) => BlobResult<T> | Promise<BlobResult<T>>;

export class S3Client {
  readonly #settings: S3Settings;
  readonly #network: Network;
  readonly #bucketUrl: string;
  readonly #isEncrypted: boolean;
  /** Signing keys are derived once a day. */
  readonly #signingKeys = new Map<string, ArrayBuffer>();

  constructor(settings: S3Settings, network: Network = { fetch: (url, init) => fetch(url, init) }) {
    this.#settings = settings;
    this.#network = network;
    this.#bucketUrl = `${settings.endpoint.replace(/\/+$/, "")}/${settings.bucket}`;
    this.#isEncrypted = settings.endpoint.startsWith("https:");
  }

  /** Answers of 400 and above are failures already, and so are redirects: a signature is good for one host only. */
  exchange<T>(request: S3Request, accept: Accept<T>): Promise<BlobResult<T>> {
    return bounded(request.what, request.timeoutMs, async (controller) => {
      const response = await this.#send(request, controller.signal);
      if (!response.ok) {
        return s3Fault(request.what, response);
      }
      const accepted = await accept(response, controller);
      if (!accepted.ok) {
        controller.abort();
      }
      return accepted;
    });
  }

  async #send(request: S3Request, signal: AbortSignal): Promise<Response> {
    const { method, body = null } = request;
    const signer = new AwsV4Signer({
      method,
      url: this.#urlOf(request),
      headers: { ...request.headers, "x-amz-content-sha256": this.#bodyHash(body) },
      accessKeyId: this.#settings.accessKeyId,
      secretAccessKey: this.#settings.secretAccessKey,
      region: this.#settings.region,
      service: "s3",
      cache: this.#signingKeys,
    });
    const { url, headers } = await signer.sign();
    // Not signed, because proxies change it. A compressed answer would not have the length that it announces.
    headers.set("accept-encoding", "identity");
    return this.#network.fetch(url.href, { method, headers, body, signal, redirect: "manual" });
  }

  /** Keys need no escapes: see `blob-key.ts`. */
  #urlOf({ key, query = {} }: S3Request): string {
    const path = key === undefined ? this.#bucketUrl : `${this.#bucketUrl}/${key}`;
    const search = new URLSearchParams(query).toString();
    return search === "" ? path : `${path}?${search}`;
  }

  /** TLS protects the body on its way; without it, the signature must. */
  #bodyHash(body: Uint8Array | null): string {
    return this.#isEncrypted ? "UNSIGNED-PAYLOAD" : sha256Hex(body ?? "");
  }
}
