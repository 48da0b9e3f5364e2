/**
 * API keys: scopes, expiry, revocation. A key is stored as its SHA-256 only: it is 178 random bits, so a fast hash is
 * as good as a slow one. A revoked key's row stays, for the record.
 */
import { uuidv7 } from "uuidv7";
import type { ApiKey, NewApiKey, NewApiKeyAnswer } from "../../contract/api-key.ts";
import type { OwnEvent } from "../../contract/own-event.ts";
import { mintApiKey } from "../../kernel/api-key.ts";
import type { Scope } from "../../kernel/scope.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { KeyHolder, ListPage, ListQuery } from "./directory-rpc.ts";
import { listPage } from "./listing.ts";

export const API_KEY_MIGRATIONS: readonly Migration[] = [
  {
    why: "The API keys, by the hash of their text. `sort` is the order of creation, for lists.",
    statements: [
      `CREATE TABLE api_key (
        sort INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        hash TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        scopes TEXT NOT NULL,
        organization_id TEXT,
        expires_at INTEGER,
        created_at INTEGER NOT NULL,
        revoked_at INTEGER
      ) STRICT`,
    ],
  },
];

type ApiKeyRow = {
  sort: number;
  id: string;
  name: string;
  scopes: string;
  organization_id: string | null;
  expires_at: number | null;
  created_at: number;
};

export function createApiKey(sql: Sql, input: NewApiKey, now: number): NewApiKeyAnswer {
  const key = mintApiKey();
  const row: Omit<ApiKeyRow, "sort"> = {
    id: `api_key_${uuidv7().replaceAll("-", "")}`,
    name: input.name,
    scopes: JSON.stringify(input.scopes),
    organization_id: input.organization_id ?? null,
    expires_at: input.expires_at == null ? null : Date.parse(input.expires_at),
    created_at: now,
  };
  sql.run(
    `INSERT INTO api_key (id, hash, name, scopes, organization_id, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    sha256Hex(key),
    row.name,
    row.scopes,
    row.organization_id,
    row.expires_at,
    row.created_at,
  );
  return { ...resource(row), key };
}

export function authenticate(sql: Sql, keyHash: string, now: number): KeyHolder | null {
  const row = firstRow<ApiKeyRow>(
    sql,
    `SELECT * FROM api_key
     WHERE hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
    keyHash,
    now,
  );
  return row === undefined
    ? null
    : {
        keyId: row.id,
        name: row.name,
        scopes: JSON.parse(row.scopes) as Scope[],
        organizationId: row.organization_id,
        expiresAt: row.expires_at,
      };
}

/** @param organizationId shows only the keys of this organization; null shows all. */
export function listApiKeys(
  sql: Sql,
  query: ListQuery,
  organizationId: string | null,
): ListPage<ApiKey> {
  return listPage<ApiKeyRow, ApiKey>(
    sql,
    {
      table: "api_key",
      where: "revoked_at IS NULL AND (? IS NULL OR organization_id = ?)",
      bindings: [organizationId, organizationId],
    },
    query,
    resource,
  );
}

/** @returns the key that was revoked, or null when there was none to revoke. */
export function revokeApiKey(
  sql: Sql,
  id: string,
  organizationId: string | null,
  now: number,
): ApiKey | null {
  const revoked = firstRow<ApiKeyRow>(
    sql,
    `UPDATE api_key SET revoked_at = ?
     WHERE id = ? AND revoked_at IS NULL AND (? IS NULL OR organization_id = ?) RETURNING *`,
    now,
    id,
    organizationId,
    organizationId,
  );
  return revoked === undefined ? null : resource(revoked);
}

/** What is on record of a change of a key. */
export function apiKeyEvent(change: "created" | "revoked", key: ApiKey): OwnEvent {
  return {
    action: `rekishi.api_key_${change}`,
    targets: [{ id: key.id, type: "api_key", name: key.name }],
    metadata: {
      scopes: key.scopes.join(" "),
      ...(key.expires_at === null ? {} : { expires_at: key.expires_at }),
    },
  };
}

function resource(row: Omit<ApiKeyRow, "sort">): ApiKey {
  return {
    object: "api_key",
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    organization_id: row.organization_id,
    expires_at: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    created_at: new Date(row.created_at).toISOString(),
  };
}
