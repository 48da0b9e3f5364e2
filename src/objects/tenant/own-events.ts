/** Which events of rekishi's own have come from other objects, so that one that comes again is not stored again. */
import { DAY_MS } from "../../kernel/clock.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";

export const OWN_EVENT_MIGRATIONS: readonly Migration[] = [
  {
    why: "The ids of events that came from other objects. They are few: one for each administrative change.",
    statements: [
      `CREATE TABLE own_event (
        id TEXT PRIMARY KEY,
        recorded_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
    ],
  },
];

/** A delivery is tried at least once an hour, so nothing comes again after this long. */
const REMEMBERED_MS = 365 * DAY_MS;

/** Remembers an id. @returns whether it is new. Call it in the transaction that stores the event. */
export function isNewOwnEvent(sql: Sql, id: string, now: number): boolean {
  sql.run("DELETE FROM own_event WHERE recorded_at < ?", now - REMEMBERED_MS);
  const added = firstRow<{ id: string }>(
    sql,
    "INSERT INTO own_event VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id",
    id,
    now,
  );
  return added !== undefined;
}
