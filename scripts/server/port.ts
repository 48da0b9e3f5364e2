/** Whether the port can be had, and when the server on it answers. */
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "./start-error.ts";
import { CONTROL_FD } from "./workerd.ts";

const READY_TIMEOUT_MS = 30_000;

export async function assertPortIsFree(host: string, port: number): Promise<void> {
  const code = await new Promise<string | undefined>((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
  if (code === "EADDRINUSE") {
    throw new StartError(
      `port ${port} on ${host} is taken. Stop what uses it, or set REKISHI_PORT.`,
    );
  }
  if (code !== undefined) {
    throw new StartError(
      `cannot listen on ${host}:${port} (${code}). Set REKISHI_HOST or REKISHI_PORT.`,
    );
  }
}

/**
 * Waits until this very server answers. Another one that got the port in the same moment would answer too, so first
 * the server itself says that it listens.
 *
 * @param server as `spawnWorkerd` starts it.
 */
export async function waitUntilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let events = "";
  server.stdio[CONTROL_FD]?.on("data", (text: Buffer) => {
    events += text.toString();
  });
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new StartError("workerd ended before it was ready; its message is above.");
    }
    if (events.includes('"event":"listen"') && (await isHealthy(url))) {
      return;
    }
    await sleep(25);
  }
  server.kill("SIGKILL");
  throw new StartError(`the server did not answer on ${url} within 30 seconds.`);
}

function isHealthy(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (response) => response.ok,
    () => false,
  );
}
