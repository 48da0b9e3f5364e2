/** What the router can ask the Directory. */
import type { Action, ActionSchema, ActionSchemaRules } from "../../contract/action-schema.ts";
import type { ApiKey, NewApiKey, NewApiKeyAnswer, Rotation } from "../../contract/api-key.ts";
import type {
  NewOrganization,
  Organization,
  OrganizationChange,
} from "../../contract/organization.ts";
import type { Caller, OwnEvent, Visit } from "../../contract/own-event.ts";
import type { PortalIntent, PortalUser } from "../../contract/portal.ts";
import type { NewTokenIssuer, TokenIssuer } from "../../contract/token-issuer.ts";
import type { Region } from "../../kernel/region.ts";
import type { Result } from "../../kernel/result.ts";
import type { Role } from "../../kernel/role.ts";
import type { Scope } from "../../kernel/scope.ts";

/** A resource that was made, now or for the same request before. */
export interface Made<T> {
  readonly resource: T;
  readonly isReplay: boolean;
}

/** What let somebody in and can be taken away: the SHA-256 of its text in hex. */
export interface Credential {
  readonly kind: "api_key" | "portal_session";
  readonly hash: string;
}

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

export interface ExportEntry {
  readonly id: string;
  readonly organizationId: string;
}

/** The organization of an export, and where its objects are. */
export interface ExportOwner {
  readonly organizationId: string;
  readonly region: Region | null;
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

/** What a portal link gives to the session that it opens. */
export interface PortalGrant {
  readonly linkId: string;
  readonly organizationId: string;
  readonly intent: PortalIntent;
  readonly role: Role;
  readonly returnUrl: string | null;
  readonly user: PortalUser | null;
}

export type NewPortalLink = Omit<PortalGrant, "linkId">;

/** How the session's token travels; it is good for no other way. */
export type PortalSessionKind = "cookie" | "token";

export interface PortalSession extends PortalGrant {
  readonly id: string;
  readonly kind: PortalSessionKind;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface NewPortalSession {
  readonly token: string;
  readonly session: PortalSession;
}

/** An action and a version of its schema. */
export type SchemaName = readonly [action: string, version: number];

/** Which schemas there are: an action has every version from 1 to its newest. */
export interface SchemaIndex {
  /** Another one whenever a schema is added. */
  readonly revision: number;
  readonly newest: readonly SchemaName[];
}

export interface OrganizationFilter {
  /** A part of the name or of the id, in any case, or the whole external id. */
  readonly search?: string;
}

export interface DirectoryRpc {
  ping(): Promise<void>;
  /** The holder of the key with this SHA-256 in hex, or null for a key that is unknown, revoked or expired. */
  authenticate(keyHash: string): Promise<KeyHolder | null>;
  createApiKey(input: NewApiKey, caller: Caller): Promise<Result<NewApiKeyAnswer>>;
  apiKeys(query: ListQuery, organizationId: string | null): Promise<ListPage<ApiKey>>;
  /** @param organizationId finds only keys of this organization; null finds all. So it is below. */
  apiKey(id: string, organizationId: string | null): Promise<ApiKey | null>;
  /** Null when there is no such key. */
  rotateApiKey(id: string, rotation: Rotation, caller: Caller): Promise<NewApiKeyAnswer | null>;
  /** False when there is no such key. */
  revokeApiKey(id: string, organizationId: string | null, caller: Caller): Promise<boolean>;

  /** Gives the code of the link. */
  createPortalLink(input: NewPortalLink, caller: Caller): Promise<string>;
  /** Works once for each code. */
  openPortalSession(
    code: string,
    kind: PortalSessionKind,
    visit: Visit,
  ): Promise<Result<NewPortalSession>>;
  /** The session whose token has this SHA-256 in hex, or null for one that is unknown or has ended. */
  portalSession(tokenHash: string): Promise<PortalSession | null>;
  endPortalSession(tokenHash: string): Promise<void>;
  /** The hashes of those that are not valid now. */
  endedCredentials(credentials: readonly Credential[]): Promise<readonly string[]>;

  createTokenIssuer(input: NewTokenIssuer, caller: Caller): Promise<Result<TokenIssuer>>;
  tokenIssuer(id: string): Promise<TokenIssuer | null>;
  tokenIssuers(query: ListQuery): Promise<ListPage<TokenIssuer>>;
  /** Not by pages: a router needs them all, to know whose a token is. */
  allTokenIssuers(): Promise<readonly TokenIssuer[]>;
  /** False when there is no such issuer. */
  deleteTokenIssuer(id: string, caller: Caller): Promise<boolean>;

  /** Puts an export on the list of its organization, and on record in its log. False when it is on it already. */
  registerExport(entry: ExportEntry, event: OwnEvent, caller: Caller): Promise<Result<boolean>>;
  /** Null when there is no such export. */
  exportOwner(id: string): Promise<ExportOwner | null>;
  /** The ids of an organization's exports. */
  exports(query: ListQuery, organizationId: string): Promise<ListPage<string>>;
  /** Takes an export that is removed off the list, and puts that on record. */
  deleteExport(id: string, event: OwnEvent, caller: Caller): Promise<void>;
  /** Takes an export off the list that is over and of no interest any more. */
  forgetExport(id: string): Promise<void>;

  /** @param request names it, so that it makes one when it is sent again. So it is below. */
  createOrganization(
    input: NewOrganization,
    caller: Caller,
    request?: string,
  ): Promise<Result<Made<Organization>>>;
  updateOrganization(
    id: string,
    change: OrganizationChange,
    caller: Caller,
  ): Promise<Result<Organization>>;
  /** Ends the organization at once; what it has elsewhere goes soon after, whatever happens. */
  deleteOrganization(id: string, caller: Caller): Promise<Result<null>>;
  /** The organization, created now if it may be; null when there is none. */
  ensureOrganization(id: string, mayCreate: boolean): Promise<Organization | null>;
  organization(id: string): Promise<Organization | null>;
  organizationByExternalId(externalId: string): Promise<Organization | null>;
  organizations(query: ListQuery, filter: OrganizationFilter): Promise<ListPage<Organization>>;

  createActionSchema(
    action: string,
    rules: ActionSchemaRules,
    caller: Caller,
    request?: string,
  ): Promise<Result<Made<ActionSchema>>>;
  actions(query: ListQuery): Promise<ListPage<Action>>;
  /** Those of the named actions that have a schema. */
  namedActions(names: readonly string[]): Promise<readonly Action[]>;
  /** Null when the action has no schema. */
  actionSchemas(action: string, query: ListQuery): Promise<ListPage<ActionSchema> | null>;
  /** The named schemas, in their order; null for one that does not exist. */
  namedSchemas(names: readonly SchemaName[]): Promise<readonly (ActionSchema | null)[]>;
  /** Null when nothing has changed since `revision`; 0 is before the first schema. */
  schemaIndex(revision: number): Promise<SchemaIndex | null>;
}
