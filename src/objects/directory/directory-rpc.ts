/** What the router can ask the Directory. */
import type { ApiKey, NewApiKey, NewApiKeyAnswer } from "../../contract/api-key.ts";
import type { NewOrganization, Organization } from "../../contract/organization.ts";
import type { Caller } from "../../contract/own-event.ts";
import type { Result } from "../../kernel/result.ts";
import type { Scope } from "../../kernel/scope.ts";

/** Where a list goes on: after or before a resource, by its id. */
export interface ListQuery {
  readonly limit: number;
  readonly order: "asc" | "desc";
  readonly before?: string;
  readonly after?: string;
}

export interface ListPage<T> {
  readonly data: readonly T[];
  readonly before: string | null;
  readonly after: string | null;
}

/** Who holds a key that is valid now. */
export interface KeyHolder {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Null for a key of the whole environment. */
  readonly organizationId: string | null;
  /** Milliseconds since the epoch; null for never. */
  readonly expiresAt: number | null;
}

export interface DirectoryRpc {
  ping(): Promise<void>;
  /** The holder of the key with this SHA-256 in hex, or null for a key that is unknown, revoked or expired. */
  authenticate(keyHash: string): Promise<KeyHolder | null>;
  createApiKey(input: NewApiKey, caller: Caller): Promise<Result<NewApiKeyAnswer>>;
  apiKeys(query: ListQuery, organizationId: string | null): Promise<ListPage<ApiKey>>;
  /** False when there is no such key that the caller may see. */
  revokeApiKey(id: string, organizationId: string | null, caller: Caller): Promise<boolean>;

  createOrganization(input: NewOrganization): Promise<Result<Organization>>;
  /** Creates the organization unless it exists. Says whether it exists now. */
  ensureOrganization(id: string, mayCreate: boolean): Promise<boolean>;
  organization(id: string): Promise<Organization | null>;
  organizations(query: ListQuery): Promise<ListPage<Organization>>;
}
