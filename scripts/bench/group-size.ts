/**
 * How many requests shared a commit, seen from outside: all events of a commit have the same time, and what a
 * log has not sealed yet is in its tail. Only meaningful for a log of single events.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Undefined when the log holds no such rows. @param objectsPath of a server that has been stopped. */
export function meanGroupSize(objectsPath: string, organizationId: string): number | undefined {
  const files = globSync("rekishi-TenantLog/*.sqlite", { cwd: objectsPath });
  for (const file of files) {
    const size = groupSizeIn(join(objectsPath, file), organizationId);
    if (size !== undefined) {
      return size;
    }
  }
  return undefined;
}

function groupSizeIn(file: string, organizationId: string): number | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'tail'")
      .all();
    if (tables.length === 0) {
      return undefined;
    }
    const size = database
      .prepare(
        `SELECT count(*) * 1.0 / count(DISTINCT json_extract(event.value, '$.ingested_at')) AS size
         FROM tail, json_each('[' || replace(tail.lines, char(10), ',') || ']') AS event
         WHERE json_extract(event.value, '$.organization_id') = ?`,
      )
      .get(organizationId)?.["size"];
    return typeof size === "number" ? size : undefined;
  } finally {
    database.close();
  }
}
