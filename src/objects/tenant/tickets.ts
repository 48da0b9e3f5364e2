/** Single-use tickets with which a browser opens the live tail, because it cannot send an Authorization header. */
import { mintTicket } from "../../kernel/api-key.ts";
import { TAIL_TICKET_SECONDS } from "../../kernel/limits.ts";
import { sha256 } from "../../kernel/sha256.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";

export const TICKET_MIGRATIONS: readonly Migration[] = [
  {
    why: "Tickets that were given out and not used yet, by the hash of their text.",
    statements: [
      `CREATE TABLE tail_ticket (
        hash BLOB PRIMARY KEY,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
];

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export function issueTicket(sql: Sql, now: number): Ticket {
  const ticket = mintTicket();
  const expiresAt = now + TAIL_TICKET_SECONDS * 1_000;
  sql.run("DELETE FROM tail_ticket WHERE expires_at <= ?", now);
  sql.run("INSERT INTO tail_ticket VALUES (?, ?)", sha256(ticket), expiresAt);
  return { ticket, expiresAt };
}

/** True once for each ticket, while it is fresh. */
export function redeemTicket(sql: Sql, ticket: string, now: number): boolean {
  const row = firstRow<{ expires_at: number }>(
    sql,
    "DELETE FROM tail_ticket WHERE hash = ? RETURNING expires_at",
    sha256(ticket),
  );
  return row !== undefined && row.expires_at > now;
}
