/**
 * `npm run bench`: measures what rekishi costs, with figures that can be compared from one change to the next.
 *
 *     npm run bench                                  all parts
 *     npm run bench -- ingest --rounds 3             one part
 *     npm run bench -- ingest --json result.json     everything that was measured, too
 *     npm run bench -- exports --events 1000000 --rounds 1
 *     npm run bench -- engine --events 1000000 --layouts engine,rows+fts --corpora documents --markdown report.md
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ENGINE } from "./bench/engine.ts";
import { CORPORA } from "./bench/engine/commands.ts";
import { LAYOUTS } from "./bench/engine/layout.ts";
import { EXPORTS } from "./bench/exports.ts";
import { INGEST } from "./bench/ingest.ts";
import type { Part } from "./bench/part.ts";
import { StartError } from "./server/start-error.ts";

const PARTS: readonly Part[] = [INGEST, ENGINE, EXPORTS];
const ROUNDS = "5";
const EVENTS = "100000";

async function main(): Promise<void> {
  const { positionals: names, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "string" },
      markdown: { type: "string" },
      rounds: { type: "string", default: ROUNDS },
      events: { type: "string", default: EVENTS },
      layouts: { type: "string", default: LAYOUTS.join() },
      corpora: { type: "string", default: CORPORA.join() },
    },
  });
  const parts = chosenParts(names);
  const options = {
    rounds: countOf("rounds", values.rounds),
    events: countOf("events", values.events),
    layouts: choicesOf("layouts", values.layouts, LAYOUTS),
    corpora: choicesOf("corpora", values.corpora, CORPORA),
    say,
  };
  const results: Record<string, unknown> = { at: new Date().toISOString(), machine: machine() };
  for (const part of parts) {
    say(part.title);
    const report = await part.run(options);
    process.stdout.write(`\n${report.text}\n\n`);
    if (values.markdown !== undefined && report.markdown !== undefined) {
      writeFileSync(values.markdown, report.markdown);
    }
    results[part.name] = report.data;
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  }
}

function chosenParts(names: readonly string[]): readonly Part[] {
  const unknown = names.find((name) => PARTS.every((part) => part.name !== name));
  if (unknown !== undefined) {
    const known = PARTS.map(({ name }) => name).join(", ");
    throw new StartError(`there is no part '${unknown}'. The parts are: ${known}.`);
  }
  return names.length === 0 ? PARTS : PARTS.filter(({ name }) => names.includes(name));
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new StartError(`--${name} is '${text}'; it must be a whole number from 1.`);
  }
  return count;
}

function choicesOf<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  const chosen = text.split(",");
  const unknown = chosen.find((choice) => !known.some((one) => one === choice));
  if (unknown !== undefined) {
    throw new StartError(`--${name} has '${unknown}'; it takes ${known.join(", ")}.`);
  }
  return known.filter((choice) => chosen.includes(choice));
}

function machine() {
  const all = cpus();
  const { arch, platform, version: node } = process;
  return { cpus: all.length, model: all[0]?.model, platform, arch, node };
}

/** Progress goes to stderr, so that stdout holds the results alone. */
function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) {
    throw error;
  }
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}
