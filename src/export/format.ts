/** The formats of a file: how events become its text. */
import type { StoredEvent } from "../contract/event.ts";
import { csvHeader, csvRows } from "./csv.ts";
import { ndjsonRows } from "./ndjson.ts";
import type { ExportSpec } from "./spec.ts";

export interface FileFormat {
  /** Before the first event. */
  readonly head: string;
  readonly rows: (events: readonly StoredEvent[]) => string;
}

export function fileFormat({ format, bom }: Pick<ExportSpec, "format" | "bom">): FileFormat {
  return format === "csv"
    ? { head: (bom ? "\ufeff" : "") + csvHeader(), rows: csvRows }
    : { head: "", rows: ndjsonRows };
}
