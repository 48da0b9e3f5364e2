/**
 * A server to measure: the binary and configuration of `npm start`, the bundle of the bench Worker, a free port, and a
 * data folder of its own that goes when the server goes.
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type BundleSource, buildBundle, REPOSITORY } from "../server/bundle.ts";
import { type DataFolder, openDataFolder } from "../server/data-folder.ts";
import { waitUntilReady } from "../server/port.ts";
import type { Settings } from "../server/settings.ts";
import {
  spawnWorkerd,
  type WorkerObject,
  workerdBinary,
  writeWorkerdConfig,
} from "../server/workerd.ts";

const HOST = "127.0.0.1";
const BENCH_FOLDER = join(REPOSITORY, "dist/bench");
const BENCH_WORKER: BundleSource = {
  entry: "scripts/bench/worker.ts",
  folder: "dist/bench",
  aliases: {
    rekishi: "./src/index.ts",
    "rekishi/app": "./src/router/app.ts",
    "rekishi/append-coalescer": "./src/router/append-coalescer.ts",
    "rekishi/tenant": "./src/router/tenant.ts",
  },
};

const BENCH_OBJECTS: readonly WorkerObject[] = [
  { binding: "BENCH_OBJECT", className: "BenchObject", uniqueKey: "rekishi-BenchObject" },
];

/** The bundle of the bench Worker. @returns its path. */
export function buildBenchBundle(say: (text: string) => void): Promise<string> {
  return buildBundle(say, BENCH_WORKER);
}

export class BenchServer {
  readonly host = HOST;
  readonly port: number;
  readonly url: string;
  readonly rootKey: string;
  readonly #data: DataFolder;
  readonly #spawn: () => ChildProcess;
  #process: ChildProcess;

  private constructor(settings: Settings, data: DataFolder, spawn: () => ChildProcess) {
    this.port = settings.port;
    this.url = settings.url;
    this.rootKey = data.rootKey;
    this.#data = data;
    this.#spawn = spawn;
    this.#process = spawn();
  }

  /** @param environment settings of the Worker, such as `REKISHI_LOG_LEVEL`. Its log goes to /dev/null. */
  static async start(
    bundle: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<BenchServer> {
    const settings = await temporarySettings();
    const data = openDataFolder(settings);
    const config = writeWorkerdConfig(settings, data, bundle, BENCH_OBJECTS);
    const started = new BenchServer(settings, data, () =>
      spawnWorkerd(workerdBinary(), config, {
        stdout: "ignore",
        env: {
          ...process.env,
          ...environment,
          REKISHI_ROOT_KEY: data.rootKey,
          REKISHI_SIGNING_KEYS: data.signingKeys,
        },
      }),
    );
    try {
      await waitUntilReady(settings.url, started.#process);
    } catch (error) {
      await started.stop();
      started.removeData();
      throw error;
    }
    return started;
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) {
      throw new Error("workerd was not started.");
    }
    return pid;
  }

  get objectsPath(): string {
    return this.#data.objectsPath;
  }

  /** The data stays, so that it can be looked at. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await exit;
    }
  }

  /** Every object is evicted; the data stays. */
  async restart(): Promise<void> {
    await this.stop();
    this.#process = this.#spawn();
    await waitUntilReady(this.url, this.#process);
  }

  removeData(): void {
    rmSync(this.#data.path, { recursive: true, force: true });
  }
}

/** The data is in the repository, because many machines keep /tmp in memory, where making a write durable is free. */
async function temporarySettings(): Promise<Settings> {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const port = await freePort();
  return {
    host: HOST,
    port,
    dataFolder: mkdtempSync(join(BENCH_FOLDER, "data-")),
    signingKeys: undefined,
    rootKey: `rk_root_${randomBytes(24).toString("base64url")}`,
    hasPrivateIssuers: false,
    url: `http://${HOST}:${port}`,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") {
    throw new Error("No port is free.");
  }
  return address.port;
}
