/**
 * A Worker that does nothing but show the blob stores of its environment over HTTP: `POST /disk/put`. A request is a
 * line of JSON and then bytes; `read` and `stream` answer with bytes, everything else with a result as JSON.
 */
import type { BlobResult } from "../../../src/blob/blob-failure.ts";
import type { BlobStore } from "../../../src/blob/blob-store.ts";
import type { BlobUpload, UploadTicket } from "../../../src/blob/blob-upload.ts";
import { type BlobSettings, openBlobStore } from "../../../src/blob/open.ts";
import { type BlobCall, RESULT_HEADER } from "./call.ts";

interface Env extends BlobSettings {
  readonly BLOB_TIMEOUT_MS: string;
}

/** workerd looks for the handlers here. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, place = "", method = ""] = new URL(request.url).pathname.split("/");
    const message = new Uint8Array(await request.arrayBuffer());
    const end = message.indexOf(NEW_LINE);
    const call = JSON.parse(new TextDecoder().decode(message.subarray(0, end))) as BlobCall;
    const store = storeOf(place, env);
    if (method === "read" || method === "stream") {
      return bytesAnswer(store, method, call);
    }
    return Response.json(await resultOf(store, method, call, message.subarray(end + 1)));
  },
};

const NEW_LINE = 0x0a;

function storeOf(place: string, env: Env): BlobStore {
  const { REKISHI_BLOB_DISK = null } = env;
  const settings = place === "disk" ? { REKISHI_BLOB_DISK } : env;
  const opened = openBlobStore(settings, { timeoutMs: Number(env.BLOB_TIMEOUT_MS) });
  if (!opened.ok || opened.value?.kind !== place) {
    throw new Error(`No ${place}: ${JSON.stringify(opened)}`);
  }
  return opened.value;
}

async function bytesAnswer(
  store: BlobStore,
  method: "read" | "stream",
  { key = "", range }: BlobCall,
): Promise<Response> {
  const answer = method === "read" ? await store.read(key, range) : await store.stream(key, range);
  if (!answer.ok) {
    return new Response(null, { headers: { [RESULT_HEADER]: JSON.stringify(answer) } });
  }
  const size = "size" in answer.value ? answer.value.size : answer.value.length;
  const body = "size" in answer.value ? answer.value.body : answer.value;
  return new Response(body, { headers: { [RESULT_HEADER]: JSON.stringify({ ok: true, size }) } });
}

async function resultOf(
  store: BlobStore,
  method: string,
  call: BlobCall,
  bytes: Uint8Array,
): Promise<BlobResult<unknown>> {
  const { key = "" } = call;
  switch (method) {
    case "put":
      return store.put(key, bytes);
    case "info":
      return store.info(key);
    case "delete":
      return store.delete(call.keys ?? []);
    case "list":
      return store.list(key, call.options);
    case "openUpload":
      return ticketOf(await store.openUpload(key, call.partBytes));
    default:
      return uploadResultOf(store, method, call, bytes);
  }
}

async function uploadResultOf(
  store: BlobStore,
  method: string,
  { ticket, part = 0, receipts = [] }: BlobCall,
  bytes: Uint8Array,
): Promise<BlobResult<unknown>> {
  const upload = store.resumeUpload(ticket as UploadTicket);
  if (!upload.ok) {
    return upload;
  }
  switch (method) {
    case "resumeUpload":
      return ticketOf(upload);
    case "uploadPart":
      return upload.value.uploadPart(part, bytes);
    case "complete":
      return upload.value.complete(receipts);
    case "abort":
      return upload.value.abort();
    default:
      throw new Error(`There is no call ${method}.`);
  }
}

function ticketOf(upload: BlobResult<BlobUpload>): BlobResult<UploadTicket> {
  return upload.ok ? { ok: true, value: upload.value.ticket } : upload;
}
