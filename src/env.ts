/** The bindings and settings that the platform gives, read in one place. README.md lists the settings. */
import type { BlobSettings } from "./blob/open.ts";
import { EXPORT_DAYS_DEFAULT } from "./kernel/limits.ts";
import type { Network } from "./kernel/network.ts";
import {
  isJurisdiction,
  type Jurisdiction,
  type LocationHint,
  type Region,
} from "./kernel/region.ts";
import type { DirectoryRpc } from "./objects/directory/directory-rpc.ts";
import type { ExportRpc } from "./objects/export/export-rpc.ts";
import type { OffloadEnv } from "./objects/tenant/offload-settings.ts";
import type { RateLimitEnv } from "./objects/tenant/rate-limits.ts";
import type { TenantRpc } from "./objects/tenant/tenant-rpc.ts";
import { configureLogs } from "./observe/logger.ts";
import type { Level, LogFormat } from "./observe/profile.ts";

/** An object as the router sees it: its RPC surface, and `fetch` for WebSockets. */
export type Stub<Rpc> = Rpc & { fetch(request: Request): Promise<Response> };

export interface Namespace<Rpc> {
  /** @param options.locationHint counts when the object is reached for the first time. */
  getByName(name: string, options?: { readonly locationHint?: LocationHint }): Stub<Rpc>;
  /** The objects that stay within a jurisdiction. Throws where there is none: everywhere but on Cloudflare. */
  jurisdiction(name: Jurisdiction): Namespace<Rpc>;
}

/** Where blobs go is set by the names of `BlobSettings`; without any of them there is no blob store. */
export interface Env extends BlobSettings, OffloadEnv, RateLimitEnv {
  readonly TENANT_LOG: Namespace<TenantRpc>;
  readonly DIRECTORY: Namespace<DirectoryRpc>;
  readonly EXPORT: Namespace<ExportRpc>;
  /** The dashboard's files, read only. */
  readonly ASSETS?: { fetch(request: Request): Promise<Response> };
  /** May do everything. Without it nobody can get in. */
  readonly REKISHI_ROOT_KEY?: string;
  /** The address that browsers use, such as https://audit.example.com; that of each request unless set. */
  readonly REKISHI_PUBLIC_URL?: string | null;
  /** Origins of other sites, by spaces or commas, whose pages may call the API and show the log in a frame. */
  readonly REKISHI_ALLOWED_ORIGINS?: string | null;
  /** "true": the keys of token issuers may be at private addresses, and at http://localhost. */
  readonly REKISHI_PRIVATE_ISSUERS?: string | null;
  /** The network in which they are then, on a machine of one's own. */
  readonly REKISHI_ISSUER_NETWORK?: Network | null;
  /**
   * The header in which the platform or the proxy in front gives the client's address, such as cf-connecting-ip. Only
   * one that a client cannot set itself.
   */
  readonly REKISHI_CLIENT_ADDRESS_HEADER?: string | null;
  /** "false": an unknown organization is a 404 instead of being created by its first event. */
  readonly AUTO_CREATE_ORGANIZATIONS?: string;
  /** "true": an event of an action without a schema is refused. */
  readonly REQUIRE_SCHEMAS?: string;
  /**
   * The secrets that sign download URLs, of at least 32 characters each, separated by commas. The first one signs, all
   * of them verify: to change it, put the new one before the old one, and drop the old one ten minutes later.
   */
  readonly REKISHI_SIGNING_KEYS?: string;
  /** How many days the file of an export is kept. */
  readonly REKISHI_EXPORT_DAYS?: string;
  /** "plain", "google" or "datadog". */
  readonly REKISHI_LOG_FORMAT?: string;
  /** "debug", "info", "warn" or "error". */
  readonly REKISHI_LOG_LEVEL?: string;
}

/** There is one Directory in an environment. */
export const DIRECTORY_NAME = "directory";

/** The log of an organization, which is where its region says. The same id elsewhere would be another log. */
export function tenantLog(
  namespace: Namespace<TenantRpc>,
  organizationId: string,
  region: Region | null,
): Stub<TenantRpc> {
  return objectIn(namespace, organizationId, region);
}

/** The object with this name in a region. What holds an organization's data is where its log is. */
export function objectIn<Rpc>(
  namespace: Namespace<Rpc>,
  name: string,
  region: Region | null,
): Stub<Rpc> {
  if (region === null) {
    return namespace.getByName(name);
  }
  return isJurisdiction(region)
    ? namespace.jurisdiction(region).getByName(name)
    : namespace.getByName(name, { locationHint: region });
}

/** How many days the file of an export is kept. */
export function exportDays({ REKISHI_EXPORT_DAYS: days }: Env): number {
  return Number(days) > 0 ? Number(days) : EXPORT_DAYS_DEFAULT;
}

/** Whether there is a place for logs in this region. */
export function hasRegion(namespace: Namespace<TenantRpc>, region: Region): boolean {
  try {
    return !isJurisdiction(region) || namespace.jurisdiction(region) !== undefined;
  } catch {
    return false;
  }
}

let configured: Env | undefined;

/** Does nothing for the env that it saw last: an isolate is given the same one for every request. */
export function configureFromEnv(env: Env): void {
  if (env === configured) {
    return;
  }
  configured = env;
  configureLogs({
    format: oneOf<LogFormat>(env.REKISHI_LOG_FORMAT, ["plain", "google", "datadog"], "plain"),
    level: oneOf<Level>(
      env.REKISHI_LOG_LEVEL?.toUpperCase(),
      ["DEBUG", "INFO", "WARN", "ERROR"],
      "INFO",
    ),
  });
}

function oneOf<T extends string>(
  value: string | undefined,
  allowed: readonly T[],
  otherwise: T,
): T {
  return allowed.find((candidate) => candidate === value) ?? otherwise;
}
