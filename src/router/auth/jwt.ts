/**
 * Verifies a JWT (RFC 7519) of one of the token issuers: its signature, who made it, for whom, and until when.
 *
 * What is wrong is told to the client only once the signature is right; before that everything is "not valid". The
 * reason is always in the log, the token never.
 */
import {
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
} from "jose";
import type { TokenIssuer } from "../../contract/token-issuer.ts";
import { failure, type Failure } from "../../kernel/failure.ts";
import { JWT_CHARACTERS_MAX, JWT_CLOCK_SKEW_SECONDS } from "../../kernel/limits.ts";
import { fail, ok, type Result } from "../../kernel/result.ts";
import { log } from "../../observe/logger.ts";
import { type Algorithm, ALGORITHMS, type KeyFault, type KeyName } from "./key-sets.ts";

export interface VerifiedToken {
  readonly issuer: TokenIssuer;
  readonly claims: JWTPayload & { readonly sub: string; readonly exp: number };
}

export type FindKey = (uri: string, name: KeyName) => Promise<Result<CryptoKey, KeyFault>>;

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const SUBJECT_CHARACTERS_MAX = 255;

const NOT_VALID = "The token is not valid. Sign in again.";
const UNAVAILABLE: Failure = {
  ...failure(
    "identity_provider_unavailable",
    "The identity provider's keys cannot be read right now. Send the same request again.",
  ).failure,
  retryAfterSeconds: 5,
};

/** An API key has no dots. */
export function isJwt(text: string): boolean {
  return JWT.test(text);
}

/** @param now milliseconds since the epoch. */
export async function verifyJwt(
  token: string,
  issuers: readonly TokenIssuer[],
  findKey: FindKey,
  now: number,
): Promise<Result<VerifiedToken>> {
  const read = readUnverified(token);
  if (read === undefined) {
    return rejected("It cannot be read, or is signed with an algorithm that is not accepted.");
  }
  const issuer = issuers.find((candidate) => candidate.issuer === read.issuer);
  if (issuer === undefined) {
    return rejected("Its issuer is not known.");
  }
  const key = await findKey(issuer.jwks_uri, read.key);
  if (!key.ok) {
    return key.failure === "unavailable"
      ? fail(UNAVAILABLE)
      : rejected("Its issuer has no such key.", issuer);
  }
  try {
    const { payload } = await jwtVerify(token, key.value, {
      algorithms: [read.key.alg],
      issuer: issuer.issuer,
      ...(issuer.audience === null ? {} : { audience: issuer.audience }),
      clockTolerance: JWT_CLOCK_SKEW_SECONDS,
      requiredClaims: ["sub", "exp", ...issuer.required_claims],
      currentDate: new Date(now),
    });
    return checkFurther(payload, issuer, now);
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      return rejected("It has expired.", issuer, "The token has expired. Sign in again.");
    }
    if (error instanceof errors.JWTClaimValidationFailed) {
      return badClaim(error.claim, issuer);
    }
    if (error instanceof errors.JOSEError) {
      return rejected("Its signature is wrong.", issuer);
    }
    throw error;
  }
}

interface UnverifiedToken {
  readonly issuer: string | undefined;
  readonly key: KeyName;
}

function readUnverified(token: string): UnverifiedToken | undefined {
  if (token.length > JWT_CHARACTERS_MAX) {
    return undefined;
  }
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    return isAlgorithm(alg) && (kid === undefined || typeof kid === "string")
      ? { issuer: decodeJwt(token).iss, key: { kid, alg } }
      : undefined;
  } catch {
    return undefined;
  }
}

function isAlgorithm(alg: string | undefined): alg is Algorithm {
  return ALGORITHMS.some((algorithm) => algorithm === alg);
}

/** What jose does not check: the subject's form, the authorized party, and a time of issue to come. */
function checkFurther(claims: JWTPayload, issuer: TokenIssuer, now: number): Result<VerifiedToken> {
  const { sub, exp, iat } = claims;
  const azp = claims["azp"];
  if (!isText(sub, SUBJECT_CHARACTERS_MAX)) {
    return badClaim("sub", issuer);
  }
  if (exp === undefined) {
    return badClaim("exp", issuer);
  }
  if (iat !== undefined && !(iat <= now / 1_000 + JWT_CLOCK_SKEW_SECONDS)) {
    return badClaim("iat", issuer);
  }
  const parties = issuer.authorized_parties;
  if (parties !== null && !parties.some((party) => party === azp)) {
    return badClaim("azp", issuer);
  }
  return ok({ issuer, claims: { ...claims, sub, exp } });
}

/** A text that can be an event's: not empty, not too long, and well-formed. */
export function isText(value: unknown, charactersMax: number): value is string {
  return (
    typeof value === "string" &&
    value !== "" &&
    value.length <= charactersMax &&
    value.isWellFormed()
  );
}

function badClaim(claim: string, issuer: TokenIssuer) {
  const message = `The token's claim '${claim}' is missing or is not accepted here.`;
  return rejected(message, issuer, message);
}

/** @param message what the client is told. */
function rejected(reason: string, issuer?: TokenIssuer, message = NOT_VALID) {
  log.warn("auth.rejected", "A token was refused.", { reason, tokenIssuer: issuer?.id });
  return failure("invalid_token", message);
}
