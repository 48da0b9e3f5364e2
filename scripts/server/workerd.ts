/** The native workerd binary and its configuration. */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { DASHBOARD_FOLDER } from "../dashboard/build.ts";
import { REPOSITORY } from "./bundle.ts";
import type { DataFolder } from "./data-folder.ts";
import { type Settings, WORKER_SETTINGS } from "./settings.ts";
import { StartError } from "./start-error.ts";

/** The npm shim of workerd leaves the server behind when it is killed, so the binary is run itself. */
export function workerdBinary(): string {
  const cpu = process.arch === "x64" ? "64" : process.arch;
  const name = `@cloudflare/workerd-${process.platform === "win32" ? "windows" : process.platform}-${cpu}`;
  const executable = process.platform === "win32" ? "workerd.exe" : "workerd";
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const binary = join(manifest, "../bin", executable);
    if (existsSync(binary)) {
      return binary;
    }
  } catch {
    // Falls through to the message: the package is not there.
  }
  throw new StartError(
    `there is no workerd binary for ${process.platform} ${process.arch} (package ${name}). ` +
      "Run 'npm ci' without --omit=optional, on Linux, macOS or Windows with x64 or arm64.",
  );
}

/** The descriptor to which workerd writes what it does, such as that it listens. */
export const CONTROL_FD = 3;

export interface WorkerdOptions {
  /** What the Worker's settings are read from. */
  readonly env: NodeJS.ProcessEnv;
  /** Where the Worker's log goes. */
  readonly stdout: "inherit" | "ignore";
}

/** Starts workerd with a configuration that `writeWorkerdConfig` wrote. */
export function spawnWorkerd(
  binary: string,
  config: string,
  { env, stdout }: WorkerdOptions,
): ChildProcess {
  return spawn(binary, ["serve", `--control-fd=${CONTROL_FD}`, config], {
    stdio: ["ignore", stdout, "inherit", "pipe"],
    env,
  });
}

/** An object of the Worker: the binding, the class, and the key under which its files are stored for ever. */
export interface WorkerObject {
  readonly binding: string;
  readonly className: string;
  readonly uniqueKey: string;
}

const OBJECTS: readonly WorkerObject[] = [
  { binding: "TENANT_LOG", className: "TenantLog", uniqueKey: "rekishi-TenantLog" },
  { binding: "DIRECTORY", className: "Directory", uniqueKey: "rekishi-Directory" },
  { binding: "EXPORT", className: "Export", uniqueKey: "rekishi-Export" },
];

/** Writes the configuration and, beside it, the bundle it embeds. @returns the path of the configuration. */
export function writeWorkerdConfig(
  settings: Settings,
  data: DataFolder,
  bundle: string,
  moreObjects: readonly WorkerObject[] = [],
): string {
  const objects = [...OBJECTS, ...moreObjects];
  const path = join(data.path, "workerd.capnp");
  copyFileSync(bundle, join(data.path, "worker.js"));
  const namespaces = objects.map(
    ({ className, uniqueKey }) =>
      `(className = ${text(className)}, uniqueKey = ${text(uniqueKey)}, enableSql = true)`,
  );
  const bindings = [
    ...objects.map(
      ({ binding, className }) =>
        `(name = ${text(binding)}, durableObjectNamespace = ${text(className)})`,
    ),
    `(name = "REKISHI_BLOB_DISK", service = "blobs")`,
    `(name = "REKISHI_S3_NETWORK", service = "private-network")`,
    ...(settings.hasPrivateIssuers
      ? [`(name = "REKISHI_ISSUER_NETWORK", service = "private-network")`]
      : []),
    `(name = "ASSETS", service = "dashboard")`,
    ...WORKER_SETTINGS.map((name) => `(name = ${text(name)}, fromEnvironment = ${text(name)})`),
  ];
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "objects", disk = (path = ${text(data.objectsPath)}, writable = true)),
    (name = "blobs", disk = (path = ${text(data.blobsPath)}, writable = true)),
    # An S3 endpoint may be on a private address, and so may the keys of token issuers when a setting says so. A Worker's
    # own fetch must not reach one.
    (name = "private-network", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
    (name = "dashboard", disk = (path = ${text(DASHBOARD_FOLDER)})),
  ],
  sockets = [(name = "http", address = ${text(addressOf(settings))}, http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "worker.js")],
  compatibilityDate = ${text(compatibilityDate())},
  durableObjectNamespaces = [${namespaces.join(", ")}],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    ${bindings.join(",\n    ")},
  ],
);
`,
  );
  return path;
}

function addressOf({ host, port }: Settings): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Cap'n Proto's text literals are those of JSON for everything that occurs here. */
function text(value: string): string {
  return JSON.stringify(value);
}

function compatibilityDate(): string {
  const toml = readFileSync(join(REPOSITORY, "wrangler.toml"), "utf8");
  const date = /^compatibility_date = "([\d-]+)"/m.exec(toml)?.[1];
  if (date === undefined) {
    throw new Error("wrangler.toml has no compatibility_date.");
  }
  return date;
}
