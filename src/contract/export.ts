/** Exports: what is asked, and what is answered (contract, "Exports"). The shapes are WorkOS's, with extensions. */
import * as z from "zod";
import { fieldFailure } from "../kernel/failure.ts";
import { ok, type Result } from "../kernel/result.ts";
import { eventFilterSchema, type EventFilter } from "./event-query.ts";
import { timestampSchema } from "./event.ts";
import { read } from "./field-errors.ts";

export const EXPORT_FORMATS = ["csv", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** WorkOS sends an empty list for "no filter". */
const valuesSchema = eventFilterSchema.shape.actions.transform((values) =>
  values?.length === 0 ? undefined : values,
);

/** Unknown names are refused, because a misspelt filter that is ignored exports events that nobody asked for. */
export const newExportSchema = z.strictObject({
  organization_id: z.string().optional().describe("A key of one organization need not name it."),
  range_start: timestampSchema.describe("Inclusive, on occurred_at."),
  range_end: timestampSchema.describe("Exclusive, on occurred_at."),
  actions: valuesSchema.describe("Only events with one of these actions."),
  actor_names: valuesSchema.describe("Only events of actors with one of these names."),
  actors: valuesSchema.describe("The old name of `actor_names`."),
  actor_ids: valuesSchema.describe("Only events of actors with one of these ids."),
  targets: valuesSchema.describe("Only events with a target of one of these types."),
  actor_types: valuesSchema.describe("An extension: only events of actors of these types."),
  target_ids: valuesSchema.describe("An extension: only events with one of these targets."),
  q: eventFilterSchema.shape.q.describe("An extension: the query language of the search."),
  format: z
    .enum(EXPORT_FORMATS, { error: `must be one of ${EXPORT_FORMATS.join(", ")}` })
    .default("csv")
    .describe("An extension: the format of the file."),
  bom: z
    .boolean()
    .default(false)
    .describe("Begin a CSV with a byte order mark, by which Excel knows that it is UTF-8."),
});

export interface NewExport {
  readonly filter: EventFilter;
  readonly format: ExportFormat;
  readonly bom: boolean;
}

/** Reads the body of `POST /audit_logs/exports`, less `organization_id`. */
export function readNewExport(body: unknown): Result<NewExport> {
  const input = read(newExportSchema, body, "", "invalid_request");
  if (!input.ok) {
    return input;
  }
  const { range_start, range_end, actions, actor_ids, actor_types, target_ids, q } = input.value;
  const names = [...(input.value.actor_names ?? []), ...(input.value.actors ?? [])];
  const range = { start: Date.parse(range_start), end: Date.parse(range_end) };
  if (range.start >= range.end) {
    return rangeFailure("'range_end' must be after 'range_start'.");
  }
  const filter = {
    range_start: range.start,
    range_end: range.end,
    actions,
    actor_ids,
    actor_types,
    actor_names: names.length === 0 ? undefined : names,
    target_ids,
    target_types: input.value.targets,
    q,
  };
  return ok({ filter, format: input.value.format, bom: input.value.bom });
}

/** WorkOS's code for a range that cannot be exported. */
export function rangeFailure(message: string) {
  return fieldFailure("invalid_audit_log_export_range_date", "range_end", "out_of_range", message);
}

export const EXPORT_STATES = ["pending", "ready", "error", "expired"] as const;

export const exportSchema = z.object({
  object: z.literal("audit_log_export"),
  id: z.string(),
  state: z.enum(EXPORT_STATES).describe("`expired` when the file was deleted."),
  url: z
    .string()
    .nullable()
    .describe("Works for ten minutes; every GET gives a fresh one. Null unless it is ready."),
  created_at: z.string(),
  updated_at: z.string(),
  organization_id: z.string(),
  format: z.enum(EXPORT_FORMATS).describe("The format of the file."),
  progress: z
    .object({
      events: z.int().describe("Events of the log that have been looked through."),
      total: z.int().describe("Those that are to be looked through."),
    })
    .describe("How far it is."),
  events: z.int().nullable().describe("Events in the file; null before it is ready."),
  size: z.int().nullable().describe("Of the file in bytes; null before it is ready."),
  sha256: z.string().nullable().describe("Of the file, in hex; null before it is ready."),
  manifest_url: z.string().nullable().describe("What the file is. Works as long as `url`."),
  expires_at: z.string().nullable().describe("When the file is deleted; null before it is ready."),
  failure: z
    .object({
      code: z.string().describe("What went wrong."),
      message: z.string().describe("The same as a sentence."),
    })
    .nullable()
    .describe("Why there is no file, when the state is `error`."),
});

export type ExportResource = z.infer<typeof exportSchema>;

/** The manifest beside a finished file. Everything that the file claims to be, so that it can be checked later. */
export interface ExportManifest {
  readonly object: "audit_log_export_manifest";
  readonly export_id: string;
  readonly organization_id: string;
  readonly created_at: string;
  readonly finished_at: string;
  readonly format: ExportFormat;
  readonly query: Readonly<Record<string, unknown>>;
  /** The log as it stood at the creation. */
  readonly seq: { readonly first: number; readonly last: number };
  /** Events in the file. */
  readonly events: number;
  /** Events of that log, matching or not, that retention had removed before they were read. */
  readonly purged: number;
  readonly file: {
    readonly name: string;
    readonly content_type: string;
    readonly size: number;
    readonly sha256: string;
    /** The pieces in which it was stored, in order. */
    readonly parts: readonly { readonly size: number; readonly sha256: string }[];
  };
}
