/** What is known of a finished file: its names in the blob store and for people, and its manifest. */
import type { ExportManifest } from "../contract/export.ts";
import type { ExportSpec } from "./spec.ts";
import type { FilePiece } from "./verifier.ts";

export interface ExportFile extends FilePiece {
  readonly key: string;
  /** For people: of characters that every file system takes. */
  readonly name: string;
  readonly contentType: string;
}

export interface ExportFiles {
  readonly events: ExportFile;
  readonly manifest: ExportFile;
}

const FILE_TYPES = {
  csv: { extension: "csv", contentType: "text/csv; charset=utf-8; header=present" },
  ndjson: { extension: "ndjson", contentType: "application/x-ndjson" },
} as const;
const MANIFEST_TYPE = { extension: "manifest.json", contentType: "application/json" };

/** Where an export's files are in the blob store. */
export function fileKeys({ id, format }: Pick<ExportSpec, "id" | "format">) {
  return { events: `exports/${id}/events.${format}`, manifest: `exports/${id}/manifest.json` };
}

export function eventsFile(spec: ExportSpec, { size, sha256 }: FilePiece): ExportFile {
  const { extension, contentType } = FILE_TYPES[spec.format];
  return { key: fileKeys(spec).events, name: fileName(spec, extension), contentType, size, sha256 };
}

export function manifestFile(spec: ExportSpec, { size, sha256 }: FilePiece): ExportFile {
  const { extension, contentType } = MANIFEST_TYPE;
  return {
    key: fileKeys(spec).manifest,
    name: fileName(spec, extension),
    contentType,
    size,
    sha256,
  };
}

export interface Made {
  readonly events: number;
  readonly purged: number;
  readonly pieces: readonly FilePiece[];
  readonly finishedAt: number;
}

export function manifestOf(spec: ExportSpec, file: ExportFile, made: Made): ExportManifest {
  const { range_start: start, range_end: end, ...filter } = spec.filter;
  return {
    object: "audit_log_export_manifest",
    export_id: spec.id,
    organization_id: spec.organizationId,
    created_at: timeText(spec.createdAt),
    finished_at: timeText(made.finishedAt),
    format: spec.format,
    query: {
      ...(start === undefined ? {} : { range_start: timeText(start) }),
      ...(end === undefined ? {} : { range_end: timeText(end) }),
      ...filter,
    },
    seq: { first: spec.firstSeq, last: spec.headSeq },
    events: made.events,
    purged: made.purged,
    file: {
      name: file.name,
      content_type: file.contentType,
      size: file.size,
      sha256: file.sha256,
      parts: made.pieces.map(({ size, sha256 }) => ({ size, sha256 })),
    },
  };
}

/** `audit-log_org_acme_2026-01-01_2026-02-01.csv`: an organization's id may hold colons, which Windows refuses. */
function fileName({ organizationId, filter }: ExportSpec, extension: string): string {
  const days = [filter.range_start, filter.range_end].map((time) =>
    time === undefined ? "" : `_${timeText(time).slice(0, 10)}`,
  );
  const organization = organizationId.replaceAll(/[^A-Za-z0-9_.-]/g, "-");
  return `audit-log_${organization}${days.join("")}.${extension}`;
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}
