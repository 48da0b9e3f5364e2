/** A real server on a free port and a temporary data folder, and the ways in which it goes down and comes back. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { Client } from "./client.ts";
import {
  type Ending,
  type LogLine,
  ServerProcess,
  type Settings,
  TEST_FOLDER,
} from "./server-process.ts";

export class Server {
  readonly dataFolder = temporaryFolder();
  readonly #settings: Settings;
  readonly #past: ServerProcess[] = [];
  #port: number | undefined;
  #process: ServerProcess | undefined;

  constructor(settings: Settings = {}) {
    this.#settings = settings;
  }

  get port(): number {
    return given(this.#port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get rootKey(): string {
    return (
      this.#settings["REKISHI_ROOT_KEY"] ??
      readFileSync(join(this.dataFolder, "root-key"), "utf8").trim()
    );
  }

  /** The run under way, or the last one. */
  get process(): ServerProcess {
    return given(this.#process);
  }

  /** A client with the root key, or with the key given. */
  client(key: string = this.rootKey): Client {
    return new Client(this.url, key);
  }

  /** The structured log of this run. */
  logs(): LogLine[] {
    return this.process.logLines;
  }

  /** Everything that any run has printed. */
  output(): string {
    return this.#past.map((run) => run.output).join("");
  }

  /** @param settings for this run, over those of the server. */
  async start(settings: Settings = {}): Promise<void> {
    this.#port ??= await freePort();
    this.#process = new ServerProcess({
      REKISHI_PORT: String(this.#port),
      REKISHI_DATA: this.dataFolder,
      ...this.#settings,
      ...settings,
    });
    this.#past.push(this.#process);
    await this.#process.untilReady();
  }

  /** SIGTERM to the supervisor, as a service manager sends it. */
  async stop(): Promise<Ending> {
    this.process.signal("SIGTERM");
    return this.process.endedInTime();
  }

  /** `kill -9` of workerd. */
  async kill(): Promise<Ending> {
    process.kill(Number(readFileSync(join(this.dataFolder, "server.pid"), "utf8")), "SIGKILL");
    return this.process.endedInTime();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async dispose(): Promise<void> {
    this.#process?.signalAll("SIGKILL");
    await this.#process?.ended();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}

/** One server for all tests of a file. */
export function useServer(settings: Settings = {}): Server {
  const server = new Server(settings);
  beforeAll(() => server.start());
  afterAll(() => server.dispose());
  return server;
}

/** A server for one test. */
export async function startServer(settings: Settings = {}): Promise<Server> {
  const server = new Server(settings);
  onTestFinished(() => server.dispose());
  await server.start();
  return server;
}

/** Starts a server that is expected to end by itself. */
export function runToEnd(settings: Settings): Promise<Ending> {
  const run = new ServerProcess(settings);
  onTestFinished(() => run.signalAll("SIGKILL"));
  return run.endedInTime();
}

/** A folder that is gone when the test has ended. */
export function testFolder(): string {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A port below those that the system gives to outgoing connections, so that it is still free after a restart. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) {
      return port;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), TEST_FOLDER));
}

function given<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("The server was not started.");
  }
  return value;
}
