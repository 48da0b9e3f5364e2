/**
 * The actions of an environment and the versions of their schemas. A version never changes and none is ever removed,
 * so what a router has read of one stays right, and the number of the newest says which there are.
 */
import { uuidv7 } from "uuidv7";
import type { Action, ActionSchema, ActionSchemaRules } from "../../contract/action-schema.ts";
import type { OwnEvent } from "../../contract/own-event.ts";
import { failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { ListPage, ListQuery, SchemaIndex, SchemaName } from "./directory-rpc.ts";
import { listPage } from "./listing.ts";

export const ACTION_SCHEMA_MIGRATIONS: readonly Migration[] = [
  {
    why: "Actions with a schema, and every version of it. `sort` is the order of creation, for lists.",
    statements: [
      `CREATE TABLE action (
        sort INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT`,
      `CREATE TABLE action_schema (
        sort INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        action TEXT NOT NULL,
        version INTEGER NOT NULL,
        rules TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (action, version)
      ) STRICT`,
    ],
  },
];

/** Routers hold the names of all actions in memory. */
const ACTIONS_MAX = 5_000;

type ActionRow = {
  sort: number;
  id: string;
  name: string;
  version: number;
  created_at: number;
  updated_at: number;
};
type SchemaRow = { sort: number; id: string; version: number; rules: string; created_at: number };

/** Adds a version to an action, which it makes when it is the first. Call it in a transaction. */
export function createActionSchema(
  sql: Sql,
  action: string,
  rules: ActionSchemaRules,
  now: number,
): Result<ActionSchema> {
  const { count } = firstRow<{ count: number }>(
    sql,
    "SELECT count(*) AS count FROM action WHERE name <> ?",
    action,
  ) ?? { count: 0 };
  if (count >= ACTIONS_MAX) {
    const message = `There are ${ACTIONS_MAX} actions with a schema already, and there cannot be more.`;
    return failure("conflict", message);
  }
  sql.run(
    `INSERT INTO action (id, name, version, created_at, updated_at) VALUES (?, ?, 1, ?, ?)
     ON CONFLICT (name) DO UPDATE SET version = version + 1, updated_at = excluded.updated_at`,
    newId("ala"),
    action,
    now,
    now,
  );
  sql.run(
    `INSERT INTO action_schema (id, action, version, rules, created_at)
     SELECT ?, name, version, ?, ? FROM action WHERE name = ?`,
    newId("als"),
    JSON.stringify(rules),
    now,
    action,
  );
  return ok(newestSchema(sql, action));
}

export function listActions(sql: Sql, query: ListQuery): ListPage<Action> {
  return listPage<ActionRow, Action>(
    sql,
    { table: "action", where: "TRUE", bindings: [] },
    query,
    (row) => actionResource(sql, row),
  );
}

/** Those of the named actions that have a schema. */
export function namedActions(sql: Sql, names: readonly string[]): Action[] {
  return names.flatMap((name) => {
    const row = firstRow<ActionRow>(sql, "SELECT * FROM action WHERE name = ?", name);
    return row === undefined ? [] : [actionResource(sql, row)];
  });
}

/** The versions of an action, or null when it has none. */
export function listActionSchemas(
  sql: Sql,
  action: string,
  query: ListQuery,
): ListPage<ActionSchema> | null {
  const [known] = namedActions(sql, [action]);
  return known === undefined
    ? null
    : listPage<SchemaRow, ActionSchema>(
        sql,
        { table: "action_schema", where: "action = ?", bindings: [action] },
        query,
        schemaResource,
      );
}

/** The named schemas, in their order; null for one that does not exist. */
export function namedSchemas(sql: Sql, names: readonly SchemaName[]): (ActionSchema | null)[] {
  return names.map(([action, version]) => {
    const row = firstRow<SchemaRow>(
      sql,
      "SELECT * FROM action_schema WHERE action = ? AND version = ?",
      action,
      version,
    );
    return row === undefined ? null : schemaResource(row);
  });
}

/** The newest version of every action, or null when nothing has changed since `revision`. */
export function schemaIndex(sql: Sql, revision: number): SchemaIndex | null {
  const newest =
    firstRow<{ sort: number | null }>(sql, "SELECT max(sort) AS sort FROM action_schema")?.sort ??
    0;
  if (newest === revision) {
    return null;
  }
  const rows = sql.rows<{ name: string; version: number }>("SELECT name, version FROM action");
  return {
    revision: newest,
    newest: Array.from(rows, ({ name, version }): SchemaName => [name, version]),
  };
}

/** What is on record of a new version. It holds for all organizations, so it is in the log of none. */
export function schemaEvent(action: string, { version }: ActionSchema): OwnEvent {
  return {
    action: "rekishi.schema_created",
    targets: [{ id: action, type: "audit_log_action" }],
    metadata: { version },
  };
}

function newId(prefix: string): string {
  return `${prefix}_${uuidv7().replaceAll("-", "")}`;
}

function newestSchema(sql: Sql, action: string): ActionSchema {
  const row = firstRow<SchemaRow>(
    sql,
    "SELECT * FROM action_schema WHERE action = ? ORDER BY version DESC LIMIT 1",
    action,
  );
  if (row === undefined) {
    throw new Error(`The action '${action}' has no schema.`);
  }
  return schemaResource(row);
}

function actionResource(sql: Sql, row: ActionRow): Action {
  return {
    object: "audit_log_action",
    name: row.name,
    schema: newestSchema(sql, row.name),
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

function schemaResource(row: SchemaRow): ActionSchema {
  return {
    object: "audit_log_schema",
    version: row.version,
    ...(JSON.parse(row.rules) as ActionSchemaRules),
    created_at: new Date(row.created_at).toISOString(),
  };
}
