/** The settings of a server on this machine, from the environment. */
import { openBlobStore } from "../../src/blob/open.ts";
import { isOrigin, splitOrigins } from "../../src/kernel/origin.ts";
import { offloadSettings } from "../../src/objects/tenant/offload-settings.ts";
import { rateLimitSettings } from "../../src/objects/tenant/rate-limits.ts";
import { signingKeys } from "../../src/router/download/signed-url.ts";
import { StartError } from "./start-error.ts";

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** The folder that holds all data. */
  readonly dataFolder: string;
  /** Undefined: generated on the first start. */
  readonly rootKey: string | undefined;
  /** Undefined: generated on the first start. */
  readonly signingKeys: string | undefined;
  readonly url: string;
  /** Whether the keys of token issuers may be at private addresses. */
  readonly hasPrivateIssuers: boolean;
}

/** Settings that the Worker itself reads; they are handed through as they are. */
export const WORKER_SETTINGS = [
  "REKISHI_ROOT_KEY",
  "REKISHI_LOG_FORMAT",
  "REKISHI_LOG_LEVEL",
  "AUTO_CREATE_ORGANIZATIONS",
  "REKISHI_PUBLIC_URL",
  "REKISHI_SIGNING_KEYS",
  "REKISHI_EXPORT_DAYS",
  "REQUIRE_SCHEMAS",
  "REKISHI_ALLOWED_ORIGINS",
  "REKISHI_PRIVATE_ISSUERS",
  "REKISHI_S3_ENDPOINT",
  "REKISHI_S3_BUCKET",
  "REKISHI_S3_REGION",
  "REKISHI_S3_ACCESS_KEY_ID",
  "REKISHI_S3_SECRET_ACCESS_KEY",
  "REKISHI_OFFLOAD_BYTES",
  "REKISHI_OFFLOAD_KEEP_SECONDS",
  "REKISHI_ORGANIZATION_EVENTS_PER_SECOND",
  "REKISHI_KEY_EVENTS_PER_SECOND",
  "REKISHI_ORGANIZATION_QUERIES_PER_SECOND",
  "REKISHI_KEY_QUERIES_PER_SECOND",
  "REKISHI_CLIENT_ADDRESS_HEADER",
] as const;

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const host = env["REKISHI_HOST"] || "127.0.0.1";
  const port = Number(env["REKISHI_PORT"] || "8787");
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartError(`REKISHI_PORT is '${env["REKISHI_PORT"]}'; it must be 1 to 65535.`);
  }
  const blobStore = openBlobStore(env);
  if (!blobStore.ok) {
    throw new StartError(blobStore.failure.message);
  }
  const publicUrl = (env["REKISHI_PUBLIC_URL"] ?? "").replace(/\/$/, "");
  assertOrigins("REKISHI_PUBLIC_URL", publicUrl === "" ? [] : [publicUrl]);
  assertOrigins("REKISHI_ALLOWED_ORIGINS", splitOrigins(env["REKISHI_ALLOWED_ORIGINS"] ?? ""));
  const days = env["REKISHI_EXPORT_DAYS"];
  if (days && !(Number(days) > 0)) {
    throw new StartError(`REKISHI_EXPORT_DAYS is '${days}'; it must be a number of days.`);
  }
  const offload = offloadSettings(env);
  if (!offload.ok) {
    throw new StartError(offload.failure);
  }
  const limits = rateLimitSettings(env);
  if (!limits.ok) {
    throw new StartError(limits.failure);
  }
  const reachable = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return {
    host,
    port,
    dataFolder: env["REKISHI_DATA"] || ".rekishi",
    rootKey: env["REKISHI_ROOT_KEY"] || undefined,
    signingKeys: readSigningKeys(env["REKISHI_SIGNING_KEYS"]),
    hasPrivateIssuers: env["REKISHI_PRIVATE_ISSUERS"] === "true",
    url: `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`,
  };
}

function readSigningKeys(secret: string | undefined): string | undefined {
  const keys = secret ? signingKeys(secret) : undefined;
  if (keys !== undefined && !keys.ok) {
    throw new StartError(keys.failure.message);
  }
  return secret || undefined;
}

function assertOrigins(name: string, origins: readonly string[]): void {
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong !== undefined) {
    throw new StartError(
      `${name} has '${wrong}'; it must be an origin such as https://audit.example.com, without a path.`,
    );
  }
}
