/** Every route of the document, asked with every kind of credential. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mintApiKey } from "../../../src/kernel/api-key.ts";
import { portalScopesOfRole, ROLES, type Role, scopesOfRole } from "../../../src/kernel/role.ts";
import { SCOPES } from "../../../src/kernel/scope.ts";
import { makeEvent } from "../../support/events.ts";
import { IdentityProvider, makeKey } from "../../support/identity-provider.ts";
import { accepted, type Answer, type Client, failureOf } from "../client.ts";
import { Server } from "../server.ts";
import { connectTail, TAIL_PROTOCOL, TailRefused } from "../tail-reader.ts";
import { expectDocumented, type Operation, readDocument } from "./document.ts";
import { type Call, FORMS, NOBODY, REQUESTS, type Row } from "./requests.ts";

const OWN = "org_own";
const OTHER = "org_other";
const APP = "https://app.example.com";

// Started before the tests are collected, because the document says which there are.
const server = new Server({
  REKISHI_PRIVATE_ISSUERS: "true",
  REKISHI_CLIENT_ADDRESS_HEADER: "x-real-ip",
});
await server.start();
afterAll(() => server.dispose());
const operations = await readDocument(server);
const guarded = operations.filter(({ scopes }) => scopes.length > 0);
const ROWS: Readonly<Record<string, Row>> = { ...REQUESTS, ...FORMS };
const forms = Object.entries(FORMS).flatMap(([name, { of }]) =>
  guarded.filter((operation) => operation.name === of).map((operation) => ({ ...operation, name })),
);

/** Routes that are for everybody, or find out themselves who calls. Their own tests know them. */
const OPEN = [
  "GET /audit_logs/tail",
  "GET /audit_logs/exports/{id}/file",
  "GET /audit_logs/exports/{id}/manifest",
  "POST /portal/session",
  "GET /session",
  "DELETE /session",
  "GET /health",
];

const root = server.client();
let expired: Client;
let revoked: Client;
const byRole = new Map<string, Client>();
let provider: IdentityProvider | undefined;

beforeAll(async () => {
  await root.store(OWN, makeEvent());
  await root.store(OTHER, makeEvent());
  expired = await expiredKey();
  const key = await root.withKey(SCOPES);
  accepted(await root.get("/health"));
  expect((await root.send("DELETE", `/api_keys/${key.keyId}`)).status).toBe(204);
  revoked = key;
  const signingKey = await makeKey("ES256", "k1");
  provider = await IdentityProvider.start([signingKey]);
  accepted(await root.send("POST", "/token_issuers", issuerOf(provider)));
  for (const role of ROLES) {
    byRole.set(`a portal session, ${role}`, await portalSession(role));
    const claims = { azp: APP, org: OWN, role };
    byRole.set(`a user's JWT, ${role}`, server.client(await provider.sign(signingKey, claims)));
  }
});

afterAll(() => provider?.stop());

function issuerOf({ issuer, jwksUri }: IdentityProvider) {
  return {
    issuer,
    jwks_uri: jwksUri,
    authorized_parties: [APP],
    organization_claim: "org",
    role_claim: "role",
    role_map: Object.fromEntries(ROLES.map((role) => [role, role])),
  };
}

async function expiredKey(): Promise<Client> {
  const expires_at = new Date(Date.now() + 400).toISOString();
  const made = await root.send("POST", "/api_keys", { name: "short", scopes: SCOPES, expires_at });
  const client = server.client(accepted<{ key: string }>(made).key);
  const isExpired = async () => expect((await client.get("/session")).status).toBe(401);
  await vi.waitFor(isExpired, { timeout: 5_000 });
  return client;
}

async function portalSession(role: Role): Promise<Client> {
  const made = await root.send("POST", "/portal/generate_link", {
    organization: OWN,
    intent: "audit_logs",
    role,
  });
  const code = accepted<{ link: string }>(made).link.split("#")[1];
  const opened = await root.send("POST", "/portal/session", { code, as: "token" });
  return server.client(accepted<{ token: string }>(opened).token);
}

const keys = new Map<string, Promise<Client>>();

/** A key with these scopes, made once. */
function keyOf(scopes: readonly string[], organizationId?: string): Promise<Client> {
  const name = `${scopes.join(" ")} ${organizationId}`;
  const known = keys.get(name) ?? root.withKey(scopes, organizationId);
  keys.set(name, known);
  return known;
}

/** Sends a request; every answer must be one of the document's. */
async function ask(operation: Operation, client: Client, id: string): Promise<Answer> {
  return send(operation, client, await callOf(operation, id));
}

async function callOf({ name }: Operation, id: string): Promise<Call> {
  const row = ROWS[name];
  if (row === undefined) {
    throw new Error(`${name} has no row in test/server/api/requests.ts.`);
  }
  return row.call(root, id);
}

/** Asks for `OWN` with a credential of that organization. */
async function askOwn(operation: Operation, client: Client): Promise<Answer> {
  const call = ROWS[operation.name]?.callOfOwn?.(OWN) ?? (await callOf(operation, OWN));
  return send(operation, client, call);
}

async function send(operation: Operation, client: Client, call: Call): Promise<Answer> {
  const headers = { "x-real-ip": nextAddress(), ...call.headers };
  const answer = await client.send(operation.method, call.path, call.body, headers);
  expectDocumented(operation, answer);
  return answer;
}

let addresses = 0;

/** Nobody is slowed who comes with a wrong credential once. */
function nextAddress(): string {
  addresses++;
  return `198.51.${addresses >> 8}.${addresses & 255}`;
}

function expectSuccess({ answers }: Operation, answer: Answer): void {
  const [status] = answers.keys();
  expect(answer.status, answer.text).toBe(status);
}

function expectFailure(answer: Answer, status: number, code: string): void {
  expect(answer.status, answer.text).toBe(status);
  expect(failureOf(answer).code).toBe(code);
}

/** The body less what differs between any two answers. */
function gist(answer: Answer, ...ids: readonly string[]): string {
  const text = answer.text.replace(/"request_id":"[^"]*"/, "");
  return ids.reduce((rest, id) => rest.replaceAll(id, "…"), text);
}

test("every route has a row, or is one that knows its callers itself", () => {
  expect(guarded.map(({ name }) => name).toSorted()).toEqual(Object.keys(REQUESTS).toSorted());
  const open = operations.filter(({ scopes }) => scopes.length === 0).map(({ name }) => name);
  expect(open.toSorted()).toEqual(OPEN.toSorted());
});

describe.each([...guarded, ...forms].map((operation) => [operation.name, operation] as const))(
  "%s",
  (name, operation) => {
    const concern = ROWS[name]?.concern;

    test("is 401 without a credential, or with one that is none", async () => {
      const { path, body, headers: form } = await callOf(operation, OWN);
      for (const authorization of [undefined, "", "Basic cm9vdDpyb290", "Bearer", "Bearer a b"]) {
        const response = await fetch(`${server.url}${path}`, {
          method: operation.method,
          headers: { ...form, ...(authorization === undefined ? {} : { authorization }) },
          ...(body === undefined
            ? {}
            : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        });
        const { status, headers } = response;
        const answer = { status, headers, text: await response.text() };
        expectDocumented(operation, answer);
        expectFailure(answer, 401, "authentication_required");
      }
    });

    test("is 401 with a key that is wrong, unknown, expired or revoked", async () => {
      const call = await callOf(operation, OWN);
      const strangers = [server.client("sk_wrong"), server.client(mintApiKey()), expired, revoked];
      for (const client of strangers) {
        expectFailure(await send(operation, client, call), 401, "invalid_api_key");
      }
    });

    test("is 401 with a token that nobody signed", async () => {
      const token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";
      expectFailure(await ask(operation, server.client(token), OWN), 401, "invalid_token");
    });

    test("lets in the root key", async () => {
      expectSuccess(operation, await ask(operation, root, OWN));
    });

    test("lets in a key of the environment with a scope, and none with all others", async () => {
      for (const scope of operation.scopes) {
        const narrow = await keyOf([scope]);
        expectSuccess(operation, await ask(operation, narrow, OWN));
      }
      const others = SCOPES.filter((scope) => !operation.scopes.includes(scope));
      const answer = await ask(operation, await keyOf(others), OWN);
      expectFailure(answer, 403, "forbidden");
      for (const scope of operation.scopes) {
        expect(failureOf(answer).message).toContain(scope);
      }
    });

    test.runIf(concern === "environment")("is 403 for a key of one organization", async () => {
      expectFailure(await askOwn(operation, await keyOf(SCOPES, OWN)), 403, "forbidden");
    });

    test.runIf(concern !== "environment")("lets in a key of the organization", async () => {
      expectSuccess(operation, await ask(operation, await keyOf(SCOPES, OWN), OWN));
    });

    test("is 403 for a key of the organization with all other scopes", async () => {
      const others = SCOPES.filter((scope) => !operation.scopes.includes(scope));
      expectFailure(await askOwn(operation, await keyOf(others, OWN)), 403, "forbidden");
    });

    test.runIf(concern === "organization")(
      "is 404 for a key of another organization, word for word as for one that nobody knows",
      async () => {
        const other = await keyOf(SCOPES, OTHER);
        const known = await callOf(operation, OWN);
        const unknown = await callOf(operation, NOBODY);
        const answers = [
          await send(operation, other, known),
          await send(operation, other, unknown),
        ];
        for (const answer of answers) {
          expectFailure(answer, 404, "not_found");
        }
        const ids = [...known.path.split(/[/?=&]/), ...unknown.path.split(/[/?=&]/), OWN, NOBODY];
        const named = ids.filter((id) => /\d|org_/.test(id));
        const [first = "", second] = answers.map((answer) => gist(answer, ...named));
        expect(first).toBe(second);
      },
    );

    test.runIf(concern === "organization")(
      "is 404 for an organization that nobody knows",
      async () => {
        const broad = await keyOf(operation.scopes);
        expectFailure(await ask(operation, broad, NOBODY), 404, "not_found");
        const own = await keyOf(SCOPES, OWN);
        expectFailure(await ask(operation, own, NOBODY), 404, "not_found");
      },
    );

    test.runIf(concern === "own")(
      "shows a key of another organization nothing of this one",
      async () => {
        const other = await keyOf(SCOPES, OTHER);
        expect((await ask(operation, other, OWN)).text).not.toContain(OWN);
      },
    );

    test.each(
      ROLES.flatMap((role) => [
        [`a portal session, ${role}`, portalScopesOfRole(role)] as const,
        [`a user's JWT, ${role}`, scopesOfRole(role)] as const,
      ]),
    )(
      "lets in %s, as far as the role reaches, and to their organization alone",
      async (who, scopes) => {
        const client = byRole.get(who) ?? server.client("nobody");
        const isAllowed = operation.scopes.some((scope) => scopes.some((one) => one === scope));
        const own = await askOwn(operation, client);
        if (isAllowed && concern !== "environment") {
          expectSuccess(operation, own);
        } else {
          expectFailure(own, 403, "forbidden");
        }
        if (isAllowed && concern === "organization") {
          expectFailure(await ask(operation, client, OTHER), 404, "not_found");
        }
      },
    );
  },
);

describe("a route that is for everybody, or knows its callers itself,", () => {
  const operationOf = (name: string): Operation => {
    const found = operations.find((operation) => operation.name === name);
    if (found === undefined) {
      throw new Error(`There is no ${name}.`);
    }
    return found;
  };

  test("GET /health answers anybody", async () => {
    const answer = await send(operationOf("GET /health"), server.client("x"), { path: "/health" });
    expect(answer.status).toBe(200);
  });

  describe("GET /audit_logs/tail", () => {
    /** 101 for a tail that opens, and else the status and code of the refusal. */
    async function open(client: Client, organizationId?: string): Promise<string> {
      const query = organizationId === undefined ? {} : { organization_id: organizationId };
      const headers = { authorization: `Bearer ${client.key}`, "x-real-ip": nextAddress() };
      try {
        const tail = await connectTail(client.url, query, [TAIL_PROTOCOL], { headers });
        await tail.untilMessage("hello");
        tail.close();
        return "101";
      } catch (error) {
        if (!(error instanceof TailRefused)) {
          throw error;
        }
        const answer = { status: error.status, headers: new Headers(), text: error.body };
        return `${error.status} ${failureOf(answer).code}`;
      }
    }

    test("lets in root, and keys with the scope to what they see", async () => {
      for (const client of [root, await keyOf(["events:read"])]) {
        expect(await open(client, OWN)).toBe("101");
        expect(await open(client, NOBODY)).toBe("404 not_found");
      }
      const own = await keyOf(["events:read"], OWN);
      expect([await open(own), await open(own, OWN)]).toEqual(["101", "101"]);
      expect([await open(own, OTHER), await open(own, NOBODY)]).toEqual([
        "404 not_found",
        "404 not_found",
      ]);
    });

    test("is 403 for keys with all other scopes", async () => {
      const others = SCOPES.filter((scope) => scope !== "events:read");
      expect(await open(await keyOf(others), OWN)).toBe("403 forbidden");
      expect(await open(await keyOf(others, OWN), OWN)).toBe("403 forbidden");
    });

    test("is 401 for whoever is not known", async () => {
      for (const client of [server.client("sk_wrong"), server.client(mintApiKey())]) {
        expect(await open(client, OWN)).toBe("401 invalid_api_key");
      }
      for (const client of [expired, revoked]) {
        expect(await open(client, OWN)).toBe("401 invalid_api_key");
      }
      const unsigned = server.client("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.");
      expect(await open(unsigned, OWN)).toBe("401 invalid_token");
      const withNothing = connectTail(server.url, { organization_id: OWN }, [TAIL_PROTOCOL]);
      await expect(withNothing).rejects.toMatchObject({ status: 401 });
    });

    test("lets in people of every role, and to their organization alone", async () => {
      for (const [who, client] of byRole) {
        expect(await open(client), who).toBe("101");
        expect(await open(client, OTHER), who).toBe("404 not_found");
      }
    });
  });

  test("GET /session tells whoever is known who they are", async () => {
    const operation = operationOf("GET /session");
    const known = [root, await keyOf(["metrics:read"]), ...byRole.values()];
    for (const client of known) {
      expectSuccess(operation, await send(operation, client, { path: "/session" }));
    }
    for (const client of [server.client("sk_wrong"), expired, revoked]) {
      expect((await send(operation, client, { path: "/session" })).status).toBe(401);
    }
  });

  test("DELETE /session ends a portal session, and nothing else", async () => {
    const operation = operationOf("DELETE /session");
    const session = await portalSession("viewer");
    expectSuccess(operation, await send(operation, session, { path: "/session" }));
    expect((await session.get("/session")).status).toBe(401);
    expect((await send(operation, root, { path: "/session" })).status).toBe(401);
  });

  test("POST /portal/session opens with a code, once", async () => {
    const operation = operationOf("POST /portal/session");
    const made = await root.send("POST", "/portal/generate_link", {
      organization: OWN,
      intent: "audit_logs",
    });
    const code = accepted<{ link: string }>(made).link.split("#")[1];
    const call = { path: "/portal/session", body: { code, as: "token" } };
    expectSuccess(operation, await send(operation, server.client("x"), call));
    expect((await send(operation, root, call)).status).toBeGreaterThanOrEqual(400);
  });

  test.each(["file", "manifest"])(
    "GET /audit_logs/exports/{id}/%s wants a signature, even of root",
    async (part) => {
      const operation = operationOf(`GET /audit_logs/exports/{id}/${part}`);
      const { path } = await callOf(operationOf("GET /audit_logs/exports/{id}"), OWN);
      for (const query of ["", "?expires=9999999999&signature=x"]) {
        const answer = await send(operation, root, { path: `${path}/${part}${query}` });
        expectFailure(answer, 403, "forbidden");
      }
    },
  );
});
