/**
 * URLs that are their own permission to download, for a while: HMAC-SHA256 over the path and the time of expiry.
 *
 * The keys come from the secret `REKISHI_SIGNING_KEYS`: the first signs, all verify, so a key can be replaced while URLs
 * signed with the old one are under way.
 */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { failure } from "../../kernel/failure.ts";
import { DOWNLOAD_URL_SECONDS } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";

export const SIGNING_KEY_CHARACTERS_MIN = 32;
/** So that a signature made with the same key for another purpose is not one of a download. */
const PURPOSE = "rekishi download v1";

/** The keys of the secret, or what is wrong with it. */
export function signingKeys(secret: string | undefined): Result<readonly string[]> {
  const keys = (secret ?? "").split(",").map((key) => key.trim());
  return keys.every((key) => key.length >= SIGNING_KEY_CHARACTERS_MIN)
    ? ok(keys)
    : failure(
        "not_configured",
        `Exports need the secret REKISHI_SIGNING_KEYS: random texts of at least ${SIGNING_KEY_CHARACTERS_MIN} characters, separated by commas.`,
      );
}

/** @param now milliseconds since the epoch. */
export function signUrl(url: URL, keys: readonly string[], now: number): string {
  const expires = String(Math.floor(now / 1_000) + DOWNLOAD_URL_SECONDS);
  const signed = new URL(url);
  signed.search = "";
  signed.searchParams.set("expires", expires);
  signed.searchParams.set("signature", signatureOf(signed.pathname, expires, keys[0] ?? ""));
  return signed.href;
}

/** Whether the URL was signed by us, for its path, and has not expired. */
export function verifyUrl(url: URL, keys: readonly string[], now: number): Result<void> {
  const expires = url.searchParams.get("expires") ?? "";
  const signature = Buffer.from(url.searchParams.get("signature") ?? "");
  const isOurs = keys.some((key) => {
    const expected = Buffer.from(signatureOf(url.pathname, expires, key));
    return expected.byteLength === signature.byteLength && timingSafeEqual(expected, signature);
  });
  if (!isOurs) {
    return failure("forbidden", "This link is not valid. Take it from the export as it is.");
  }
  return Number(expires) * 1_000 > now
    ? ok(undefined)
    : failure("forbidden", "This link has expired. Get the export again for a fresh one.");
}

function signatureOf(path: string, expires: string, key: string): string {
  return createHmac("sha256", key).update(`${PURPOSE}\n${path}\n${expires}`).digest("base64url");
}
