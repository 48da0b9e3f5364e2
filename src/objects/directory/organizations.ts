/** The organizations of an environment. */
import { uuidv7 } from "uuidv7";
import type { NewOrganization, Organization } from "../../contract/organization.ts";
import { fieldFailure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { ListPage, ListQuery } from "./directory-rpc.ts";
import { listPage } from "./listing.ts";

export const ORGANIZATION_MIGRATIONS: readonly Migration[] = [
  {
    why: "The organizations. `sort` is the order of creation, for lists.",
    statements: [
      `CREATE TABLE organization (
        sort INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        external_id TEXT UNIQUE,
        metadata TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT`,
    ],
  },
];

type OrganizationRow = {
  sort: number;
  id: string;
  name: string;
  external_id: string | null;
  metadata: string;
  created_at: number;
  updated_at: number;
};

export function createOrganization(
  sql: Sql,
  input: NewOrganization,
  now: number,
): Result<Organization> {
  const id = input.id ?? `org_${uuidv7().replaceAll("-", "")}`;
  const externalId = input.external_id ?? null;
  const taken = firstRow<{ id: string }>(
    sql,
    "SELECT id FROM organization WHERE id = ? OR external_id = ?",
    id,
    externalId,
  );
  if (taken !== undefined) {
    const field = taken.id === id ? "id" : "external_id";
    const message = `An organization with this ${field} exists already.`;
    return fieldFailure("conflict", field, "taken", message);
  }
  sql.run(
    `INSERT INTO organization (id, name, external_id, metadata, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    id,
    input.name,
    externalId,
    JSON.stringify(input.metadata ?? {}),
    now,
    now,
  );
  const created = findOrganization(sql, id);
  if (created === null) {
    throw new Error("An organization was not there after it was inserted.");
  }
  return ok(created);
}

export function findOrganization(sql: Sql, id: string): Organization | null {
  const row = firstRow<OrganizationRow>(sql, "SELECT * FROM organization WHERE id = ?", id);
  return row === undefined ? null : resource(row);
}

/** @returns whether the organization exists now. */
export function ensureOrganization(sql: Sql, id: string, mayCreate: boolean, now: number): boolean {
  if (findOrganization(sql, id) !== null) {
    return true;
  }
  return mayCreate && createOrganization(sql, { id, name: id }, now).ok;
}

export function listOrganizations(sql: Sql, query: ListQuery): ListPage<Organization> {
  return listPage<OrganizationRow, Organization>(
    sql,
    { table: "organization", where: "TRUE", bindings: [] },
    query,
    resource,
  );
}

function resource(row: OrganizationRow): Organization {
  return {
    object: "organization",
    id: row.id,
    name: row.name,
    domains: [],
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    external_id: row.external_id,
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}
