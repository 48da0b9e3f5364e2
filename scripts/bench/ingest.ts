/**
 * What it costs to take in events over HTTP: CPU of the server, throughput and latency.
 *
 * An event is compared with what the platform itself takes, an empty route and an empty RPC to the same object, side by
 * side in one run: scenarios take turns in several rounds, so that a noisy machine disturbs all alike. CPU is the
 * figure to trust, because the load and the server share the machine.
 */
import { BenchServer, buildBenchBundle } from "./bench-server.ts";
import { machineCpuMicros, processCpuMicros } from "./cpu.ts";
import { meanGroupSize } from "./group-size.ts";
import { ingestReport } from "./ingest-report.ts";
import {
  type Measurement,
  type Measurements,
  type Scenario,
  SCENARIOS,
  SINGLE,
} from "./ingest-scenarios.ts";
import { LoadProcess } from "./load-process.ts";
import type { Part, PartOptions, PartReport } from "./part.ts";

/** So long a scenario runs before it is measured: the compiler works beside the first ten thousand events. */
const WARM_UP_SECONDS = 2;
const EVENTS_WARM_UP_SECONDS = 8;

export const INGEST: Part = { name: "ingest", title: "Ingestion over HTTP", run: runIngest };

/** A server with a key that may write events. */
interface Target {
  readonly server: BenchServer;
  readonly apiKey: string;
}

async function runIngest({ rounds, say }: PartOptions): Promise<PartReport> {
  const bundle = await buildBenchBundle(say);
  const servers: BenchServer[] = [];
  const load = new LoadProcess();
  try {
    const main = await startTarget(bundle, "info", servers);
    const quiet = await startTarget(bundle, "error", servers);
    const measurements = await measureRounds(rounds, say, (scenario, seconds) =>
      measureOnce(load, scenario.isQuiet === true ? quiet : main, scenario, seconds),
    );
    await main.server.stop();
    const groupSize = meanGroupSize(main.server.objectsPath, SINGLE.organizationId);
    return ingestReport(measurements, groupSize);
  } finally {
    await load.stop();
    for (const server of servers) {
      await server.stop();
      server.removeData();
    }
  }
}

async function measureRounds(
  rounds: number,
  say: (text: string) => void,
  measure: (scenario: Scenario, seconds: number) => Promise<Measurement>,
): Promise<Measurements> {
  say("warming up …");
  for (const scenario of SCENARIOS) {
    const isOfEvents = scenario.storesEvents === true;
    await measure(scenario, isOfEvents ? EVENTS_WARM_UP_SECONDS : WARM_UP_SECONDS);
  }
  const measurements = new Map(SCENARIOS.map((scenario) => [scenario, [] as Measurement[]]));
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds} …`);
    for (const [scenario, measured] of measurements) {
      measured.push(await measure(scenario, scenario.seconds));
    }
  }
  return measurements;
}

async function measureOnce(
  load: LoadProcess,
  { server, apiKey }: Target,
  scenario: Scenario,
  seconds: number,
): Promise<Measurement> {
  const { kind, connections, organizationId } = scenario;
  const { host, port } = server;
  const [serverBefore, machineBefore] = [processCpuMicros(server.pid), machineCpuMicros()];
  const order = { kind, host, port, apiKey, organizationId, connections, seconds };
  const result = await load.run(order);
  const serverCpuMicros = processCpuMicros(server.pid) - serverBefore;
  const machineMicros = machineCpuMicros() - machineBefore;
  const otherCpuMicros = Math.max(0, machineMicros - serverCpuMicros - result.loadCpuMicros);
  return { ...result, serverCpuMicros, otherCpuMicros };
}

async function startTarget(
  bundle: string,
  logLevel: string,
  servers: BenchServer[],
): Promise<Target> {
  const server = await BenchServer.start(bundle, { REKISHI_LOG_LEVEL: logLevel });
  servers.push(server);
  const response = await fetch(`${server.url}/api_keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.rootKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "bench",
      scopes: ["events:read", "events:write", "organizations:write"],
    }),
  });
  const { key } = (await response.json()) as { key?: string };
  if (key === undefined) {
    throw new Error(`The server made no API key (status ${response.status}).`);
  }
  return { server, apiKey: key };
}
