/** A blob store of the Worker in `worker.ts`, as if it were here. */
import type { BlobResult } from "../../../src/blob/blob-failure.ts";
import type { BlobInfo, BlobPage, BlobStore, BlobStream } from "../../../src/blob/blob-store.ts";
import type { BlobUpload, PartReceipt, UploadTicket } from "../../../src/blob/blob-upload.ts";
import { CheckedStore } from "../../../src/blob/checked-store.ts";
import { type BlobCall, RESULT_HEADER } from "./call.ts";

export class RemoteStore implements BlobStore {
  readonly kind: "s3" | "disk";
  readonly #urlOf: () => string;

  /** @param urlOf where the Worker is now. */
  constructor(kind: "s3" | "disk", urlOf: () => string) {
    this.kind = kind;
    this.#urlOf = urlOf;
  }

  put(key: string, bytes: Uint8Array): Promise<BlobResult<BlobInfo>> {
    return this.call("put", { key }, bytes);
  }

  async read(key: string, range?: BlobCall["range"]): Promise<BlobResult<Uint8Array>> {
    const { result, response } = await this.#bytes("read", withRange(key, range));
    return result.ok ? { ok: true, value: await response.bytes() } : result;
  }

  async stream(key: string, range?: BlobCall["range"]): Promise<BlobResult<BlobStream>> {
    const { result, response } = await this.#bytes("stream", withRange(key, range));
    const body = response.body ?? new Blob([]).stream();
    return result.ok ? { ok: true, value: { size: result.size, body } } : result;
  }

  info(key: string): Promise<BlobResult<BlobInfo>> {
    return this.call("info", { key });
  }

  delete(keys: readonly string[]): Promise<BlobResult<void>> {
    return this.call("delete", { keys });
  }

  list(prefix: string, options?: BlobCall["options"]): Promise<BlobResult<BlobPage>> {
    return this.call("list", options === undefined ? { key: prefix } : { key: prefix, options });
  }

  async openUpload(key: string, partBytes?: number): Promise<BlobResult<BlobUpload>> {
    const call = partBytes === undefined ? { key } : { key, partBytes };
    const opened = await this.call<UploadTicket>("openUpload", call);
    return opened.ok ? { ok: true, value: this.#upload(opened.value) } : opened;
  }

  /** Asks nobody, as the stores themselves; so the check of the ticket is that of this side. */
  resumeUpload(ticket: UploadTicket): BlobResult<BlobUpload> {
    const checked = new CheckedStore(undefined as never).resumeUpload(ticket);
    return checked.ok ? { ok: true, value: this.#upload(ticket) } : checked;
  }

  async call<T>(
    method: string,
    call: BlobCall,
    bytes: Uint8Array = new Uint8Array(),
  ): Promise<BlobResult<T>> {
    const response = await this.#post(method, call, bytes);
    return (await response.json()) as BlobResult<T>;
  }

  #upload(ticket: UploadTicket): BlobUpload {
    return {
      ticket,
      uploadPart: (part, bytes) => this.call<PartReceipt>("uploadPart", { ticket, part }, bytes),
      complete: (receipts) => this.call<BlobInfo>("complete", { ticket, receipts }),
      abort: () => this.call<void>("abort", { ticket }),
    };
  }

  async #bytes(method: string, call: BlobCall) {
    const response = await this.#post(method, call, new Uint8Array());
    const result = JSON.parse(response.headers.get(RESULT_HEADER) ?? "") as
      | Extract<BlobResult<never>, { ok: false }>
      | { readonly ok: true; readonly size: number };
    return { result, response };
  }

  async #post(method: string, call: BlobCall, bytes: Uint8Array): Promise<Response> {
    const body = Buffer.concat([Buffer.from(`${JSON.stringify(call)}\n`), bytes]);
    const response = await fetch(`${this.#urlOf()}/${this.kind}/${method}`, {
      method: "POST",
      body,
    });
    if (!response.ok) {
      throw new Error(`${method}: ${response.status} ${await response.text()}`);
    }
    return response;
  }
}

function withRange(key: string, range: BlobCall["range"]): BlobCall {
  return range === undefined ? { key } : { key, range };
}
