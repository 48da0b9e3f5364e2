/**
 * An object has 128 MB for everything. `npm run test:memory` does the same with 1,000,000 events, which takes minutes.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/log-files.ts";

const EVENTS = Number(process.env["REKISHI_MEMORY_EVENTS"] ?? 10_000);
const MEBIBYTE = 1_048_576;
/** All that may be used for a moment, and what may be kept; the generator of events takes some 20 MB of it. */
const HEAP_MB = 64;
const KEPT_MB = 64;

test(`a log of ${EVENTS} events is filled, searched and counted in bounded memory`, async () => {
  const run = join(import.meta.dirname, "../../support/memory-run.ts");
  const file = join(temporaryFolder(), "log.sqlite");
  const flags = [
    "--expose-gc",
    `--max-old-space-size=${HEAP_MB}`,
    "--disable-warning=ExperimentalWarning",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    run,
    file,
    String(EVENTS),
  ]);
  expect(Number(stdout) / MEBIBYTE).toBeLessThan(KEPT_MB);
});
