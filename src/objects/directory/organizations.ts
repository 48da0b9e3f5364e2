/** The organizations of an environment. */
import { uuidv7 } from "uuidv7";
import {
  METADATA_VALUES_MAX,
  type MetadataChange,
  type NewOrganization,
  type Organization,
  type OrganizationChange,
} from "../../contract/organization.ts";
import type { OwnEvent } from "../../contract/own-event.ts";
import { fieldFailure, notFound } from "../../kernel/failure.ts";
import type { Region } from "../../kernel/region.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { ListPage, ListQuery, OrganizationFilter } from "./directory-rpc.ts";
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
  {
    why: "Where an organization's log is; null leaves it to the platform.",
    statements: ["ALTER TABLE organization ADD COLUMN region TEXT"],
  },
  {
    why: "What is deleted leaves its id, which is not given again.",
    statements: ["ALTER TABLE organization ADD COLUMN deleted_at INTEGER"],
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
  region: Region | null;
  deleted_at: number | null;
};

export function createOrganization(
  sql: Sql,
  input: NewOrganization,
  now: number,
): Result<Organization> {
  const id = input.id ?? `org_${uuidv7().replaceAll("-", "")}`;
  const externalId = input.external_id ?? null;
  const known = rowOf(sql, id);
  if (known !== undefined) {
    return known.deleted_at === null ? taken("id") : DELETED;
  }
  if (isExternalIdTaken(sql, externalId, id)) {
    return taken("external_id");
  }
  sql.run(
    `INSERT INTO organization (id, name, external_id, metadata, created_at, updated_at, region)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    id,
    input.name,
    externalId,
    JSON.stringify(mergeMetadata({}, input.metadata)),
    now,
    now,
    input.region ?? null,
  );
  const created = findOrganization(sql, id);
  if (created === null) {
    throw new Error("An organization was not there after it was inserted.");
  }
  return ok(created);
}

/** Changes what is named; metadata is merged, name by name. `fields` are those that are not as they were. */
export function updateOrganization(
  sql: Sql,
  id: string,
  change: OrganizationChange,
  now: number,
): Result<{ readonly organization: Organization; readonly fields: readonly string[] }> {
  const before = findOrganization(sql, id);
  if (before === null) {
    return notFound(`Organization '${id}'`);
  }
  const { name = before.name, external_id: externalId = before.external_id } = change;
  if (isExternalIdTaken(sql, externalId, id)) {
    return taken("external_id");
  }
  const metadata = mergeMetadata(before.metadata, change.metadata);
  if (Object.keys(metadata).length > METADATA_VALUES_MAX) {
    const message = `'metadata' would have more than ${METADATA_VALUES_MAX} names. Remove some by sending null for them.`;
    return fieldFailure("unprocessable_entity", "metadata", "too_big", message);
  }
  const changed: Organization = { ...before, name, external_id: externalId, metadata };
  const fields = (["name", "external_id", "metadata"] as const).filter(
    (field) => JSON.stringify(changed[field]) !== JSON.stringify(before[field]),
  );
  if (fields.length === 0) {
    return ok({ organization: before, fields });
  }
  sql.run(
    "UPDATE organization SET name = ?, external_id = ?, metadata = ?, updated_at = ? WHERE id = ?",
    name,
    externalId,
    JSON.stringify(metadata),
    now,
    id,
  );
  const organization = { ...changed, updated_at: new Date(now).toISOString() };
  return ok({ organization, fields });
}

/** What is on record of a change of an organization: which of its fields, not their values. */
export function organizationEvent(
  change: "created" | "updated" | "deleted",
  { id, name }: Organization,
  fields: readonly string[] = [],
): OwnEvent {
  return {
    action: `rekishi.organization_${change}`,
    targets: [{ id, type: "organization", name }],
    ...(fields.length === 0 ? {} : { metadata: { fields: fields.join(" ") } }),
  };
}

export function findOrganization(sql: Sql, id: string): Organization | null {
  const row = rowOf(sql, id);
  return row === undefined || row.deleted_at !== null ? null : resource(row);
}

export function findOrganizationByExternalId(sql: Sql, externalId: string): Organization | null {
  const row = firstRow<OrganizationRow>(
    sql,
    "SELECT * FROM organization WHERE external_id = ?",
    externalId,
  );
  return row === undefined ? null : resource(row);
}

/** The organization, created now if it may be. */
export function ensureOrganization(
  sql: Sql,
  id: string,
  mayCreate: boolean,
  now: number,
): Organization | null {
  const known = findOrganization(sql, id);
  if (known !== null || !mayCreate) {
    return known;
  }
  const created = createOrganization(sql, { id, name: id }, now);
  return created.ok ? created.value : null;
}

export function listOrganizations(
  sql: Sql,
  query: ListQuery,
  { search }: OrganizationFilter,
): ListPage<Organization> {
  const text = search?.toLowerCase() ?? null;
  return listPage<OrganizationRow, Organization>(
    sql,
    {
      table: "organization",
      // Not LIKE: the platform allows it patterns of 50 bytes.
      where:
        "deleted_at IS NULL AND (? IS NULL OR instr(lower(name), ?) OR instr(lower(id), ?) OR external_id = ?)",
      bindings: [text, text, text, search ?? null],
    },
    query,
    resource,
  );
}

/** Of a deleted organization nothing is left but that it was, so that its id is not given again. */
export function deleteOrganization(sql: Sql, id: string, now: number): void {
  sql.run(
    `UPDATE organization SET name = '', external_id = NULL, metadata = '{}', updated_at = ?, deleted_at = ?
     WHERE id = ?`,
    now,
    now,
    id,
  );
}

function rowOf(sql: Sql, id: string): OrganizationRow | undefined {
  return firstRow<OrganizationRow>(sql, "SELECT * FROM organization WHERE id = ?", id);
}

function isExternalIdTaken(sql: Sql, externalId: string | null, id: string): boolean {
  const other = externalId === null ? null : findOrganizationByExternalId(sql, externalId);
  return other !== null && other.id !== id;
}

function taken(field: "id" | "external_id") {
  const message = `An organization with this ${field} exists already.`;
  return fieldFailure("conflict", field, "taken", message);
}

const DELETED = fieldFailure(
  "conflict",
  "id",
  "deleted",
  "An organization with this id was deleted. An id is not used again; choose another.",
);

function mergeMetadata(
  before: Readonly<Record<string, string>>,
  change: MetadataChange | null | undefined,
): Record<string, string> {
  if (change === null) {
    return {};
  }
  const merged = Object.entries({ ...before, ...change });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

function resource(row: OrganizationRow): Organization {
  return {
    object: "organization",
    id: row.id,
    name: row.name,
    domains: [],
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    external_id: row.external_id,
    region: row.region,
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}
