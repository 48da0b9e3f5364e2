/** Reaches a tenant's object, and tells an object that is busy or was reset from one that has a bug. */
import { type Namespace, type Stub, tenantLog } from "../env.ts";
import { type Failure, failure } from "../kernel/failure.ts";
import type { Region } from "../kernel/region.ts";
import { ok, type Result } from "../kernel/result.ts";
import type { TenantRpc } from "../objects/tenant/tenant-rpc.ts";
import { errorFacts, log } from "../observe/logger.ts";

const UNAVAILABLE: Failure = {
  ...failure(
    "tenant_unavailable",
    "This organization's log is not available right now. Send the same request again.",
  ).failure,
  retryAfterSeconds: 1,
};

/** The object of one organization, for a caller who was let in. */
export class Tenant {
  readonly #namespace: Namespace<TenantRpc>;
  readonly #region: Region | null;
  readonly organizationId: string;

  constructor(namespace: Namespace<TenantRpc>, organizationId: string, region: Region | null) {
    this.#namespace = namespace;
    this.#region = region;
    this.organizationId = organizationId;
  }

  /**
   * Runs `ask` against the object. A reset is tried once more with a new stub, because a stub stays broken after an
   * exception; so what is asked must be safe to repeat, as appends are by their fingerprints. An overload is not
   * tried again. What is neither is a bug and throws.
   */
  async call<T>(ask: (object: Stub<TenantRpc>) => Promise<T>): Promise<Result<T>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return ok(await ask(tenantLog(this.#namespace, this.organizationId, this.#region)));
      } catch (error) {
        const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
        if (retryable !== true && overloaded !== true) {
          throw error;
        }
        const facts = { attempt, ...errorFacts(error) };
        log.warn("tenant.call", "A tenant's object did not answer.", facts);
        if (overloaded === true || attempt === 2) {
          return { ok: false, failure: UNAVAILABLE };
        }
      }
    }
  }
}
