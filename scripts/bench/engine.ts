/**
 * What the engine costs inside the object, beside the usual design: the same events in the same kind of object, first
 * as a log, then as rows with indexes, then as rows with a full-text index too.
 *
 * Layouts take turns; each has a server of its own, so CPU is that of one layout. Only appending is counted, not the
 * making of events, and every commit is flushed to disk.
 */
import type { EventFilter } from "../../src/contract/event-query.ts";
import { auditEvent } from "../demo/audit-event.ts";
import { readDeliveries } from "../demo/payloads.ts";
import { BenchServer, buildBenchBundle } from "./bench-server.ts";
import { processCpuMicros, processCpuNanos } from "./cpu.ts";
import type { Answered, Appended, Command, CorpusName, Purged } from "./engine/commands.ts";
import {
  type Answer,
  type EngineFigures,
  engineReport,
  type Filled,
} from "./engine/engine-report.ts";
import type { LayoutName } from "./engine/layout.ts";
import type { Question, Questions } from "./engine/questions.ts";
import type { Part, PartOptions, PartReport } from "./part.ts";
import { median } from "./statistics.ts";

export const ENGINE: Part = {
  name: "engine",
  title: "The engine beside rows with indexes, in the object",
  run: runEngine,
};

const BATCH = 1_000;
/** Events are made for so many at once; a multiple of the batch. */
const CHUNK = 5_000;
const SINGLES = 10_000;
/** 100,000 events a day. */
const MEAN_GAP_MS = 864;
/** One kind of question is not asked again after this: a slow one is asked once for each of its filters, or less often. */
const ASK_MS_MAX = 10_000;
/** How often the filling of an object is reported. */
const PROGRESS_STEPS = 10;
const OBJECT = "log";
const SINGLES_OBJECT = "singles";

async function runEngine(options: PartOptions): Promise<PartReport> {
  const bundle = await buildBenchBundle(options.say);
  const figures: EngineFigures[] = [];
  for (const corpus of options.corpora) {
    for (const layout of options.layouts) {
      options.say(`${corpus}, ${layout}, ${options.events.toLocaleString("en")} events …`);
      figures.push(await measureLayout(bundle, layout, corpus, options));
    }
  }
  return engineReport(figures);
}

async function measureLayout(
  bundle: string,
  layout: LayoutName,
  corpus: CorpusName,
  { events, rounds, say }: PartOptions,
): Promise<EngineFigures> {
  const server = await BenchServer.start(bundle, { REKISHI_LOG_LEVEL: "error" });
  const open = openCommand(layout, corpus);
  try {
    const singles = await holding(server, SINGLES_OBJECT, async () => {
      await tell(server, SINGLES_OBJECT, open);
      return fill(server, SINGLES_OBJECT, SINGLES, 1, say);
    });
    const asked = await holding(server, OBJECT, async () => {
      await tell(server, OBJECT, open);
      const batches = await fill(server, OBJECT, events, BATCH, say);
      const questions = await tell<Questions>(server, OBJECT, { do: "questions" });
      say("  searching and counting …");
      const searches = await ask(server, { do: "search", rounds, say }, questions.searches);
      const stats = await ask(server, { do: "stats", rounds, say }, questions.stats);
      return { batches, searches, stats };
    });
    await server.restart();
    const wakeMs = await tell<number>(server, OBJECT, { do: "wake", layout });
    say("  purging a tenth …");
    const purge = await holding(server, OBJECT, async () => {
      await tell(server, OBJECT, open);
      const before = processCpuNanos(server.pid);
      const purged = await tell<Purged>(server, OBJECT, { do: "purge", fraction: 0.1, events });
      return { ...purged, cpuMs: (processCpuNanos(server.pid) - before) / 1_000_000 };
    });
    return { layout, corpus, events, singles, ...asked, wakeMs, purge };
  } finally {
    await server.stop();
    server.removeData();
  }
}

/** Does something while the object has a request under way, because a busy object is evicted when it has none. */
async function holding<T>(server: BenchServer, object: string, body: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const holdOn = async () => {
    while (!done.signal.aborted) {
      await tell(server, object, { do: "hold" });
    }
  };
  const held = holdOn();
  try {
    return await body();
  } finally {
    done.abort();
    await tell(server, object, { do: "release" });
    await held;
  }
}

function openCommand(layout: LayoutName, corpus: CorpusName): Command {
  const templates = corpus === "github" ? githubTemplates() : [];
  return { do: "open", layout, corpus, meanGapMs: MEAN_GAP_MS, templates };
}

function githubTemplates() {
  return readDeliveries()
    .map(auditEvent)
    .filter((event) => event !== undefined)
    .map((event) => JSON.parse(JSON.stringify(event)) as Record<string, never>);
}

async function fill(
  server: BenchServer,
  object: string,
  events: number,
  batch: number,
  say: (text: string) => void,
): Promise<Filled> {
  let [ms, cpuMicros, rowsWritten, bytes] = [0, 0, 0, 0];
  for (let done = 0; done < events; done += CHUNK) {
    const count = Math.min(CHUNK, events - done);
    // The beginning and the end are looked at to choose questions.
    const isSampled = done === 0 || done + CHUNK >= events;
    await tell(server, object, { do: "prepare", count, isSampled });
    const before = processCpuMicros(server.pid);
    const appended = await tell<Appended>(server, object, { do: "append", batch });
    cpuMicros += processCpuMicros(server.pid) - before;
    ms += appended.ms;
    rowsWritten += appended.rowsWritten;
    bytes = appended.bytes;
    if ((done + count) % Math.max(events / PROGRESS_STEPS, CHUNK) === 0) {
      say(`  ${(done + count).toLocaleString("en")} events stored`);
    }
  }
  return { events, ms, cpuMicros, rowsWritten, bytes };
}

async function ask(
  server: BenchServer,
  how: Pick<PartOptions, "rounds" | "say"> & { readonly do: "search" | "stats" },
  questions: readonly Question[],
): Promise<EngineFigures["searches"]> {
  const asked: { readonly name: string; readonly answers: readonly Answer[] }[] = [];
  for (const { name, filters } of questions) {
    const answers = await askOften(server, how, filters);
    how.say(`  ${name}: ${median(answers.map(({ ms }) => ms))} ms`);
    asked.push({ name, answers });
  }
  return asked;
}

async function askOften(
  server: BenchServer,
  { do: what, rounds }: { readonly do: "search" | "stats"; readonly rounds: number },
  filters: readonly EventFilter[],
): Promise<Answer[]> {
  const endsAt = Date.now() + ASK_MS_MAX;
  // The first answer does not count: code that was never run, and pages that were never read. It does when it is slow.
  const first = await askOnce(server, what, filters[0] ?? {});
  const answers: Answer[] = [];
  for (const filter of Array.from({ length: rounds }, () => filters).flat()) {
    if (Date.now() >= endsAt) {
      break;
    }
    answers.push(await askOnce(server, what, filter));
  }
  return answers.length === 0 ? [first] : answers;
}

async function askOnce(
  server: BenchServer,
  what: "search" | "stats",
  filter: EventFilter,
): Promise<Answer> {
  const before = processCpuNanos(server.pid);
  const answered = await tell<Answered>(server, OBJECT, { do: what, filter });
  return { ...answered, cpuMs: (processCpuNanos(server.pid) - before) / 1_000_000 };
}

async function tell<Told>(server: BenchServer, object: string, command: Command): Promise<Told> {
  const response = await fetch(`${server.url}/bench/object?${object}`, {
    method: "PUT",
    body: JSON.stringify(command),
  });
  if (!response.ok) {
    throw new Error(`The bench object answered ${response.status} to ${command.do}.`);
  }
  return (await response.json()) as Told;
}
