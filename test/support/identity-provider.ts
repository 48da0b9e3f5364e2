/** An identity provider for tests: real keys, real tokens, its key set over real HTTP, and faults on demand. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** How the key set is answered instead of as it should be. */
export type KeySetFault =
  | { readonly kind: "status"; readonly status: number }
  /** Sends the client to another address, where the right answer is. */
  | { readonly kind: "redirect" }
  | { readonly kind: "text"; readonly text: string; readonly type?: string }
  /** Never answers; or begins to answer and never ends. */
  | { readonly kind: "silence" | "stall" }
  /** Sends white space without end. */
  | { readonly kind: "flood" }
  | { readonly kind: "reset" };

export async function makeKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: "sig" };
  return { kid, alg, privateKey, jwk };
}

export class IdentityProvider {
  /** What the key set holds. */
  keys: JWK[] = [];
  fault: KeySetFault | undefined;
  /** How often the key set was asked for. */
  requests = 0;
  connections = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(keys: readonly SigningKey[] = []): Promise<IdentityProvider> {
    const http = createServer();
    const provider = new IdentityProvider(http);
    provider.publish(...keys);
    http.on("request", (request, response) => provider.#answer(request.url ?? "", response));
    http.on("connection", () => provider.connections++);
    await new Promise<void>((resolve) => {
      http.listen(0, "127.0.0.1", resolve);
    });
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get jwksUri(): string {
    return `${this.issuer}/.well-known/jwks.json`;
  }

  /** From now on the key set has these keys. */
  publish(...keys: readonly SigningKey[]): void {
    this.keys = keys.map(({ jwk }) => jwk);
  }

  /** A token of this issuer; `claims` replace what a token usually has, and undefined takes it away. */
  sign(
    key: SigningKey,
    claims: Readonly<Record<string, unknown>> = {},
    now = Date.now(),
  ): Promise<string> {
    const seconds = Math.floor(now / 1_000);
    const usual = {
      iss: this.issuer,
      sub: "user_1",
      iat: seconds,
      nbf: seconds,
      exp: seconds + 60,
    };
    const payload = JSON.parse(JSON.stringify({ ...usual, ...claims })) as JWTPayload;
    return new SignJWT(payload)
      .setProtectedHeader({ alg: key.alg, kid: key.kid })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #answer(url: string, response: ServerResponse): void {
    const { fault } = this;
    if (url.endsWith("/elsewhere")) {
      this.#sendKeys(response);
      return;
    }
    this.requests++;
    switch (fault?.kind) {
      case "status":
        response.writeHead(fault.status).end("<h1>Sorry</h1>");
        break;
      case "redirect":
        response.writeHead(302, { location: `${this.issuer}/elsewhere` }).end();
        break;
      case "text":
        response.writeHead(200, { "content-type": fault.type ?? "application/json" });
        response.end(fault.text);
        break;
      case "silence":
        break;
      case "stall":
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"keys":[');
        break;
      case "flood":
        response.writeHead(200, { "content-type": "application/json" });
        flood(response);
        break;
      case "reset":
        response.destroy();
        break;
      default:
        this.#sendKeys(response);
    }
  }

  #sendKeys(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: this.keys }));
  }
}

function flood(response: ServerResponse): void {
  const chunk = " ".repeat(64 * 1024);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk)) {
      // The socket takes more.
    }
  };
  response.on("drain", more);
  response.on("error", () => response.destroy());
  more();
}
