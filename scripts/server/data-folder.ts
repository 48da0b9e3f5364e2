/**
 * The data folder: `objects/` (the SQLite files), `blobs/` (exports and offloaded segments), `root-key`, `signing-keys`, `workerd.capnp`, and `server.pid` while a server runs.
 * Two servers on one folder would both write its files, so the second refuses to start.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Settings } from "./settings.ts";
import { StartError } from "./start-error.ts";

export interface DataFolder {
  readonly path: string;
  readonly objectsPath: string;
  readonly blobsPath: string;
  readonly rootKey: string;
  readonly rootKeyFile: string;
  /** Generated just now. */
  readonly isRootKeyNew: boolean;
  readonly signingKeys: string;
  lock(pid: number | undefined): void;
  unlock(): void;
}

export function openDataFolder(settings: Settings): DataFolder {
  const path = resolve(settings.dataFolder);
  const objectsPath = join(path, "objects");
  const blobsPath = join(path, "blobs");
  const lockFile = join(path, "server.pid");
  const rootKeyFile = join(path, "root-key");
  try {
    mkdirSync(objectsPath, { recursive: true });
    mkdirSync(blobsPath, { recursive: true });
    writeFileSync(join(path, ".writable"), "");
    rmSync(join(path, ".writable"));
  } catch (error) {
    throw new StartError(
      `the data folder ${path} is not writable (${codeOf(error)}). Change its owner, or set REKISHI_DATA.`,
    );
  }
  takeLock(path, lockFile);
  const isRootKeyNew = settings.rootKey === undefined && !existsSync(rootKeyFile);
  return {
    path,
    objectsPath,
    blobsPath,
    rootKey: settings.rootKey ?? keptSecret(rootKeyFile, "rk_root_"),
    rootKeyFile,
    isRootKeyNew,
    signingKeys: settings.signingKeys ?? keptSecret(join(path, "signing-keys"), ""),
    lock: (pid) => writeFileSync(lockFile, `${pid}\n`),
    unlock: () => rmSync(lockFile, { force: true }),
  };
}

/** A secret that is generated once and kept in a file that only its owner reads. */
function keptSecret(file: string, prefix: string): string {
  if (!existsSync(file)) {
    const secret = prefix + randomBytes(24).toString("base64url");
    writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  }
  return readFileSync(file, "utf8").trim();
}

/** The file is made or refused in one step, so of two servers that start together one gets the folder. */
function takeLock(path: string, lockFile: string): void {
  try {
    writeFileSync(lockFile, `${process.pid}\n`, { flag: "wx" });
    return;
  } catch {
    // The file is there: of a server that runs, or of one that was killed.
  }
  const pid = Number(readFileSync(lockFile, "utf8"));
  if (pid > 0 && isServer(pid)) {
    throw new StartError(
      `the data folder ${path} is in use by the server with pid ${pid}. Stop it, or set REKISHI_DATA.`,
    );
  }
  rmSync(lockFile, { force: true });
  takeLock(path, lockFile);
}

/** A pid may have been given to another program since; where there is no /proc, a living process is enough. */
function isServer(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return /workerd|scripts\/start\.ts/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return true;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
