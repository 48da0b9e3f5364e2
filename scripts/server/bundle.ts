/**
 * The Worker bundle: exactly what `wrangler deploy` would upload, in `dist/`. It is built again when anything that
 * goes into it is newer.
 */
import { execFile } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { StartError } from "./start-error.ts";

export const REPOSITORY = join(import.meta.dirname, "../..");
const BUNDLE = join(REPOSITORY, "dist/index.js");

/** Keeps wrangler off the network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** @returns the path of the bundle. */
export async function buildBundle(say: (text: string) => void): Promise<string> {
  if (isFresh()) {
    return BUNDLE;
  }
  say("building the Worker bundle …");
  const wrangler = join(REPOSITORY, "node_modules/wrangler/bin/wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--outdir", "dist"];
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: REPOSITORY,
      env: { ...process.env, ...OFFLINE },
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new StartError(
      `the bundle could not be built:\n${stdout ?? ""}${stderr ?? String(error)}`,
    );
  }
  return BUNDLE;
}

function isFresh(): boolean {
  if (!existsSync(BUNDLE)) {
    return false;
  }
  const builtAt = statSync(BUNDLE).mtimeMs;
  const inputs = globSync(["src/**/*.ts", "package-lock.json", "wrangler.toml"], {
    cwd: REPOSITORY,
  });
  return inputs.every((file) => statSync(join(REPOSITORY, file)).mtimeMs < builtAt);
}
