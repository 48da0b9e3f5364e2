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
  {
    why: "A tail that a ticket opens ends with the credential with which the ticket was made; null for never.",
    statements: ["ALTER TABLE tail_ticket ADD COLUMN tail_ends_at INTEGER"],
  },
];

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What a ticket opens. */
export interface TicketGrant {
  /** When the tail ends, in milliseconds since the epoch; null for never. */
  readonly tailEndsAt: number | null;
}

export function issueTicket(sql: Sql, { tailEndsAt }: TicketGrant, now: number): Ticket {
  const ticket = mintTicket();
  const expiresAt = now + TAIL_TICKET_SECONDS * 1_000;
  sql.run("DELETE FROM tail_ticket WHERE expires_at <= ?", now);
  sql.run(
    "INSERT INTO tail_ticket (hash, expires_at, tail_ends_at) VALUES (?, ?, ?)",
    sha256(ticket),
    expiresAt,
    tailEndsAt,
  );
  return { ticket, expiresAt };
}

/** What the ticket opens, once for each, while it is fresh; null otherwise. */
export function redeemTicket(sql: Sql, ticket: string, now: number): TicketGrant | null {
  const row = firstRow<{ expires_at: number; tail_ends_at: number | null }>(
    sql,
    "DELETE FROM tail_ticket WHERE hash = ? RETURNING expires_at, tail_ends_at",
    sha256(ticket),
  );
  return row !== undefined && row.expires_at > now ? { tailEndsAt: row.tail_ends_at } : null;
}
