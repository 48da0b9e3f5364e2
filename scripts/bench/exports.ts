/**
 * What an export costs, and what it does to the appends of the same organization meanwhile.
 *
 * A log is filled over HTTP and exported in both formats, in turns. CPU is the figure to trust. Then single events are
 * sent at a pace that a busy organization has, without and with an export under way, on the same server.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { BenchServer, buildBenchBundle } from "./bench-server.ts";
import { processCpuMicros } from "./cpu.ts";
import { type ExportMeasurement, exportsReport } from "./exports-report.ts";
import type { LoadResult } from "./load-messages.ts";
import { LoadProcess } from "./load-process.ts";
import type { Part, PartOptions, PartReport } from "./part.ts";

const ORGANIZATION = "org_bench_exports";
const FORMATS = ["csv", "ndjson"] as const;
type Format = (typeof FORMATS)[number];

const FILL_SECONDS = 5;
const FILL_CONNECTIONS = 4;
/** Some 150 events a second, where the mean of a large organization is one or two. */
const PACED = { connections: 8, pauseMs: 50, seconds: 8 };
const POLL_MS = 200;
const IDLE_MS = 1_000;
const IDLE_SHARE = 0.02;
const DAY_MS = 86_400_000;

export const EXPORTS: Part = { name: "exports", title: "Exports", run: runExports };

async function runExports({ rounds, events, say }: PartOptions): Promise<PartReport> {
  const server = await BenchServer.start(await buildBenchBundle(say), {
    REKISHI_LOG_LEVEL: "error",
  });
  const load = new LoadProcess();
  try {
    const bench = new ExportBench(server, load);
    say(`storing ${events} events …`);
    const stored = await bench.fill(events);
    await bench.untilIdle();
    const measurements: ExportMeasurement[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const format of FORMATS) {
        say(`round ${round} of ${rounds}: ${format} …`);
        measurements.push(await bench.measure(format));
      }
    }
    say("appends without and with an export …");
    const appends = await bench.measureAppends();
    return exportsReport({ stored, measurements, ...appends });
  } finally {
    await load.stop();
    await server.stop();
    server.removeData();
  }
}

interface Answer {
  readonly id: string;
  readonly state: string;
  readonly events: number;
  readonly size: number;
}

class ExportBench {
  readonly #server: BenchServer;
  readonly #load: LoadProcess;

  constructor(server: BenchServer, load: LoadProcess) {
    this.#server = server;
    this.#load = load;
  }

  /** @returns how many events there are now. */
  async fill(events: number): Promise<number> {
    for (let stored = 0; ;) {
      const result = await this.#send("batch", {
        connections: FILL_CONNECTIONS,
        seconds: FILL_SECONDS,
      });
      stored += result.events;
      if (stored >= events) {
        return stored;
      }
    }
  }

  /** What was stored is sealed in the background, which would be counted as the export's. */
  async untilIdle(): Promise<void> {
    for (let used = Infinity; used > IDLE_SHARE * IDLE_MS * 1_000;) {
      const before = processCpuMicros(this.#server.pid);
      await sleep(IDLE_MS);
      used = processCpuMicros(this.#server.pid) - before;
    }
  }

  async measure(format: Format): Promise<ExportMeasurement> {
    resetPeakMemory(this.#server.pid);
    const residentBefore = memoryBytes(this.#server.pid, "VmRSS");
    const cpuBefore = processCpuMicros(this.#server.pid);
    const startedAt = performance.now();
    const { events, size } = await this.#untilReady(await this.#create(format));
    return {
      format,
      events,
      size,
      elapsedMs: performance.now() - startedAt,
      cpuMicros: processCpuMicros(this.#server.pid) - cpuBefore,
      residentBefore,
      residentPeak: memoryBytes(this.#server.pid, "VmHWM"),
    };
  }

  async measureAppends(): Promise<{
    readonly alone: LoadResult;
    readonly beside: LoadResult;
    readonly wasExportRunning: boolean;
  }> {
    const alone = await this.#send("single", PACED);
    const id = await this.#create("csv");
    const beside = await this.#send("single", PACED);
    const { state } = await this.#get(id);
    await this.#untilReady(id);
    return { alone, beside, wasExportRunning: state === "pending" };
  }

  #send(
    kind: "batch" | "single",
    pace: { connections: number; seconds: number; pauseMs?: number },
  ) {
    const { host, port, rootKey: apiKey } = this.#server;
    return this.#load.run({ kind, host, port, apiKey, organizationId: ORGANIZATION, ...pace });
  }

  async #create(format: Format): Promise<string> {
    const now = Date.now();
    const answer = await this.#call("POST", "", {
      organization_id: ORGANIZATION,
      range_start: new Date(now - 300 * DAY_MS).toISOString(),
      range_end: new Date(now + 60 * DAY_MS).toISOString(),
      format,
    });
    return answer.id;
  }

  async #untilReady(id: string): Promise<Answer> {
    for (;;) {
      const answer = await this.#get(id);
      if (answer.state !== "pending") {
        if (answer.state !== "ready") {
          throw new Error(`The export ended with ${JSON.stringify(answer)}.`);
        }
        return answer;
      }
      await sleep(POLL_MS);
    }
  }

  #get(id: string): Promise<Answer> {
    return this.#call("GET", `/${id}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#server.url}/audit_logs/exports${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#server.rootKey}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`The server answered ${response.status}: ${await response.text()}`);
    }
    return (await response.json()) as Answer;
  }
}

/** @param name `VmRSS` for what is resident now, `VmHWM` for the peak. */
function memoryBytes(pid: number, name: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
}

/** Linux counts the peak from here on. */
function resetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
