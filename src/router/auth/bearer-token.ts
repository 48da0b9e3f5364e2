/** The credential in the header `Authorization` (RFC 6750 §2.1), and its hash, by which it is looked up. */
import { memoized } from "../../kernel/memoized.ts";
import { sha256Hex } from "../../kernel/sha256.ts";

/** Few spaces: a text cut out of another keeps all of that in memory, and the hashes of tokens are remembered. */
const BEARER = /^Bearer {1,8}(\S+) {0,8}$/i;
const TOKENS_REMEMBERED_MAX = 1_000;
/** A token that is longer is none of ours but a JWT, or somebody who wants to fill the memory. */
const REMEMBERED_TOKEN_CHARACTERS_MAX = 128;
const rememberedHash = memoized(sha256Hex, TOKENS_REMEMBERED_MAX);

/** Undefined for a header that holds something else. */
export function bearerTokenOf(header: string): string | undefined {
  return BEARER.exec(header)?.[1];
}

/**
 * A client sends the same credential with each of its requests, so it is not hashed each time.
 *
 * @param token as `bearerTokenOf` gives it.
 */
export function tokenHash(token: string): string {
  return token.length <= REMEMBERED_TOKEN_CHARACTERS_MAX ? rememberedHash(token) : sha256Hex(token);
}
