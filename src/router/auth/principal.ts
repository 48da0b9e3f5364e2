/** Who calls: one shape for API keys, users with a JWT and portal sessions. */
import type { Caller } from "../../contract/own-event.ts";
import type { Role } from "../../kernel/role.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Credential, PortalSession } from "../../objects/directory/directory-rpc.ts";

export interface Principal {
  /** Who this is in the log of an organization: "root", an API key, a user, or a portal session of nobody named. */
  readonly actor: Caller["actor"];
  readonly can: (scope: Scope) => boolean;
  /** The only organization that this principal sees; null for all. */
  readonly organizationId: string | null;
  /** Of people. */
  readonly role?: Role;
  /** Milliseconds since the epoch; absent or null for never. */
  readonly expiresAt?: number | null;
  /** When a live tail that they open ends, where that is not when their credential does. */
  readonly tailEndsAt?: number;
  /** What they came with, if it can be taken away from them. */
  readonly credential?: Credential;
  /** When a portal link was how they came. */
  readonly portal?: PortalSession;
}
