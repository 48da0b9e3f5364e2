/** A native workerd with the real Worker in which a test has changed one thing. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { onTestFinished } from "vitest";
import { REPOSITORY } from "../../scripts/server/bundle.ts";
import { openDataFolder } from "../../scripts/server/data-folder.ts";
import { waitUntilReady } from "../../scripts/server/port.ts";
import { readSettings } from "../../scripts/server/settings.ts";
import { spawnWorkerd, workerdBinary, writeWorkerdConfig } from "../../scripts/server/workerd.ts";
import { Client } from "./client.ts";
import { freePort, testFolder } from "./server.ts";

const ROOT_KEY = "rk_root_changed";

/** The Worker with `POST /test/reset?<organization>`, which resets a log's object. */
export const RESETTABLE = `
  import worker, { TenantLog as Log } from "./src/index.ts";
  export * from "./src/index.ts";
  export class TenantLog extends Log {
    reset() { this.ctx.abort("A test resets this object."); }
  }
  export default {
    async fetch(request, env, context) {
      const { pathname, search } = new URL(request.url);
      if (pathname !== "/test/reset") return worker.fetch(request, env, context);
      await env.TENANT_LOG.getByName(search.slice(1)).reset().catch(() => undefined);
      return new Response("reset");
    },
  };`;

/**
 * @param worker a module in the place of `src/index.ts`, which has what that exports.
 * @returns a client with every scope, for one test.
 */
export async function startChangedServer(worker: string): Promise<Client> {
  const folder = testFolder();
  const bundle = join(folder, "changed.js");
  buildSync({
    stdin: { contents: worker, resolveDir: REPOSITORY, loader: "js" },
    outfile: bundle,
    bundle: true,
    format: "esm",
    external: ["node:*", "cloudflare:*"],
  });
  const settings = readSettings({
    REKISHI_PORT: String(await freePort()),
    REKISHI_DATA: join(folder, "data"),
    REKISHI_ROOT_KEY: ROOT_KEY,
  });
  const config = writeWorkerdConfig(settings, openDataFolder(settings), bundle);
  const env = { ...process.env, REKISHI_ROOT_KEY: ROOT_KEY };
  const server = spawnWorkerd(workerdBinary(), config, { env, stdout: "ignore" });
  onTestFinished(() => stop(server));
  await waitUntilReady(settings.url, server);
  return new Client(settings.url, ROOT_KEY);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  }
}
