/**
 * How many requests shared a commit, seen from outside: a log keeps what it has not sealed yet in one row per commit.
 * Only meaningful for a log of single events.
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
        `SELECT avg(last_seq - first_seq + 1) AS size FROM tail
         WHERE (SELECT json_extract(substr(lines, 1, instr(lines || char(10), char(10)) - 1), '$.organization_id')
                FROM tail LIMIT 1) = ?`,
      )
      .get(organizationId)?.["size"];
    return typeof size === "number" ? size : undefined;
  } finally {
    database.close();
  }
}
