/**
 * Portal links and the sessions that they open. Both are secrets of 178 random bits, stored as their SHA-256 only.
 *
 * A link is good once. Its row stays for a day, so that who comes too late or second is told so.
 */
import { uuidv7 } from "uuidv7";
import type { Party } from "../../contract/event.ts";
import type { OwnEvent } from "../../contract/own-event.ts";
import type { PortalUser } from "../../contract/portal.ts";
import { mintPortalCode, mintSessionToken } from "../../kernel/api-key.ts";
import { DAY_MS } from "../../kernel/clock.ts";
import { fieldFailure } from "../../kernel/failure.ts";
import {
  PORTAL_IDLE_SECONDS,
  PORTAL_LINK_SECONDS,
  PORTAL_SESSION_SECONDS,
  PORTAL_TOKEN_SECONDS,
} from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type {
  NewPortalLink,
  NewPortalSession,
  PortalGrant,
  PortalSession,
  PortalSessionKind,
} from "./directory-rpc.ts";

/** A session's time of use is written at most this often. */
const USE_RESOLUTION_MS = 60_000;

export const PORTAL_MIGRATIONS: readonly Migration[] = [
  {
    why: "Portal links and sessions, by the hash of their secret. `granted` is JSON: what a link gives to its session.",
    statements: [
      `CREATE TABLE portal_link (
        hash TEXT PRIMARY KEY,
        granted TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        used_at INTEGER
      ) STRICT, WITHOUT ROWID`,
      `CREATE TABLE portal_session (
        hash TEXT PRIMARY KEY,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        granted TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        used_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
];

/** @returns the code that the link holds, and what it gives. */
export function createPortalLink(
  sql: Sql,
  input: NewPortalLink,
  now: number,
): { readonly code: string; readonly granted: PortalGrant } {
  const code = mintPortalCode();
  const granted = { ...input, linkId: `portal_link_${uuidv7().replaceAll("-", "")}` };
  sql.run("DELETE FROM portal_link WHERE expires_at <= ?", now - DAY_MS);
  sql.run(
    "INSERT INTO portal_link (hash, granted, expires_at) VALUES (?, ?, ?)",
    sha256Hex(code),
    JSON.stringify(granted),
    now + PORTAL_LINK_SECONDS * 1_000,
  );
  return { code, granted };
}

/** What the link with this code gives. The failure says in `errors` whether it was used, has expired or was never made. */
export function unusedLink(sql: Sql, code: string, now: number): Result<PortalGrant> {
  const link = firstRow<{ granted: string; expires_at: number; used_at: number | null }>(
    sql,
    "SELECT granted, expires_at, used_at FROM portal_link WHERE hash = ?",
    sha256Hex(code),
  );
  if (link === undefined) {
    return refusedCode("unknown", "This link is not valid.");
  }
  if (link.used_at !== null) {
    return refusedCode("used", "This link has been used already. It works once.");
  }
  if (link.expires_at <= now) {
    const minutes = PORTAL_LINK_SECONDS / 60;
    return refusedCode("expired", `This link has expired. It works for ${minutes} minutes.`);
  }
  return ok(JSON.parse(link.granted) as PortalGrant);
}

export function newSessionId(): string {
  return `portal_session_${uuidv7().replaceAll("-", "")}`;
}

/** Opens a session and uses its link up, in the transaction of the caller, who has just seen that the link is unused. */
export function openPortalSession(
  sql: Sql,
  code: string,
  { id, kind, ...granted }: Omit<PortalSession, "expiresAt">,
  now: number,
): NewPortalSession {
  const token = mintSessionToken();
  const lifeSeconds = kind === "cookie" ? PORTAL_SESSION_SECONDS : PORTAL_TOKEN_SECONDS;
  const expiresAt = now + lifeSeconds * 1_000;
  sql.run("UPDATE portal_link SET used_at = ? WHERE hash = ?", now, sha256Hex(code));
  sql.run("DELETE FROM portal_session WHERE expires_at <= ?", now);
  sql.run(
    "INSERT INTO portal_session (hash, id, kind, granted, expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?)",
    sha256Hex(token),
    id,
    kind,
    JSON.stringify(granted),
    expiresAt,
    now,
  );
  return { token, session: { ...granted, id, kind, expiresAt } };
}

function refusedCode(rule: string, message: string) {
  return fieldFailure("invalid_token", "code", rule, `${message} Ask for a new one.`);
}

/** The session with this token, unless it has ended. Being asked for keeps it from ending for idleness. */
export function findPortalSession(sql: Sql, tokenHash: string, now: number): PortalSession | null {
  const row = firstRow<{
    id: string;
    kind: PortalSessionKind;
    granted: string;
    expires_at: number;
    used_at: number;
  }>(
    sql,
    "SELECT * FROM portal_session WHERE hash = ? AND expires_at > ? AND used_at > ?",
    tokenHash,
    now,
    now - PORTAL_IDLE_SECONDS * 1_000,
  );
  if (row === undefined) {
    return null;
  }
  if (row.used_at <= now - USE_RESOLUTION_MS) {
    sql.run("UPDATE portal_session SET used_at = ? WHERE hash = ?", now, tokenHash);
  }
  const { id, kind, expires_at: expiresAt } = row;
  return { ...(JSON.parse(row.granted) as PortalGrant), id, kind, expiresAt };
}

/** @returns the organization that the session saw, if it had not ended. */
export function endPortalSession(sql: Sql, tokenHash: string): string | undefined {
  const row = firstRow<{ id: string }>(
    sql,
    "DELETE FROM portal_session WHERE hash = ? RETURNING granted ->> 'organizationId' AS id",
    tokenHash,
  );
  return row?.id;
}

/** Ends all links and sessions of an organization. */
export function endPortalOf(sql: Sql, organizationId: string): void {
  for (const table of ["portal_link", "portal_session"]) {
    sql.run(`DELETE FROM ${table} WHERE granted ->> 'organizationId' = ?`, organizationId);
  }
}

export function linkCreatedEvent({ linkId, intent, role, user }: PortalGrant): OwnEvent {
  return {
    action: "rekishi.portal_link_created",
    targets: [{ id: linkId, type: "portal_link" }, ...(user === null ? [] : [asTarget(user)])],
    metadata: { intent, role },
  };
}

export function linkUsedEvent({ linkId, id, kind, intent, role }: PortalSession): OwnEvent {
  return {
    action: "rekishi.portal_link_used",
    targets: [
      { id: linkId, type: "portal_link" },
      { id, type: "portal_session" },
    ],
    metadata: { intent, role, kind },
  };
}

function asTarget(user: PortalUser): Party {
  return { ...user, type: "user" };
}
