/** A native workerd with the Worker of `worker.ts`: it starts, is killed, and starts again on the same folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { workerdBinary } from "../../../scripts/server/workerd.ts";
import { RemoteStore } from "./remote-store.ts";

export interface BlobServerOptions {
  /** Text bindings of the Worker. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly isDiskWritable?: boolean;
}

export class BlobServer {
  readonly folder = mkdtempSync(join(tmpdir(), "rekishi-blob-"));
  /** What the disk service serves. */
  readonly blobs = join(this.folder, "blobs");
  readonly #config = join(this.folder, "workerd.capnp");
  #process: ChildProcess | undefined;
  #url = "";

  constructor(options: BlobServerOptions = {}) {
    mkdirSync(this.blobs);
    buildSync({
      entryPoints: [join(import.meta.dirname, "worker.ts")],
      outfile: join(this.folder, "worker.js"),
      bundle: true,
      format: "esm",
      external: ["node:*"],
    });
    writeFileSync(this.#config, configText(this.blobs, options));
    process.once("exit", () => this.#process?.kill("SIGKILL"));
  }

  store(kind: "s3" | "disk"): RemoteStore {
    return new RemoteStore(kind, () => this.#url);
  }

  async start(): Promise<void> {
    const child = spawn(workerdBinary(), ["serve", this.#config, "--control-fd=3"], {
      stdio: ["ignore", "inherit", "pipe", "pipe"],
    });
    this.#process = child;
    this.#url = `http://127.0.0.1:${await portOf(child)}`;
  }

  /** `kill -9`, so that nothing is tidied up. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => {
        child.once("exit", resolve);
      });
      child.kill("SIGKILL");
      await ended;
    }
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** workerd writes where it listens to the control descriptor, one JSON object per line. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let [events, errors] = ["", ""];
    child.stderr?.on("data", (text: Buffer) => (errors += text.toString()));
    child.stdio[3]?.on("data", (text: Buffer) => {
      events += text.toString();
      const port = /"event":"listen","socket":"http","port":(\d+)/.exec(events)?.[1];
      if (port !== undefined) {
        resolve(Number(port));
      }
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`workerd ended:\n${errors}`)));
  });
}

function configText(
  blobs: string,
  { settings = {}, timeoutMs = 15_000, isDiskWritable = true }: BlobServerOptions,
): string {
  const texts = Object.entries({ ...settings, BLOB_TIMEOUT_MS: String(timeoutMs) }).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "blobs", disk = (path = ${JSON.stringify(blobs)}, writable = ${isDiskWritable})),
    (name = "s3-network", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-22",
  bindings = [
    (name = "REKISHI_BLOB_DISK", service = "blobs"),
    (name = "REKISHI_S3_NETWORK", service = "s3-network"),
    ${texts.join(",\n    ")},
  ],
);
`;
}
