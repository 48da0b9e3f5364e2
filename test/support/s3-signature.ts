/** Checks Signature Version 4 of a request, as a server does: from the bytes of the request, with code of its own. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
const CLOCK_SKEW_MS = 15 * 60_000;
const ALWAYS_SIGNED = ["host", "x-amz-content-sha256", "x-amz-date"];

/** @returns the S3 error code of what is wrong, or undefined. */
export function signatureError(
  request: IncomingMessage,
  body: Uint8Array,
  credentials: S3Credentials,
): string | undefined {
  const parts = AUTHORIZATION.exec(headerOf(request, "authorization"));
  if (parts === null) {
    return "AccessDenied";
  }
  const [, keyId = "", day = "", region = "", signed = "", signature = ""] = parts;
  const date = headerOf(request, "x-amz-date");
  if (keyId !== credentials.accessKeyId) {
    return "InvalidAccessKeyId";
  }
  if (region !== credentials.region || !date.startsWith(day)) {
    return "AuthorizationHeaderMalformed";
  }
  if (Math.abs(Date.now() - timeOf(date)) > CLOCK_SKEW_MS) {
    return "RequestTimeTooSkewed";
  }
  if (!ALWAYS_SIGNED.every((name) => signed.split(";").includes(name))) {
    return "AccessDenied";
  }
  // Nothing else protects a body on its way through plain HTTP, so the hash must be there and be right.
  if (headerOf(request, "x-amz-content-sha256") !== sha256(body)) {
    return "XAmzContentSHA256Mismatch";
  }
  const expected = sign(
    canonicalRequest(request, signed),
    date,
    `${day}/${region}/s3`,
    credentials,
  );
  return timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(signature, "hex"))
    ? undefined
    : "SignatureDoesNotMatch";
}

function canonicalRequest(request: IncomingMessage, signed: string): string {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const headers = signed.split(";").map((name) => `${name}:${headerOf(request, name).trim()}\n`);
  return [
    request.method,
    path.split("/").map(recoded).join("/"),
    [...new URLSearchParams(query)]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join("&"),
    headers.join(""),
    signed,
    headerOf(request, "x-amz-content-sha256"),
  ].join("\n");
}

function sign(canonical: string, date: string, scope: string, credentials: S3Credentials): string {
  const text = ["AWS4-HMAC-SHA256", date, `${scope}/aws4_request`, sha256(canonical)].join("\n");
  let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  for (const part of [...scope.split("/"), "aws4_request"]) {
    key = createHmac("sha256", key).update(part).digest();
  }
  return createHmac("sha256", key).update(text).digest("hex");
}

/** `20261123T074652Z` */
function timeOf(date: string): number {
  return Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

function recoded(segment: string): string {
  return encoded(decodeURIComponent(segment));
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
