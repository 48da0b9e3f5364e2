/**
 * The server that the demo talks to: where it is, the key for it, and plain reads over HTTP.
 *
 * The settings are those of `npm start`, so that what starts a server also aims the demo at it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings, type Settings } from "../server/settings.ts";
import { StartError } from "../server/start-error.ts";
import { DemoError } from "./demo-error.ts";

const PROBE_TIMEOUT_MS = 5_000;

export interface Server {
  readonly url: URL;
  readonly key: string;
  /** How a shell gets the key, so that a command can be shown without the key in it. */
  readonly keyInShell: string;
  /** Where the key came from, in words. */
  readonly keySource: string;
}

/** Finds the server and its key in the environment, and makes sure that the server answers. */
export async function findServer(env: NodeJS.ProcessEnv): Promise<Server> {
  const settings = settingsOf(env);
  const url = URL.parse(env["REKISHI_URL"] || settings.url);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DemoError(
      `REKISHI_URL is '${env["REKISHI_URL"]}'; it must be like http://127.0.0.1:8787.`,
    );
  }
  await assertAnswers(url);
  return { url, ...findKey(settings) };
}

/** Reads a resource as JSON. Anything but a success is a `DemoError` with what the server said. */
export async function readJson<T>(server: Server, path: string): Promise<T> {
  const response = await fetch(new URL(path, server.url), {
    headers: { authorization: `Bearer ${server.key}` },
  });
  if (!response.ok) {
    throw new DemoError(
      `the server answered ${response.status} to GET ${path}: ${await response.text()}`,
    );
  }
  return (await response.json()) as T;
}

function settingsOf(env: NodeJS.ProcessEnv): Settings {
  try {
    return readSettings(env);
  } catch (error) {
    throw error instanceof StartError ? new DemoError(error.message, { cause: error }) : error;
  }
}

async function assertAnswers(url: URL): Promise<void> {
  let status: number;
  try {
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    status = (await fetch(new URL("/health", url), { signal })).status;
  } catch (error) {
    throw new DemoError(
      `no server answers on ${url.origin}. Run 'npm start' in another terminal, or set REKISHI_URL.`,
      { cause: error },
    );
  }
  if (status !== 200) {
    throw new DemoError(
      `${url.origin}/health answered ${status} instead of 200. Set REKISHI_URL to a rekishi server.`,
    );
  }
}

function findKey(settings: Settings): Pick<Server, "key" | "keyInShell" | "keySource"> {
  if (settings.rootKey !== undefined) {
    return {
      key: settings.rootKey,
      keyInShell: "$REKISHI_ROOT_KEY",
      keySource: "REKISHI_ROOT_KEY",
    };
  }
  const file = join(settings.dataFolder, "root-key");
  const key = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (key === "") {
    throw new DemoError(
      `there is no key in ${file}. Set REKISHI_ROOT_KEY, or REKISHI_DATA to the server's data folder.`,
    );
  }
  return { key, keyInShell: `$(cat ${shellWord(file)})`, keySource: file };
}

function shellWord(text: string): string {
  return /^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
