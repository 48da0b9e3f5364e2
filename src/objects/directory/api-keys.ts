/**
 * API keys: scopes, expiry, rotation, revocation. A key is stored as its SHA-256 only: it is 178 random bits, so a fast
 * hash is as good as a slow one. A revoked key's row stays, for the record.
 *
 * To rotate a key gives it a new text. The former one works on for a while, and so does the one before that, so that a
 * rotation whose answer was lost can be repeated without cutting off who still uses the first text.
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
  {
    why: "Former texts of rotated keys, while they work, and when the last of them ends; when a key was used last.",
    statements: [
      `CREATE TABLE former_key (
        hash TEXT PRIMARY KEY,
        key_id TEXT NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
      "ALTER TABLE api_key ADD COLUMN former_expires_at INTEGER",
      "ALTER TABLE api_key ADD COLUMN last_used_at INTEGER",
    ],
  },
];

/** A key's time of use is written at most this often. */
const USE_RESOLUTION_MS = 10 * 60_000;

type ApiKeyRow = {
  sort: number;
  id: string;
  name: string;
  scopes: string;
  organization_id: string | null;
  expires_at: number | null;
  last_used_at: number | null;
  former_expires_at: number | null;
  created_at: number;
};

/** Takes an organization's id twice; null stands for all. */
const IS_VISIBLE = "revoked_at IS NULL AND (? IS NULL OR organization_id = ?)";

export function createApiKey(sql: Sql, input: NewApiKey, now: number): NewApiKeyAnswer {
  const key = mintApiKey();
  const row: Omit<ApiKeyRow, "sort"> = {
    id: `api_key_${uuidv7().replaceAll("-", "")}`,
    name: input.name,
    scopes: JSON.stringify(input.scopes),
    organization_id: input.organization_id ?? null,
    expires_at: input.expires_at == null ? null : Date.parse(input.expires_at),
    last_used_at: null,
    former_expires_at: null,
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
  return { ...resource(row, now), key };
}

/** Who holds a key that is valid now. To be asked for counts as use of the key. */
export function authenticate(sql: Sql, keyHash: string, now: number): KeyHolder | null {
  const held = holdingOf(sql, keyHash);
  if (held === undefined || held.endsAt <= now) {
    return null;
  }
  const { row, endsAt } = held;
  if (row.last_used_at === null || row.last_used_at <= now - USE_RESOLUTION_MS) {
    sql.run("UPDATE api_key SET last_used_at = ? WHERE id = ?", now, row.id);
  }
  return {
    keyId: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    organizationId: row.organization_id,
    expiresAt: endsAt === Infinity ? null : endsAt,
  };
}

/** The key of which this is the text, or a former text, and when that ends. */
function holdingOf(sql: Sql, keyHash: string): { row: ApiKeyRow; endsAt: number } | undefined {
  const current = firstRow<ApiKeyRow>(
    sql,
    "SELECT * FROM api_key WHERE hash = ? AND revoked_at IS NULL",
    keyHash,
  );
  if (current !== undefined) {
    return { row: current, endsAt: current.expires_at ?? Infinity };
  }
  const former = firstRow<{ key_id: string; expires_at: number }>(
    sql,
    "SELECT key_id, expires_at FROM former_key WHERE hash = ?",
    keyHash,
  );
  const row = former && rowOf(sql, former.key_id, null);
  return row && { row, endsAt: Math.min(former.expires_at, row.expires_at ?? Infinity) };
}

function rowOf(sql: Sql, id: string, organizationId: string | null): ApiKeyRow | undefined {
  return firstRow<ApiKeyRow>(
    sql,
    `SELECT * FROM api_key WHERE id = ? AND ${IS_VISIBLE}`,
    id,
    organizationId,
    organizationId,
  );
}

/** @param organizationId shows only the keys of this organization; null shows all. So it is below. */
export function listApiKeys(
  sql: Sql,
  query: ListQuery,
  organizationId: string | null,
  now: number,
): ListPage<ApiKey> {
  return listPage<ApiKeyRow, ApiKey>(
    sql,
    { table: "api_key", where: IS_VISIBLE, bindings: [organizationId, organizationId] },
    query,
    (row) => resource(row, now),
  );
}

export function findApiKey(
  sql: Sql,
  id: string,
  organizationId: string | null,
  now: number,
): ApiKey | null {
  const row = rowOf(sql, id, organizationId);
  return row === undefined ? null : resource(row, now);
}

/**
 * Gives a key a new text. Without an overlap every former text ends now, also those of earlier rotations.
 *
 * @returns null when there is no such key.
 */
export function rotateApiKey(
  sql: Sql,
  id: string,
  overlapSeconds: number,
  now: number,
): NewApiKeyAnswer | null {
  const before = rowOf(sql, id, null);
  if (before === undefined) {
    return null;
  }
  const key = mintApiKey();
  const endsAt = now + overlapSeconds * 1_000;
  sql.run("DELETE FROM former_key WHERE expires_at <= ?", now);
  if (overlapSeconds === 0) {
    sql.run("DELETE FROM former_key WHERE key_id = ?", id);
  } else {
    sql.run("INSERT INTO former_key SELECT hash, id, ? FROM api_key WHERE id = ?", endsAt, id);
  }
  const row = {
    ...before,
    former_expires_at:
      overlapSeconds === 0 ? null : Math.max(endsAt, before.former_expires_at ?? 0),
  };
  sql.run(
    "UPDATE api_key SET hash = ?, former_expires_at = ? WHERE id = ?",
    sha256Hex(key),
    row.former_expires_at,
    id,
  );
  return { ...resource(row, now), key };
}

/** @returns the key that was revoked, or null when there was none to revoke. */
export function revokeApiKey(
  sql: Sql,
  id: string,
  organizationId: string | null,
  now: number,
): ApiKey | null {
  const key = findApiKey(sql, id, organizationId, now);
  if (key !== null) {
    sql.run("UPDATE api_key SET revoked_at = ? WHERE id = ?", now, id);
    sql.run("DELETE FROM former_key WHERE key_id = ?", id);
  }
  return key;
}

/** Ends all keys of an organization, without a record of each. */
export function revokeApiKeysOf(sql: Sql, organizationId: string, now: number): void {
  sql.run(
    `DELETE FROM former_key WHERE key_id IN (SELECT id FROM api_key WHERE organization_id = ?)`,
    organizationId,
  );
  sql.run(
    "UPDATE api_key SET revoked_at = ? WHERE organization_id = ? AND revoked_at IS NULL",
    now,
    organizationId,
  );
}

/** What is on record of a change of a key. */
export function apiKeyEvent(change: "created" | "rotated" | "revoked", key: ApiKey): OwnEvent {
  const { expires_at, former_key_expires_at } = key;
  return {
    action: `rekishi.api_key_${change}`,
    targets: [{ id: key.id, type: "api_key", name: key.name }],
    metadata: {
      scopes: key.scopes.join(" "),
      ...(expires_at === null ? {} : { expires_at }),
      ...(former_key_expires_at === null ? {} : { former_key_expires_at }),
    },
  };
}

function resource(row: Omit<ApiKeyRow, "sort">, now: number): ApiKey {
  const { former_expires_at: former } = row;
  return {
    object: "api_key",
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    organization_id: row.organization_id,
    expires_at: timeText(row.expires_at),
    last_used_at: timeText(row.last_used_at),
    former_key_expires_at: timeText(former !== null && former > now ? former : null),
    created_at: new Date(row.created_at).toISOString(),
  };
}

function timeText(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
