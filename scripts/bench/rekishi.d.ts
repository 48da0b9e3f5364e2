/**
 * What the bench Worker sees of modules of `src`, which the bundler puts in place of these names (`bench-server.ts`).
 * Their real types need those of the Workers platform, and scripts are checked with the types of Node.
 */
declare module "rekishi" {
  interface FetchHandler {
    fetch(request: Request, env: unknown, context: unknown): Response | Promise<Response>;
  }
  const worker: FetchHandler;
  export default worker;
  export const TenantLog: unknown;
  export const Directory: unknown;
  export const Export: unknown;
}

declare module "rekishi/app" {
  export interface BenchContext {
    readonly env: Readonly<Record<string, unknown>>;
    readonly req: { readonly raw: Request };
    readonly executionCtx: { waitUntil(work: Promise<unknown>): void };
    json(value: unknown): Response;
  }
  export const app: {
    post(path: string, handle: (context: BenchContext) => Promise<Response>): void;
  };
}

declare module "rekishi/tenant" {
  export interface Append {
    readonly events: readonly string[];
    readonly fingerprints: Uint8Array;
    readonly keyId: string;
  }
  export interface Receipt {
    readonly id: string;
    readonly seq: number;
  }
  export type Answer = { ok: true; value: { receipts: readonly Receipt[] } } | { ok: false };
  export interface TenantObject {
    append(appends: readonly Append[]): Promise<readonly Answer[]>;
    event(id: string): Promise<unknown>;
  }
  export class Tenant {
    readonly organizationId: string;
    constructor(namespace: unknown, organizationId: string, region: null);
    call<T>(ask: (object: TenantObject) => Promise<T>): Promise<unknown>;
  }
}

declare module "rekishi/append-coalescer" {
  import type { Answer, Append, Tenant } from "rekishi/tenant";

  export class AppendCoalescer {
    constructor(clock: () => number);
    append(
      tenant: Tenant,
      request: Append,
      keepAlive: (work: Promise<void>) => void,
    ): Promise<Answer>;
  }
}
