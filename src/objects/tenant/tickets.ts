/** Single-use tickets with which a browser opens the live tail, because it cannot send an Authorization header. */
import { mintTicket } from "../../kernel/api-key.ts";
import { TAIL_TICKET_SECONDS } from "../../kernel/limits.ts";
import { sha256 } from "../../kernel/sha256.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { Credential } from "../directory/directory-rpc.ts";

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
  {
    why: "It also ends when that credential is taken away: the credential as JSON, null where it cannot be.",
    statements: ["ALTER TABLE tail_ticket ADD COLUMN credential TEXT"],
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
  /** What the tail ends with when it is taken away. */
  readonly credential: Credential | null;
}

export function issueTicket(
  sql: Sql,
  { tailEndsAt, credential }: TicketGrant,
  now: number,
): Ticket {
  const ticket = mintTicket();
  const expiresAt = now + TAIL_TICKET_SECONDS * 1_000;
  sql.run("DELETE FROM tail_ticket WHERE expires_at <= ?", now);
  sql.run(
    "INSERT INTO tail_ticket (hash, expires_at, tail_ends_at, credential) VALUES (?, ?, ?, ?)",
    sha256(ticket),
    expiresAt,
    tailEndsAt,
    credential && JSON.stringify(credential),
  );
  return { ticket, expiresAt };
}

type TicketRow = Readonly<{
  expires_at: number;
  tail_ends_at: number | null;
  credential: string | null;
}>;

/** What the ticket opens, once for each, while it is fresh; null otherwise. */
export function redeemTicket(sql: Sql, ticket: string, now: number): TicketGrant | null {
  const row = firstRow<TicketRow>(
    sql,
    "DELETE FROM tail_ticket WHERE hash = ? RETURNING expires_at, tail_ends_at, credential",
    sha256(ticket),
  );
  if (row === undefined || row.expires_at <= now) {
    return null;
  }
  const credential = row.credential === null ? null : (JSON.parse(row.credential) as Credential);
  return { tailEndsAt: row.tail_ends_at, credential };
}
