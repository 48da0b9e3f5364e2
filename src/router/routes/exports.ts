/** `/audit_logs/exports`: making, following, downloading and deleting exports (contract, "Exports"). */
import { uuidv7 } from "uuidv7";
import * as z from "zod";
import type { BlobStore } from "../../blob/blob-store.ts";
import { openBlobStore } from "../../blob/open.ts";
import { idempotentHeadersSchema } from "../../contract/append.ts";
import { organizationParameterSchema } from "../../contract/event-query.ts";
import {
  type ExportResource,
  exportSchema,
  type NewExport,
  newExportSchema,
  rangeFailure,
  readNewExport,
} from "../../contract/export.ts";
import { listSchema } from "../../contract/list.ts";
import type { OwnEvent } from "../../contract/own-event.ts";
import { objectIn, type Stub } from "../../env.ts";
import type { ExportSpec } from "../../export/spec.ts";
import { DAY_MS, systemClock } from "../../kernel/clock.ts";
import { type Failure, failure, notFound } from "../../kernel/failure.ts";
import { RESOURCE_BODY_BYTES_MAX } from "../../kernel/limits.ts";
import type { Region } from "../../kernel/region.ts";
import { ok, type Result } from "../../kernel/result.ts";
import { sha256Hex } from "../../kernel/sha256.ts";
import type { ExportRpc, ExportStatus } from "../../objects/export/export-rpc.ts";
import { addLogContext } from "../../observe/logger.ts";
import { whereOf } from "../../query/where.ts";
import { askObject } from "../ask.ts";
import { directory, openOrganization, type Principal } from "../auth/access.ts";
import { callerOf } from "../auth/caller.ts";
import { ownOrigin } from "../auth/own-origin.ts";
import { readJsonObject } from "../body.ts";
import { fileResponse } from "../download/file-response.ts";
import { signingKeys, signUrl, verifyUrl } from "../download/signed-url.ts";
import type { HttpContext } from "../http.ts";
import { idempotencyKeyOf } from "../idempotency.ts";
import { listOf, listQuerySchema, readListQuery } from "../list-query.ts";
import type { Route } from "../route.ts";
import type { Tenant } from "../tenant.ts";

const PATH = "/audit_logs/exports";

/** Of a link that `signUrl` made. */
const signedUrlSchema = z.object({
  expires: z.string().describe("Of the link, as it was given out."),
  signature: z.string().describe("Of the link, as it was given out."),
});

export const exportRoutes: readonly Route[] = [
  {
    method: "post",
    path: PATH,
    summary: "Create an export",
    scope: "exports:write",
    headers: idempotentHeadersSchema,
    body: newExportSchema,
    answer: { status: 201, schema: exportSchema },
    handle: createExport,
  },
  {
    method: "get",
    path: PATH,
    summary: "List the exports of an organization",
    scope: "exports:write",
    query: listQuerySchema.extend(organizationParameterSchema.shape),
    answer: { status: 200, schema: listSchema(exportSchema) },
    handle: listExports,
  },
  {
    method: "get",
    path: `${PATH}/{id}`,
    summary: "Get an export, with a fresh link when it is ready",
    scope: "exports:write",
    answer: { status: 200, schema: exportSchema },
    handle: getExport,
  },
  {
    method: "delete",
    path: `${PATH}/{id}`,
    summary: "Stop and delete an export",
    scope: "exports:write",
    answer: { status: 204 },
    handle: deleteExport,
  },
  {
    method: "get",
    path: `${PATH}/{id}/file`,
    summary: "Download the file of an export, by its link",
    description:
      "The link is the `url` of a ready export, with `expires` and `signature` in it. It takes no key, and `Range`.",
    // Whoever has the link may: it is signed and works for ten minutes.
    scope: null,
    query: signedUrlSchema,
    answer: { status: 200, mediaTypes: ["text/csv", "application/x-ndjson"] },
    handle: (context) => download(context, "events"),
  },
  {
    method: "get",
    path: `${PATH}/{id}/manifest`,
    summary: "Download the manifest of an export, by its link",
    description: "The link is the `manifest_url` of a ready export. It takes no key.",
    scope: null,
    query: signedUrlSchema,
    answer: { status: 200, mediaTypes: ["application/json"] },
    handle: (context) => download(context, "manifest"),
  },
];

async function createExport(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const body = await readJsonObject(context.req.raw, RESOURCE_BODY_BYTES_MAX);
  if (!body.ok) {
    return body;
  }
  const input = readNewExport(body.value);
  if (!input.ok) {
    return input;
  }
  const where = whereOf(input.value.filter);
  if (!where.ok) {
    return where;
  }
  const tenant = await openOrganization(context, principal, body.value["organization_id"]);
  if (!tenant.ok) {
    return tenant;
  }
  const ready = requirements(context);
  if (!ready.ok) {
    return ready;
  }
  const key = idempotencyKeyOf(context);
  if (!key.ok) {
    return key;
  }
  const id = newExportId(key.value, tenant.value.organizationId, JSON.stringify(body.value));
  const spec = await freeze(tenant.value, id, input.value);
  if (!spec.ok) {
    return spec;
  }
  const { organizationId } = tenant.value;
  const event = exportEvent("created", spec.value);
  const caller = callerOf(context, principal);
  const registered = await directory(context).registerExport({ id, organizationId }, event, caller);
  if (!registered.ok) {
    return registered;
  }
  const status = await askExport(context, id, tenant.value.region, async (object) => {
    await object.create(spec.value);
    return object.status();
  });
  if (!status.ok) {
    return status;
  }
  return status.value === null
    ? notFound("Export")
    : ok(context.json(exportResource(context, status.value), 201));
}

/** The export as it will be for ever: the question, and the log as it is at this moment. */
async function freeze(tenant: Tenant, id: string, input: NewExport): Promise<Result<ExportSpec>> {
  const snapshot = await tenant.call((object) => object.snapshot());
  if (!snapshot.ok) {
    return snapshot;
  }
  const { firstSeq, headSeq, retentionDays } = snapshot.value;
  const { range_start: start = 0, range_end: end = 0 } = input.filter;
  if (end - start > retentionDays * DAY_MS) {
    return rangeFailure(
      `The range is longer than ${retentionDays} days, which is how long this organization's events are kept. Ask for at most ${retentionDays} days at a time.`,
    );
  }
  const { organizationId, region } = tenant;
  return ok({ id, organizationId, region, ...input, firstSeq, headSeq, createdAt: systemClock() });
}

async function listExports(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const query = readListQuery(context, ["organization_id"]);
  if (!query.ok) {
    return query;
  }
  const wanted = context.req.query("organization_id");
  const tenant = await openOrganization(context, principal, wanted);
  if (!tenant.ok) {
    return tenant;
  }
  const { organizationId, region } = tenant.value;
  const page = await directory(context).exports(query.value, organizationId);
  const data: ExportResource[] = [];
  for (const status of await Promise.all(page.data.map((id) => statusOf(context, id, region)))) {
    if (!status.ok) {
      return status;
    }
    if (status.value !== null) {
      data.push(exportResource(context, status.value));
    }
  }
  return ok(context.json(listOf({ ...page, data })));
}

async function getExport(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const status = await openExport(context, principal);
  return status.ok ? ok(context.json(exportResource(context, status.value))) : status;
}

async function deleteExport(context: HttpContext, principal: Principal): Promise<Result<Response>> {
  const status = await openExport(context, principal);
  if (!status.ok) {
    return status;
  }
  const { spec } = status.value;
  const removed = await askExport(context, spec.id, spec.region, (object) => object.remove());
  if (!removed.ok) {
    return removed;
  }
  const event = exportEvent("deleted", spec);
  await directory(context).deleteExport(spec.id, event, callerOf(context, principal));
  return ok(context.body(null, 204));
}

/** Nothing but the link is asked for here: whoever was given it may download, for as long as it works. */
async function download(
  context: HttpContext,
  which: "events" | "manifest",
): Promise<Result<Response>> {
  const ready = requirements(context);
  if (!ready.ok) {
    return ready;
  }
  const url = new URL(context.req.url);
  const valid = verifyUrl(url, ready.value.keys, systemClock());
  if (!valid.ok) {
    return valid;
  }
  const id = context.req.param("id") ?? "";
  const owner = await directory(context).exportOwner(id);
  const status = owner === null ? ok(null) : await statusOf(context, id, owner.region);
  if (!status.ok) {
    return status;
  }
  const outcome = status.value?.outcome;
  return outcome?.state === "ready"
    ? fileResponse(context.req.raw, ready.value.store, outcome.files[which])
    : notFound("File");
}

/** The export that the path names, for a caller who may see its organization. */
async function openExport(
  context: HttpContext,
  principal: Principal,
): Promise<Result<ExportStatus>> {
  const id = context.req.param("id") ?? "";
  const owner = await directory(context).exportOwner(id);
  const mayBeSeen =
    principal.organizationId === null || principal.organizationId === owner?.organizationId;
  if (owner === null || !mayBeSeen) {
    return notFound("Export");
  }
  addLogContext({ organizationId: owner.organizationId });
  const status = await statusOf(context, id, owner.region);
  if (!status.ok) {
    return status;
  }
  return status.value === null ? notFound("Export") : ok(status.value);
}

/** For ids that the Directory knows: so nobody can make objects by asking for what is not there. */
function statusOf(
  context: HttpContext,
  id: string,
  region: Region | null,
): Promise<Result<ExportStatus | null>> {
  return askExport(context, id, region, (object) => object.status());
}

const UNAVAILABLE: Failure = {
  ...failure("tenant_unavailable", "The export does not answer right now. Try again.").failure,
  retryAfterSeconds: 1,
};

function askExport<T>(
  context: HttpContext,
  id: string,
  region: Region | null,
  ask: (object: Stub<ExportRpc>) => Promise<T>,
): Promise<Result<T>> {
  return askObject(() => objectIn(context.env.EXPORT, id, region), UNAVAILABLE, ask);
}

/** What exports need of the installation; without it, what to set. */
function requirements(
  context: HttpContext,
): Result<{ readonly store: BlobStore; readonly keys: readonly string[] }> {
  const store = openBlobStore(context.env);
  if (!store.ok || store.value === undefined) {
    const reason = store.ok ? NO_BLOB_STORE : store.failure.message;
    return failure("not_configured", `Exports need a blob store. ${reason}`);
  }
  const keys = signingKeys(context.env.REKISHI_SIGNING_KEYS);
  return keys.ok ? ok({ store: store.value, keys: keys.value }) : keys;
}

const NO_BLOB_STORE =
  "Bind an R2 bucket as REKISHI_BLOBS, or set REKISHI_S3_ENDPOINT, REKISHI_S3_BUCKET, REKISHI_S3_ACCESS_KEY_ID and REKISHI_S3_SECRET_ACCESS_KEY.";

/** A request that is sent again with its `Idempotency-Key` is the same export again. */
function newExportId(key: string | undefined, organizationId: string, body: string): string {
  const digits =
    key === undefined
      ? uuidv7().replaceAll("-", "")
      : sha256Hex(JSON.stringify([organizationId, key, body])).slice(0, 32);
  return `audit_log_export_${digits}`;
}

function exportEvent(change: "created" | "deleted", { id, filter, format }: ExportSpec): OwnEvent {
  const { range_start: start = 0, range_end: end = 0 } = filter;
  return {
    action: `rekishi.export_${change}`,
    targets: [{ id, type: "audit_log_export" }],
    metadata: {
      format,
      range_start: new Date(start).toISOString(),
      range_end: new Date(end).toISOString(),
    },
  };
}

function exportResource(context: HttpContext, status: ExportStatus): ExportResource {
  const { spec, outcome, eventsRead, updatedAt } = status;
  const total = spec.headSeq - spec.firstSeq + 1;
  const made = outcome === undefined || outcome.state === "error" ? undefined : outcome;
  const links = outcome?.state === "ready" ? linksOf(context, spec.id) : undefined;
  return {
    object: "audit_log_export",
    id: spec.id,
    state: outcome?.state ?? "pending",
    url: links?.file ?? null,
    created_at: new Date(spec.createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    organization_id: spec.organizationId,
    format: spec.format,
    progress: { events: made === undefined ? eventsRead : total, total },
    events: made?.events ?? null,
    size: made?.files.events.size ?? null,
    sha256: made?.files.events.sha256 ?? null,
    manifest_url: links?.manifest ?? null,
    expires_at: made === undefined ? null : new Date(made.expiresAt).toISOString(),
    failure: outcome?.state === "error" ? outcome.reason : null,
  };
}

/** No links where the signing keys are gone: the export is still there when they are back. */
function linksOf(
  context: HttpContext,
  id: string,
): { readonly file: string; readonly manifest: string } | undefined {
  const keys = signingKeys(context.env.REKISHI_SIGNING_KEYS);
  const link = (name: string) => new URL(`${PATH}/${id}/${name}`, ownOrigin(context));
  return keys.ok
    ? {
        file: signUrl(link("file"), keys.value, systemClock()),
        manifest: signUrl(link("manifest"), keys.value, systemClock()),
      }
    : undefined;
}
