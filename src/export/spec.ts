/** What an export is of, fixed when it is created. */
import type { EventFilter } from "../contract/event-query.ts";
import type { ExportFormat } from "../contract/export.ts";
import type { Region } from "../kernel/region.ts";

export interface ExportSpec {
  readonly id: string;
  readonly organizationId: string;
  /** Where the log is. */
  readonly region: Region | null;
  readonly filter: EventFilter;
  readonly format: ExportFormat;
  /** A CSV begins with a byte order mark, by which Excel knows that it is UTF-8. */
  readonly bom: boolean;
  /** The log as it stood at the creation: the oldest event that had not expired, and the newest. */
  readonly firstSeq: number;
  readonly headSeq: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
