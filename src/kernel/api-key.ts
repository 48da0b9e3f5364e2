/**
 * API keys and the other secrets that rekishi gives out, as text. The prefix and the checksum let a secret scanner recognise a leaked key without
 * asking anybody, and let the router refuse a mistyped one without a look-up.
 *
 *     rk_live_ + 30 random base62 characters (178 bits) + 6 base62 characters of CRC-32
 */
import { crc32 } from "node:zlib";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX = "rk_live_";
const RANDOM_CHARACTERS = 30;
const CHECKSUM_CHARACTERS = 6;
const API_KEY = /^rk_live_[0-9A-Za-z]{36}$/;
const RANDOM = /^[0-9A-Za-z]{30}$/;
const TICKET = "rkt_";
const PORTAL_CODE = "rkp_";
const SESSION_TOKEN = "rks_";

export function mintApiKey(): string {
  const body = PREFIX + randomBase62(RANDOM_CHARACTERS);
  return body + checksum(body);
}

export function isApiKey(text: string): boolean {
  return (
    API_KEY.test(text) &&
    text.slice(-CHECKSUM_CHARACTERS) === checksum(text.slice(0, -CHECKSUM_CHARACTERS))
  );
}

/** A single-use ticket for the live tail. Its characters are allowed in a WebSocket subprotocol. */
export function mintTicket(): string {
  return TICKET + randomBase62(RANDOM_CHARACTERS);
}

/** Whether a text was meant to be a ticket, complete or not. */
export function looksLikeTicket(text: string): boolean {
  return text.startsWith(TICKET);
}

export function isTicket(text: string): boolean {
  return isSecret(TICKET, text);
}

/** What a portal link holds: good once, for a session. */
export function mintPortalCode(): string {
  return PORTAL_CODE + randomBase62(RANDOM_CHARACTERS);
}

export function isPortalCode(text: string): boolean {
  return isSecret(PORTAL_CODE, text);
}

/** A portal session, as a cookie or a bearer token. */
export function mintSessionToken(): string {
  return SESSION_TOKEN + randomBase62(RANDOM_CHARACTERS);
}

export function isSessionToken(text: string): boolean {
  return isSecret(SESSION_TOKEN, text);
}

function isSecret(prefix: string, text: string): boolean {
  return text.startsWith(prefix) && RANDOM.test(text.slice(prefix.length));
}

function checksum(text: string): string {
  let rest = crc32(text);
  let encoded = "";
  for (let place = 0; place < CHECKSUM_CHARACTERS; place++) {
    encoded = (ALPHABET[rest % 62] ?? "") + encoded;
    rest = Math.floor(rest / 62);
  }
  return encoded;
}

/** Bytes of 248 and more are thrown away, so that every character is equally likely. */
function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < 248 && text.length < length) {
        text += ALPHABET[byte % 62] ?? "";
      }
    }
  }
  return text;
}
