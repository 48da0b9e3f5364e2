/** Exports: files of what matches a query, made by the server in the background. */
import type { ExportFormat, ExportResource } from "../../contract/export.ts";
import type { List } from "../../contract/list.ts";
import type { Api, ApiResult } from "./client.ts";

const LIST_MAX = 50;

export interface ExportWish {
  readonly organizationId: string;
  readonly q: string;
  /** In milliseconds since the epoch; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  readonly format: ExportFormat;
  /** For Excel, which reads UTF-8 only with a byte order mark. */
  readonly bom: boolean;
}

export function createExport(api: Api, wish: ExportWish): Promise<ApiResult<ExportResource>> {
  const body = {
    organization_id: wish.organizationId,
    range_start: new Date(wish.from).toISOString(),
    range_end: new Date(wish.to).toISOString(),
    format: wish.format,
    bom: wish.bom,
    ...(wish.q === "" ? {} : { q: wish.q }),
  };
  return api.send("POST", "/audit_logs/exports", { body });
}

export function listExports(
  api: Api,
  organizationId: string,
  signal: AbortSignal,
): Promise<ApiResult<List<ExportResource>>> {
  const parameters = { organization_id: organizationId, limit: LIST_MAX };
  return api.get("/audit_logs/exports", { parameters, signal });
}

/** With a link to the file that has just been made, and works for ten minutes. */
export function readExport(api: Api, id: string): Promise<ApiResult<ExportResource>> {
  return api.get(exportPath(id));
}

export function deleteExport(api: Api, id: string): Promise<ApiResult<void>> {
  return api.send("DELETE", exportPath(id), {});
}

function exportPath(id: string): string {
  return `/audit_logs/exports/${encodeURIComponent(id)}`;
}
