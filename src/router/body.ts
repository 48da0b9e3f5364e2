/** Reads request bodies. Limits hold while reading, so a body that is too large is refused without being kept. */
import type * as z from "zod";
import { read } from "../contract/field-errors.ts";
import { failure } from "../kernel/failure.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import {
  type Json,
  type JsonObject,
  isJsonObject,
  parseStrictJson,
} from "../kernel/strict-json.ts";
import type { HttpContext } from "./http.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** The body as text, at most `bytesMax` long. */
export async function readText(request: Request, bytesMax: number): Promise<Result<string>> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    return failure("invalid_request", "Content-Encoding is not supported. Send the body as it is.");
  }
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared <= bytesMax) {
    return decodeUtf8(await request.arrayBuffer());
  }
  if (request.body === null) {
    return ok("");
  }
  if (declared > bytesMax) {
    await drain(request.body.getReader());
    return tooLarge(bytesMax);
  }
  const bytes = await readUpTo(request.body.getReader(), bytesMax);
  return bytes === undefined ? tooLarge(bytesMax) : decodeUtf8(bytes);
}

/** The body as a strict JSON object. */
export async function readJsonObject(
  request: Request,
  bytesMax: number,
): Promise<Result<JsonObject>> {
  const text = await readText(request, bytesMax);
  if (!text.ok) {
    return text;
  }
  const value = parseStrictJson(text.value);
  if (!value.ok) {
    return value;
  }
  return isJsonObject(value.value)
    ? ok(value.value)
    : failure("invalid_request", "The body must be a JSON object.");
}

/** The body of a request for a resource: a JSON object that fits the schema. */
export async function readBody<Schema extends z.ZodType>(
  context: HttpContext,
  schema: Schema,
): Promise<Result<z.output<Schema>>> {
  const body = await readJsonObject(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  return body.ok ? read(schema, body.value, "", "invalid_request") : body;
}

/** The lines of an NDJSON body; empty lines do not count. */
export async function readJsonLines(request: Request, bytesMax: number): Promise<Result<Json[]>> {
  const text = await readText(request, bytesMax);
  if (!text.ok) {
    return text;
  }
  const values: Json[] = [];
  for (const [index, line] of text.value.split("\n").entries()) {
    if (line.trim() !== "") {
      const subject = `Line ${index + 1}`;
      const value = parseStrictJson(line, subject);
      if (!value.ok) {
        const { code, message } = value.failure;
        return failure(code, message.startsWith(subject) ? message : `${subject}: ${message}`);
      }
      values.push(value.value);
    }
  }
  return ok(values);
}

/**
 * Reads on for a while and throws it away: a sender that is cut off in the middle of its body sees a broken connection
 * and not the answer, and tries again. A sender that waits for the answer first is not waited for.
 */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const patience = scheduler.wait(DRAIN_MS);
  for (let length = 0; length <= DRAIN_BYTES_MAX;) {
    const chunk = await Promise.race([reader.read(), patience]);
    if (chunk === undefined || chunk.done) {
      break;
    }
    length += chunk.value.byteLength;
  }
  await reader.cancel();
}

const DRAIN_BYTES_MAX = 6 * 1024 * 1024;
const DRAIN_MS = 500;

/** A body of unknown length, or undefined when it is longer than `bytesMax`. */
async function readUpTo(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    length += chunk.value.byteLength;
    if (length > bytesMax) {
      await drain(reader);
      return undefined;
    }
    chunks.push(chunk.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function decodeUtf8(bytes: Uint8Array | ArrayBuffer): Result<string> {
  try {
    return ok(UTF8.decode(bytes));
  } catch {
    return failure("invalid_request", "The body is not valid UTF-8.");
  }
}

function tooLarge(bytesMax: number) {
  return failure("payload_too_large", `The body is larger than ${bytesMax / 1024} KiB.`);
}
