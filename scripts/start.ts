/**
 * `npm start`: builds the Worker and serves it with the native workerd binary, objects on local disk.
 *
 * This process stays as the supervisor of workerd: it prepares the data folder, says when the server is ready, hands
 * signals on and ends when workerd ends. Settings are environment variables, listed in the README.
 */
import { spawn } from "node:child_process";
import { buildBundle } from "./server/bundle.ts";
import { openDataFolder } from "./server/data-folder.ts";
import { assertPortIsFree, waitUntilReady } from "./server/port.ts";
import { readSettings } from "./server/settings.ts";
import { StartError } from "./server/start-error.ts";
import { workerdBinary, writeWorkerdConfig } from "./server/workerd.ts";

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const workerd = workerdBinary();
  const data = openDataFolder(settings);
  await assertPortIsFree(settings.host, settings.port);
  const bundle = await buildBundle(say);
  const config = writeWorkerdConfig(settings, data, bundle);

  const server = spawn(workerd, ["serve", config], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, REKISHI_ROOT_KEY: data.rootKey },
  });
  data.lock(server.pid);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => server.kill("SIGTERM"));
  }
  server.on("exit", (code, signal) => {
    data.unlock();
    process.exitCode = signal === "SIGTERM" || code === 0 ? 0 : 1;
    say(process.exitCode === 0 ? "stopped." : `workerd ended with ${signal ?? `code ${code}`}.`);
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
