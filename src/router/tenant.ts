/** Reaches a tenant's object. */
import { type Namespace, type Stub, tenantLog } from "../env.ts";
import { type Failure, failure, notFound } from "../kernel/failure.ts";
import type { Region } from "../kernel/region.ts";
import type { Result } from "../kernel/result.ts";
import type { TenantRpc } from "../objects/tenant/tenant-rpc.ts";
import { askObject } from "./ask.ts";

/** The log does not answer, or too much waits for it. */
export const UNAVAILABLE: Failure = {
  ...failure(
    "tenant_unavailable",
    "This organization's log is not available right now. Send the same request again.",
  ).failure,
  retryAfterSeconds: 1,
};

/** The object of one organization, for a caller who was let in. */
export class Tenant {
  readonly #namespace: Namespace<TenantRpc>;
  readonly organizationId: string;
  /** Where its objects are. */
  readonly region: Region | null;

  constructor(namespace: Namespace<TenantRpc>, organizationId: string, region: Region | null) {
    this.#namespace = namespace;
    this.region = region;
    this.organizationId = organizationId;
  }

  /** The same for calls that may fail by themselves. */
  async ask<T>(ask: (object: Stub<TenantRpc>) => Promise<Result<T>>): Promise<Result<T>> {
    const answer = await this.call(ask);
    return answer.ok ? answer.value : answer;
  }

  /** Runs `ask`, which must be safe to repeat, against the object. */
  call<T>(ask: (object: Stub<TenantRpc>) => Promise<T>): Promise<Result<T>> {
    const open = () => tenantLog(this.#namespace, this.organizationId, this.region);
    return askObject(open, UNAVAILABLE, ask, notFound(`Organization '${this.organizationId}'`));
  }
}
