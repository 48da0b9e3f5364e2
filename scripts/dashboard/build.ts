/**
 * Builds the dashboard into `dist/dashboard`: `index.html`, scripts and styles whose names are the hash of what is in
 * them, and `embed.js`, the element with which other sites show it. It is built again when anything that goes into it is newer.
 *
 * `npm start` calls it, and so does wrangler before it bundles, serves or deploys (`[build]` in wrangler.toml). Run by
 * hand, `node scripts/dashboard/build.ts --force` builds in any case and says how large the first load is.
 */
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

const REPOSITORY = join(import.meta.dirname, "../..");
const SOURCE = join(REPOSITORY, "src/dashboard");
export const DASHBOARD_FOLDER = join(REPOSITORY, "dist/dashboard");

/** Script and style that the browser needs before it can show anything, compressed. */
export const FIRST_LOAD_BYTES_MAX = 60 * 1024;

const BROWSERS = ["chrome123", "firefox127", "safari17.5"];

/** The names of the modules in `src/dashboard/i18n` that hold words. */
const LANGUAGES = ["en", "ja"];

/** What one build made. */
export interface DashboardFiles {
  /** Names in `assets/`, the entry first. */
  readonly scripts: readonly string[];
  readonly style: string;
  readonly icon: string;
  /** Scripts and style of the first load, compressed. */
  readonly firstLoadBytes: number;
}

/** Builds unless the last build is newer than everything that goes into it. Throws where the budget is exceeded. */
export async function buildDashboard(
  say: (text: string) => void,
  options: { readonly isForced?: boolean } = {},
): Promise<DashboardFiles> {
  const manifestFile = join(DASHBOARD_FOLDER, "manifest.json");
  if (options.isForced !== true && isFresh(manifestFile)) {
    return JSON.parse(readFileSync(manifestFile, "utf8")) as DashboardFiles;
  }
  say("building the dashboard …");
  rmSync(DASHBOARD_FOLDER, { recursive: true, force: true });
  mkdirSync(DASHBOARD_FOLDER, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: REPOSITORY,
    entryPoints: { main: join(SOURCE, "main.tsx"), icon: join(SOURCE, "icon.svg") },
    outdir: join(DASHBOARD_FOLDER, "assets"),
    bundle: true,
    splitting: true,
    format: "esm",
    target: BROWSERS,
    minify: true,
    charset: "utf8",
    metafile: true,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: [join(SOURCE, "embed/element.ts")],
    // Other sites load it, so its name stays.
    outfile: join(DASHBOARD_FOLDER, "embed.js"),
    bundle: true,
    format: "esm",
    target: BROWSERS,
    minify: true,
    legalComments: "none",
  });
  const files = filesOf(metafile);
  if (files.firstLoadBytes > FIRST_LOAD_BYTES_MAX) {
    throw new Error(
      `The dashboard's first load is ${files.firstLoadBytes} bytes compressed; at most ${FIRST_LOAD_BYTES_MAX} are allowed. Load what is not needed at once with import().`,
    );
  }
  writeFileSync(join(DASHBOARD_FOLDER, "index.html"), page(files));
  writeFileSync(manifestFile, JSON.stringify(files, null, 2));
  return files;
}

function filesOf(metafile: Metafile): DashboardFiles {
  const entry = outputOf(metafile, (name) => /^main-.*\.js$/.test(name));
  const style = outputOf(metafile, (name) => /^main-.*\.css$/.test(name));
  const icon = outputOf(metafile, (name) => name.endsWith(".svg"));
  const scripts = withStaticImports(metafile, entry);
  const always = [...scripts, style].reduce((sum, file) => sum + compressedBytes(file), 0);
  // The words of one language are loaded, so the longest count.
  const words = LANGUAGES.map((language) =>
    outputOf(metafile, (name) => name.startsWith(`${language}-`)),
  );
  const firstLoadBytes = always + Math.max(...words.map(compressedBytes));
  return {
    scripts: scripts.map((file) => basename(file)),
    style: basename(style),
    icon: basename(icon),
    firstLoadBytes,
  };
}

function compressedBytes(file: string): number {
  return gzipSync(readFileSync(join(REPOSITORY, file)), { level: 9 }).length;
}

function outputOf(metafile: Metafile, isWanted: (name: string) => boolean): string {
  const file = Object.keys(metafile.outputs).find((path) => isWanted(basename(path)));
  if (file === undefined) {
    throw new Error("The build of the dashboard lacks a file that its page needs.");
  }
  return file;
}

/** The script and all that it imports before it runs; what it loads later with `import()` is not among it. */
function withStaticImports(metafile: Metafile, entry: string): string[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) {
      if (kind === "import-statement") {
        found.add(path);
      }
    }
  }
  return [...found];
}

function page({ scripts, style, icon }: DashboardFiles): string {
  const [entry, ...imported] = scripts;
  const preloads = imported.map((name) => `<link rel="modulepreload" href="/assets/${name}" />`);
  return readFileSync(join(SOURCE, "index.html"), "utf8")
    .replace("<!-- preloads -->", preloads.join("\n    "))
    .replace("icon.svg", `assets/${icon}`)
    .replace("main.css", `assets/${style}`)
    .replace("main.tsx", `assets/${entry}`);
}

function isFresh(manifestFile: string): boolean {
  const builtAt = statSync(manifestFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const inputs = globSync(
    ["src/{dashboard,query,kernel}/**/*.*", "scripts/dashboard/build.ts", "package-lock.json"],
    { cwd: REPOSITORY },
  );
  return inputs.every((file) => statSync(join(REPOSITORY, file)).mtimeMs < builtAt);
}

if (process.argv[1] === import.meta.filename) {
  const { firstLoadBytes } = await buildDashboard((text) => process.stdout.write(`${text}\n`), {
    isForced: process.argv.includes("--force"),
  });
  const kilobytes = (firstLoadBytes / 1024).toFixed(1);
  process.stdout.write(`dashboard: first load ${kilobytes} KB compressed\n`);
}
