/** The formats that there are. */
import { csvFormat } from "./csv.ts";
import type { FileFormat } from "./format.ts";
import { NDJSON_FORMAT } from "./ndjson.ts";
import type { ExportSpec } from "./spec.ts";

export function fileFormat({ format, bom }: Pick<ExportSpec, "format" | "bom">): FileFormat {
  return format === "csv" ? csvFormat(bom) : NDJSON_FORMAT;
}
