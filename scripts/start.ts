/**
 * `npm start`: builds the Worker and serves it with the native workerd binary, objects on local disk.
 *
 * This process stays as the supervisor of workerd: it prepares the data folder, says when the server is ready, hands
 * signals on and ends when workerd ends. Settings are environment variables, listed in the README.
 */
import { buildDashboard } from "./dashboard/build.ts";
import { buildBundle } from "./server/bundle.ts";
import { type DataFolder, openDataFolder } from "./server/data-folder.ts";
import { assertPortIsFree, waitUntilReady } from "./server/port.ts";
import { readSettings, type Settings } from "./server/settings.ts";
import { StartError } from "./server/start-error.ts";
import { spawnWorkerd, workerdBinary, writeWorkerdConfig } from "./server/workerd.ts";

/** How long workerd may take to end: it waits for open WebSockets, which may never close. */
const STOP_GRACE_MS = 2_000;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const workerd = workerdBinary();
  const data = openDataFolder(settings);
  try {
    await assertPortIsFree(settings.host, settings.port);
    await buildDashboard(say);
    const bundle = await buildBundle(say);
    const config = writeWorkerdConfig(settings, data, bundle);
    await serve(workerd, config, settings, data);
  } catch (error) {
    data.unlock();
    throw error;
  }
}

async function serve(
  workerd: string,
  config: string,
  settings: Settings,
  data: DataFolder,
): Promise<void> {
  const env = {
    ...process.env,
    REKISHI_ROOT_KEY: data.rootKey,
    REKISHI_SIGNING_KEYS: data.signingKeys,
  };
  const server = spawnWorkerd(workerd, config, { env, stdout: "inherit" });
  data.lock(server.pid);
  let isStopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      isStopping = true;
      server.kill("SIGTERM");
      // Nothing is lost by it: what was acknowledged is on disk.
      setTimeout(() => server.kill("SIGKILL"), STOP_GRACE_MS).unref();
    });
  }
  server.on("exit", (code, signal) => {
    data.unlock();
    // Ctrl-C reaches workerd too, and perhaps before it reaches this process.
    const isAsked = isStopping || code === 0 || signal === "SIGINT" || signal === "SIGTERM";
    process.exitCode = isAsked ? 0 : 1;
    say(isAsked ? "stopped." : `workerd ended with ${signal ?? `code ${code}`}.`);
  });

  await waitUntilReady(settings.url, server);
  if (data.isRootKeyNew) {
    say(`root key, shown this once and kept in ${data.rootKeyFile}:\n\n    ${data.rootKey}\n`);
  }
  say(`ready on ${settings.url}`);
}

function say(text: string): void {
  process.stdout.write(`rekishi: ${text}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) {
    throw error;
  }
  process.stderr.write(`rekishi: ${error.message}\n`);
  process.exitCode = 1;
}
