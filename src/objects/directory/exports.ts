/** Which exports there are, and whose: everything else about an export knows its own object. */
import { failure } from "../../kernel/failure.ts";
import { EXPORTS_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { ExportEntry, ExportOwner, ListPage, ListQuery } from "./directory-rpc.ts";
import { listPage } from "./listing.ts";
import { findOrganization } from "./organizations.ts";

export const EXPORT_MIGRATIONS: readonly Migration[] = [
  {
    why: "The exports that are not forgotten yet. `sort` is the order of creation, for lists.",
    statements: [
      `CREATE TABLE export (
        sort INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        organization_id TEXT NOT NULL
      ) STRICT`,
      "CREATE INDEX export_organization ON export (organization_id, sort)",
    ],
  },
];

type ExportRow = { sort: number; id: string; organization_id: string };

/**
 * Adds an export, unless its organization has too many.
 *
 * @returns false when it is there already.
 */
export function addExport(sql: Sql, { id, organizationId }: ExportEntry): Result<boolean> {
  if (exportOwner(sql, id) !== null) {
    return ok(false);
  }
  const { count } = firstRow<{ count: number }>(
    sql,
    "SELECT count(*) AS count FROM export WHERE organization_id = ?",
    organizationId,
  ) ?? { count: 0 };
  if (count >= EXPORTS_MAX) {
    const message = `This organization has ${count} exports, which is as many as are kept. Delete some, or wait until they are forgotten.`;
    return failure("rate_limit_exceeded", message);
  }
  sql.run("INSERT INTO export (id, organization_id) VALUES (?, ?)", id, organizationId);
  return ok(true);
}

/** Whose export it is, or null. */
export function exportOwner(sql: Sql, id: string): ExportOwner | null {
  const row = firstRow<ExportRow>(sql, "SELECT * FROM export WHERE id = ?", id);
  return row === undefined
    ? null
    : {
        organizationId: row.organization_id,
        region: findOrganization(sql, row.organization_id)?.region ?? null,
      };
}

export function listExports(sql: Sql, query: ListQuery, organizationId: string): ListPage<string> {
  return listPage<ExportRow, string>(
    sql,
    { table: "export", where: "organization_id = ?", bindings: [organizationId] },
    query,
    ({ id }) => id,
  );
}

export function forgetExport(sql: Sql, id: string): void {
  sql.run("DELETE FROM export WHERE id = ?", id);
}

/**
 * Removes all exports of an organization, files included; what they still do they end by themselves. For the deletion of
 * an organization: call it again when it throws.
 *
 * @param remove asks the object of one export to remove itself.
 */
export async function removeExportsOf(
  sql: Sql,
  organizationId: string,
  remove: (id: string) => Promise<void>,
): Promise<void> {
  const rows = sql.rows<ExportRow>(
    "SELECT * FROM export WHERE organization_id = ?",
    organizationId,
  );
  for (const { id } of Array.from(rows)) {
    await remove(id);
    forgetExport(sql, id);
  }
}
