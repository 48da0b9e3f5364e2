/**
 * What was made for a request with an `Idempotency-Key`, for 24 hours: the same request, sent again, makes nothing and is
 * answered with it. As with events, the key is the pair of the client's key and what was sent.
 */
import { failure } from "../../kernel/failure.ts";
import { IDEMPOTENCY_WINDOW_MS } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { Made } from "./directory-rpc.ts";

export const FIRST_ANSWER_MIGRATIONS: readonly Migration[] = [
  {
    why: "What was made for which request, by the name of the request.",
    statements: [
      `CREATE TABLE first_answer (
        request TEXT PRIMARY KEY,
        made TEXT NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
      "CREATE INDEX first_answer_by_expiry ON first_answer (expires_at)",
    ],
  },
];

const DELETED = failure(
  "not_found",
  "What was made with this Idempotency-Key has been deleted. Use another key to make it anew.",
);

interface Making<T> {
  /** The name of the request; undefined for one without a key. */
  readonly request: string | undefined;
  readonly now: number;
  readonly make: () => Result<T>;
  /** The name by which `find` finds what was made; null when it has been deleted. */
  readonly nameOf: (made: T) => string;
  readonly find: (name: string) => T | null;
}

/** Makes something, or finds what was made for the same request. To be called in a transaction. */
export function makeOnce<T>(
  sql: Sql,
  { request, now, make, nameOf, find }: Making<T>,
): Result<Made<T>> {
  const before = request === undefined ? undefined : nameBefore(sql, request, now);
  if (before !== undefined) {
    const resource = find(before);
    return resource === null ? DELETED : ok({ resource, isReplay: true });
  }
  const made = make();
  if (!made.ok) {
    return made;
  }
  if (request !== undefined) {
    sql.run("DELETE FROM first_answer WHERE expires_at <= ?", now);
    sql.run(
      "INSERT INTO first_answer (request, made, expires_at) VALUES (?, ?, ?)",
      request,
      nameOf(made.value),
      now + IDEMPOTENCY_WINDOW_MS,
    );
  }
  return ok({ resource: made.value, isReplay: false });
}

function nameBefore(sql: Sql, request: string, now: number): string | undefined {
  return firstRow<{ made: string }>(
    sql,
    "SELECT made FROM first_answer WHERE request = ? AND expires_at > ?",
    request,
    now,
  )?.made;
}
