/** Tokens of identity providers: real keys, and key sets that a real server answers, with a clock that the test moves. */
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TokenIssuer } from "../../../src/contract/token-issuer.ts";
import { configureLogs } from "../../../src/observe/logger.ts";
import { jwtPrincipal, claimAt } from "../../../src/router/auth/jwt-principal.ts";
import { verifyJwt } from "../../../src/router/auth/jwt.ts";
import { KeySets } from "../../../src/router/auth/key-sets.ts";
import { IdentityProvider, makeKey, type SigningKey } from "../../support/identity-provider.ts";

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 10, 25);

let rsa: SigningKey;
let ec: SigningKey;
let ed: SigningKey;
let provider: IdentityProvider;
let now = START;
let keySets: KeySets;
let issuer: TokenIssuer;

beforeAll(async () => {
  configureLogs({ format: "plain", level: "ERROR" });
  [rsa, ec, ed] = await Promise.all([
    makeKey("RS256", "rsa-1"),
    makeKey("ES256", "ec-1"),
    makeKey("EdDSA", "ed-1"),
  ]);
  provider = await IdentityProvider.start();
});

afterAll(() => provider.stop());

beforeEach(() => {
  now = START;
  keySets = new KeySets(() => now);
  provider.publish(rsa, ec, ed);
  provider.requests = 0;
  issuer = {
    object: "token_issuer",
    id: "token_issuer_1",
    issuer: provider.issuer,
    jwks_uri: provider.jwksUri,
    audience: "rekishi",
    authorized_parties: null,
    required_claims: [],
    organization_claim: "org_id",
    role_claim: "role",
    role_map: { boss: "admin", "org:member": "viewer", checker: "auditor" },
    allowed_origins: [],
    created_at: new Date(START).toISOString(),
  };
});

afterEach(() => {
  provider.fault = undefined;
});

const CLAIMS = { aud: "rekishi", org_id: "org_1", role: "boss" };

const sign = (key: SigningKey, claims: Readonly<Record<string, unknown>> = {}) =>
  provider.sign(key, { ...CLAIMS, ...claims }, now);

const verify = (token: string, issuers: readonly TokenIssuer[] = [issuer]) =>
  verifyJwt(token, issuers, (uri, name) => keySets.find(uri, name, { fetch }), now);

/** "accepted", or the code and message of the refusal. */
async function outcome(token: string, issuers?: readonly TokenIssuer[]): Promise<string> {
  const verified = await verify(token, issuers);
  return verified.ok ? "accepted" : `${verified.failure.code}: ${verified.failure.message}`;
}

const NOT_VALID = "invalid_token: The token is not valid. Sign in again.";

describe("a token is accepted", () => {
  test("signed with RS256, ES256 or EdDSA", async () => {
    for (const key of [rsa, ec, ed]) {
      expect(await outcome(await sign(key)), key.alg).toBe("accepted");
    }
    expect(provider.requests).toBe(1);
  });

  test("up to a minute after its end and before its beginning, because clocks differ", async () => {
    const seconds = now / 1_000;
    const cases: [Record<string, unknown>, string | RegExp][] = [
      [{ exp: seconds - 59 }, "accepted"],
      [{ exp: seconds - 61 }, /expired/],
      [{ nbf: seconds + 59 }, "accepted"],
      [{ nbf: seconds + 61 }, /'nbf'/],
      [{ iat: seconds + 59 }, "accepted"],
      [{ iat: seconds + 61 }, /'iat'/],
      [{ iat: undefined, nbf: undefined }, "accepted"],
    ];
    for (const [claims, expected] of cases) {
      expect(await outcome(await sign(rsa, claims)), JSON.stringify(claims)).toMatch(expected);
    }
  });

  test("for one of its audiences", async () => {
    expect(await outcome(await sign(rsa, { aud: ["other", "rekishi"] }))).toBe("accepted");
    issuer = { ...issuer, audience: ["a", "b"] };
    expect(await outcome(await sign(rsa, { aud: "b" }))).toBe("accepted");
  });

  test("of one of several issuers, with the keys of its own", async () => {
    const other = await IdentityProvider.start([rsa]);
    const theirs = { ...issuer, id: "2", issuer: other.issuer, jwks_uri: other.jwksUri };
    expect(await outcome(await other.sign(rsa, CLAIMS, now), [issuer, theirs])).toBe("accepted");
    // Signed with a key of the first, said to be of the second.
    const crossed = await sign(ec, { iss: other.issuer });
    expect(await outcome(crossed, [issuer, theirs])).toBe(NOT_VALID);
    await other.stop();
  });
});

describe("a token is refused", () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["without an end", { exp: undefined }, /'exp'/],
    ["with an end that is no number", { exp: "tomorrow" }, /'exp'/],
    ["without a subject", { sub: undefined }, /'sub'/],
    ["with a subject that is no text", { sub: 7 }, /'sub'/],
    ["with an empty subject", { sub: "" }, /'sub'/],
    ["with half of a character in its subject", { sub: "user_\ud800" }, /'sub'/],
    ["for another audience", { aud: "other" }, /'aud'/],
    ["for no audience", { aud: undefined }, /'aud'/],
    ["with a time of issue that is no number", { iat: "now" }, /'iat'/],
  ])("%s", async (_, claims, message) => {
    expect(await outcome(await sign(rsa, claims))).toMatch(message);
  });

  test("that was made for another application's page", async () => {
    issuer = { ...issuer, audience: null, authorized_parties: ["https://app.example.com"] };
    const of = async (azp: unknown) => outcome(await sign(rsa, { azp, aud: undefined }));
    expect(await of("https://app.example.com")).toBe("accepted");
    expect(await of("https://evil.example.com")).toMatch(/'azp'/);
    expect(await of(["https://app.example.com"])).toMatch(/'azp'/);
    expect(await of(undefined)).toMatch(/'azp'/);
  });

  test("without a claim that its issuer must send", async () => {
    issuer = { ...issuer, required_claims: ["sid"] };
    expect(await outcome(await sign(rsa, { sid: "sess_1" }))).toBe("accepted");
    expect(await outcome(await sign(rsa))).toMatch(/'sid'/);
  });

  test("that nobody signed, or that is signed with what is no secret", async () => {
    const payload = { ...CLAIMS, iss: provider.issuer, sub: "user_1" };
    const unsigned = new UnsecuredJWT(payload).setExpirationTime("1h").encode();
    expect(await outcome(unsigned)).toBe(NOT_VALID);
    // The public key as the secret of an HMAC: the classic confusion.
    const secret = new TextEncoder().encode(JSON.stringify(rsa.jwk));
    const confused = await new SignJWT(payload)
      .setProtectedHeader({ alg: "HS256", kid: "rsa-1" })
      .setExpirationTime("1h")
      .sign(secret);
    expect(await outcome(confused)).toBe(NOT_VALID);
  });

  test("with an algorithm that is not one of ours, though its key is published", async () => {
    for (const alg of ["RS384", "PS256", "ES384"]) {
      const key = await makeKey(alg, `key-${alg}`);
      provider.publish(rsa, key);
      keySets = new KeySets(() => now);
      expect(await outcome(await sign(key)), alg).toBe(NOT_VALID);
    }
  });

  test("that was changed, cut or put together", async () => {
    const token = await sign(rsa);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const other = (await sign(rsa, { role: "org:member" })).split(".");
    const forged = [
      `${header}.${other[1] ?? ""}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
      `.${payload}.${signature}`,
      "a.b.c",
      `${header}.${Buffer.from("[]").toString("base64url")}.${signature}`,
      `${token}${"a".repeat(10_000)}`,
    ];
    for (const text of forged) {
      expect(await outcome(text)).toBe(NOT_VALID);
    }
  });

  test("of an issuer that nobody knows, without asking anybody for keys", async () => {
    expect(await outcome(await sign(rsa, { iss: "https://evil.test" }))).toBe(NOT_VALID);
    expect(await outcome(await sign(rsa, { iss: `${provider.issuer}/` }))).toBe(NOT_VALID);
    expect(await outcome(await sign(rsa), [])).toBe(NOT_VALID);
    expect(provider.requests).toBe(0);
  });

  test("signed with a key that brings itself along", async () => {
    const own = await makeKey("RS256", "rsa-1");
    const token = await new SignJWT({ ...CLAIMS, iss: provider.issuer, sub: "user_1" })
      .setProtectedHeader({ alg: "RS256", kid: "rsa-1", jwk: own.jwk, jku: "https://evil.test" })
      .setExpirationTime("1h")
      .sign(own.privateKey);
    expect(await outcome(token)).toBe(NOT_VALID);
  });
});

describe("keys", () => {
  test("that are new are read once, and their tokens accepted", async () => {
    await outcome(await sign(rsa));
    const next = await makeKey("ES256", "ec-2");
    provider.publish(ec, next);
    now += 31_000;
    const token = await sign(next);
    expect(await Promise.all(Array.from({ length: 20 }, () => outcome(token)))).toEqual(
      Array(20).fill("accepted"),
    );
    expect(provider.requests).toBe(2);
  });

  test("that nobody has cost the provider one request in 30 seconds, however many are asked for", async () => {
    await outcome(await sign(rsa));
    now += 31_000;
    for (let n = 0; n < 50; n++) {
      expect(await outcome(await sign({ ...rsa, kid: `made-up-${n}` }))).toBe(NOT_VALID);
      expect(await outcome(await sign(rsa))).toBe("accepted");
    }
    expect(provider.requests).toBe(2);
  });

  test("that the provider took back are refused within ten minutes", async () => {
    await outcome(await sign(rsa));
    provider.publish(ec);
    now += 9 * MINUTE_MS;
    expect(await outcome(await sign(rsa))).toBe("accepted");
    now += MINUTE_MS;
    expect(await outcome(await sign(rsa))).toBe(NOT_VALID);
  });

  test("that are asked for by many at first are read once", async () => {
    const token = await sign(ed);
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => outcome(token)));
    expect(new Set(outcomes)).toEqual(new Set(["accepted"]));
    expect(provider.requests).toBe(1);
  });

  test("that a token does not name are found when there is only one of its algorithm", async () => {
    const token = () =>
      new SignJWT({ ...CLAIMS, iss: provider.issuer, sub: "user_1", exp: now / 1_000 + 60 })
        .setProtectedHeader({ alg: "ES256" })
        .sign(ec.privateKey);
    expect(await outcome(await token())).toBe("accepted");
    provider.publish(ec, await makeKey("ES256", "ec-2"));
    keySets = new KeySets(() => now);
    expect(await outcome(await token())).toBe(NOT_VALID);
  });

  test.each([
    ["are for encryption", { use: "enc" }],
    ["are not to verify with", { key_ops: ["encrypt"] }],
    ["are of another algorithm", { alg: "RS512" }],
    ["are broken", { n: "AQAB" }],
    ["are no text", { n: 7 }],
  ])("that %s verify nothing", async (_, change) => {
    provider.keys = [{ ...rsa.jwk, ...change } as typeof rsa.jwk, ec.jwk];
    expect(await outcome(await sign(rsa))).toBe(NOT_VALID);
    expect(await outcome(await sign(ec))).toBe("accepted");
  });

  test("of less than 2,048 bits verify nothing", async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: 1_024,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: "SHA-256",
      },
      true,
      ["sign", "verify"],
    );
    provider.keys = [{ ...(await exportJWK(publicKey)), kid: "weak" }, ec.jwk];
    const header = Buffer.from('{"alg":"RS256","kid":"weak"}').toString("base64url");
    const claims = { ...CLAIMS, iss: provider.issuer, sub: "user_1", exp: now / 1_000 + 60 };
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const signed = await crypto.subtle.sign(
      "RSASSA-PKCS1-v1_5",
      privateKey,
      Buffer.from(`${header}.${payload}`),
    );
    const token = `${header}.${payload}.${Buffer.from(signed).toString("base64url")}`;
    expect(await outcome(token)).toBe(NOT_VALID);
  });

  test("that are secret are not used as secrets, nor private ones as such", async () => {
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(privateKey);
    provider.keys = [
      { kty: "oct", k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", kid: "oct" },
      { ...jwk, kid: "private" },
    ];
    const key = {
      kid: "private",
      alg: "ES256",
      privateKey: (await importJWK(jwk, "ES256")) as CryptoKey,
      jwk,
    };
    expect(await outcome(await sign(key))).toBe("accepted");
  });
});

describe("a provider that does not answer as it should", () => {
  const FAULTS = [
    ["is down", { kind: "reset" }],
    ["answers 500", { kind: "status", status: 500 }],
    ["answers 404 with a page", { kind: "status", status: 404 }],
    ["redirects", { kind: "redirect" }],
    ["sends a page", { kind: "text", text: "<h1>Sign in</h1>", type: "text/html" }],
    ["sends other JSON", { kind: "text", text: '{"jwks_uri":"x"}' }],
    ["sends a list that holds no keys", { kind: "text", text: '{"keys":[null,7,"x",{},[]]}' }],
    ["sends keys that are no list", { kind: "text", text: '{"keys":{"a":1}}' }],
    ["sends null", { kind: "text", text: "null" }],
    ["sends without end", { kind: "flood" }],
  ] as const;

  test.each(FAULTS)("and %s: 502, then no further request for five seconds", async (_, fault) => {
    provider.fault = fault;
    const token = await sign(rsa);
    for (let time = 0; time < 3; time++) {
      const answer = await verify(token);
      expect(answer).toMatchObject({
        ok: false,
        failure: { code: "identity_provider_unavailable", retryAfterSeconds: 5 },
      });
    }
    expect(provider.requests).toBe(1);
    provider.fault = undefined;
    now += 5_000;
    expect(await outcome(token)).toBe("accepted");
  });

  test.each(["silence", "stall"] as const)(
    "and keeps us waiting (%s) is given up",
    async (kind) => {
      provider.fault = { kind };
      keySets = new KeySets(() => now, 100);
      expect(await outcome(await sign(rsa))).toMatch(/^identity_provider_unavailable/);
      expect(provider.requests).toBe(1);
    },
  );

  test("leaves the keys of the last hour working, and no older ones", async () => {
    expect(await outcome(await sign(rsa))).toBe("accepted");
    provider.fault = { kind: "reset" };
    now += 60 * MINUTE_MS;
    expect(await outcome(await sign(rsa))).toBe("accepted");
    expect(await outcome(await sign({ ...rsa, kid: "new" }))).toMatch(/^identity_provider_unavail/);
    now += 1;
    expect(await outcome(await sign(rsa))).toMatch(/^identity_provider_unavailable/);
    provider.fault = undefined;
    now += 5_000;
    expect(await outcome(await sign(rsa))).toBe("accepted");
  });
});

describe("who a token is", () => {
  const principalOf = (claims: Record<string, unknown>, changes: Partial<TokenIssuer> = {}) =>
    jwtPrincipal({
      issuer: { ...issuer, ...changes },
      claims: { sub: "user_1", exp: 1_800_000_000, ...CLAIMS, ...claims },
    });

  test("is its subject, in its organization, with what its role may do", () => {
    const principal = principalOf({ name: "田中 ゆき" });
    expect(principal).toMatchObject({
      ok: true,
      value: {
        actor: { id: "user_1", type: "user", name: "田中 ゆき" },
        organizationId: "org_1",
        role: "admin",
        expiresAt: 1_800_000_000_000,
      },
    });
    expect(principal.ok && principal.value.can("retention:write")).toBe(true);
    expect(principal.ok && principal.value.can("organizations:write")).toBe(false);
  });

  test.each([[""], [7], ["\ud800"], ["x".repeat(256)]])("has no name when it is %j", (name) => {
    const principal = principalOf({ name });
    expect(principal.ok && principal.value.actor).toEqual({ id: "user_1", type: "user" });
  });

  test.each([
    [{ role: "org:member" }, "viewer"],
    [{ role: ["org:member", "checker", "unknown"] }, "auditor"],
    [{ role: ["checker", "boss"] }, "admin"],
  ])("has with %j the role %s", (claims, role) => {
    expect(principalOf(claims)).toMatchObject({ value: { role } });
  });

  test.each([
    ["an unknown role", { role: "owner" }, "'role'"],
    ["a role that only JavaScript knows", { role: "constructor" }, "'role'"],
    ["no role", { role: undefined }, "'role'"],
    ["a role that is no text", { role: { boss: true } }, "'role'"],
    ["no organization", { org_id: undefined }, "'org_id'"],
    ["an empty organization", { org_id: "" }, "'org_id'"],
    ["many organizations", { org_id: ["org_1"] }, "'org_id'"],
    ["an organization that cannot be", { org_id: "../org_1" }, "'org_id'"],
  ])("is nobody with %s, and the answer names the claim", (_, claims, name) => {
    expect(principalOf(claims)).toMatchObject({
      ok: false,
      failure: { code: "forbidden", message: expect.stringContaining(name) },
    });
  });

  test("is read from Clerk's compact claims and from others' nested ones", () => {
    const clerk = { o: { id: "org_2", rol: "boss", slg: "acme" }, org_id: undefined };
    expect(principalOf(clerk, { organization_claim: "o.id", role_claim: "o.rol" })).toMatchObject({
      value: { organizationId: "org_2", role: "admin" },
    });
  });

  test.each([
    [{ a: { b: { c: 1 } } }, "a.b.c", 1],
    [{ "a.b": { c: 1 } }, "a.b.c", 1],
    [{ "https://example.com/role": "x" }, "https://example.com/role", "x"],
    [{ "https://example.com/app": { role: "x" } }, "https://example.com/app.role", "x"],
    [{ "a.b": 1, a: { b: 2 } }, "a.b", 1],
    [{ a: "text" }, "a.length", undefined],
    [{ a: null }, "a.b", undefined],
    [{}, "constructor.name", undefined],
    [{ a: 1 }, "", undefined],
    [{ a: 1 }, "..", undefined],
  ])("in %j is found at %s", (claims, path, value) => {
    expect(claimAt(claims, path)).toBe(value);
  });
});
