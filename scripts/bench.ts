/**
 * `npm run bench`: measures what rekishi costs, with figures that can be compared from one change to the next.
 *
 *     npm run bench                                  all parts
 *     npm run bench -- ingest --rounds 3             one part
 *     npm run bench -- ingest --json result.json     everything that was measured, too
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { INGEST } from "./bench/ingest.ts";
import type { Part } from "./bench/part.ts";
import { StartError } from "./server/start-error.ts";

const PARTS: readonly Part[] = [INGEST];
const ROUNDS = "5";

async function main(): Promise<void> {
  const { positionals: names, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "string" }, rounds: { type: "string", default: ROUNDS } },
  });
  const parts = chosenParts(names);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new StartError(`--rounds is '${values.rounds}'; it must be a whole number from 1.`);
  }
  const results: Record<string, unknown> = { at: new Date().toISOString(), machine: machine() };
  for (const part of parts) {
    say(part.title);
    const report = await part.run({ rounds, say });
    process.stdout.write(`\n${report.text}\n\n`);
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
