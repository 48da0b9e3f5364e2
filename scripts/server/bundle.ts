/**
 * The Worker bundle: exactly what `wrangler deploy` would upload, in `dist/`. It is built again when anything that
 * goes into it is newer.
 */
import { execFile } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { StartError } from "./start-error.ts";

export const REPOSITORY = join(import.meta.dirname, "../..");

/** What is bundled, and where to. Paths are relative to the repository. */
export interface BundleSource {
  readonly entry: string;
  readonly folder: string;
  /** Modules that stand for the names on the left. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const PRODUCTION: BundleSource = { entry: "src/index.ts", folder: "dist" };

/** Keeps wrangler off the network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** @returns the path of the bundle. */
export async function buildBundle(
  say: (text: string) => void,
  source: BundleSource = PRODUCTION,
): Promise<string> {
  const bundle = join(REPOSITORY, source.folder, basename(source.entry).replace(/\.ts$/, ".js"));
  if (isFresh(bundle, source)) {
    return bundle;
  }
  say("building the Worker bundle …");
  const wrangler = join(REPOSITORY, "node_modules/wrangler/bin/wrangler.js");
  const args = [wrangler, "deploy", source.entry, "--dry-run", "--outdir", source.folder];
  for (const [name, module] of Object.entries(source.aliases ?? {})) {
    args.push("--alias", `${name}:${module}`);
  }
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
  return bundle;
}

function isFresh(bundle: string, source: BundleSource): boolean {
  if (!existsSync(bundle)) {
    return false;
  }
  const builtAt = statSync(bundle).mtimeMs;
  const sources = ["src/**/*.ts", join(dirname(source.entry), "**/*.ts")];
  const inputs = globSync([...sources, "package-lock.json", "wrangler.toml"], {
    cwd: REPOSITORY,
    exclude: ["src/dashboard/**"],
  });
  return inputs.every((file) => statSync(join(REPOSITORY, file)).mtimeMs < builtAt);
}
