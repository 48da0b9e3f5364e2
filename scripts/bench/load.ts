/**
 * The load process: sends requests to the server and measures how long the answers take.
 *
 * It is a process of its own, so that what it costs is not counted as the server's, and serves one order after the
 * other. All its events come from one corpus, so no order repeats an event of an earlier one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Corpus } from "./corpus.ts";
import { HttpConnection } from "./http-connection.ts";
import type { LoadMessage, LoadOrder, LoadResult } from "./load-messages.ts";
import { type RequestSource, requestSource } from "./load-requests.ts";
import { percentile } from "./statistics.ts";

const SEED = 20_261_122;
const corpus = new Corpus({ seed: SEED, startAt: Date.now() });

async function run(order: LoadOrder): Promise<LoadResult> {
  const source = requestSource(order, corpus);
  const connections = Array.from(
    { length: order.connections },
    () => new HttpConnection(order.host, order.port),
  );
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + order.seconds * 1_000;
  await Promise.all(
    connections.map((connection) => {
      const next = { source, pauseMs: order.pauseMs ?? 0 };
      return sendUntil(endsAt, connection, next, latencies);
    }),
  );
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  connections.forEach((connection) => connection.close());
  return {
    requests: latencies.length,
    events: latencies.length * source.eventsPerRequest,
    elapsedMs,
    p50: percentile(latencies, 50),
    p95: percentile(latencies, 95),
    p99: percentile(latencies, 99),
    loadCpuMicros: user + system,
  };
}

/** One answer that is not 200 ends the run: figures of failures are not worth having. */
async function sendUntil(
  endsAt: number,
  connection: HttpConnection,
  { source, pauseMs }: { readonly source: RequestSource; readonly pauseMs: number },
  latencies: number[],
): Promise<void> {
  while (performance.now() < endsAt) {
    const request = source.next();
    const sentAt = performance.now();
    const { status, text } = await connection.send(request);
    latencies.push(performance.now() - sentAt);
    if (status !== 200) {
      throw new Error(`The server answered ${status}:\n${text}`);
    }
    if (pauseMs > 0) {
      await sleep(pauseMs);
    }
  }
}

function report(message: LoadMessage): void {
  process.send?.(message);
}

process.on("message", (order: LoadOrder) => {
  void run(order).then(
    (result) => report({ type: "done", result }),
    (error: unknown) => report({ type: "failed", message: String(error) }),
  );
});
