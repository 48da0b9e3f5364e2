/** What can be asked of an export's object. */
import type { Outcome } from "../../export/lifecycle.ts";
import type { ExportSpec } from "../../export/spec.ts";

export interface ExportStatus {
  readonly spec: ExportSpec;
  /** Undefined while the file is being made. */
  readonly outcome: Exclude<Outcome, { readonly state: "removed" }> | undefined;
  /** Events of the log that have been looked through. */
  readonly eventsRead: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

export interface ExportRpc {
  /** Begins, unless it has begun. */
  create(spec: ExportSpec): Promise<void>;
  /** Null for an export that was never begun or is removed. */
  status(): Promise<ExportStatus | null>;
  /** Stops what is under way, deletes the files and everything that is known of it. Resolves before that is done. */
  remove(): Promise<void>;
}
