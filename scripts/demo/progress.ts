/** How far the sending is: a bar in a terminal, and a line at every quarter where the output goes into a file. */
import { SingleBar } from "cli-progress";

export interface Progress {
  readonly advance: () => void;
  readonly stop: () => void;
}

/** Starts to show the progress of `total` steps on standard output. */
export function startProgress(total: number): Progress {
  return process.stdout.isTTY ? bar(total) : lines(total);
}

function bar(total: number): Progress {
  const startedAt = performance.now();
  const progress = new SingleBar({
    stream: process.stdout,
    format: "  {bar} {value}/{total} events, {rate} a second",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 40,
  });
  let done = 0;
  progress.start(total, 0, { rate: 0 });
  return {
    advance: () => {
      done++;
      const seconds = (performance.now() - startedAt) / 1_000;
      progress.increment(1, { rate: Math.round(done / seconds) });
    },
    stop: () => progress.stop(),
  };
}

function lines(total: number): Progress {
  let done = 0;
  return {
    advance: () => {
      done++;
      const isQuarter = Math.floor((done * 4) / total) > Math.floor(((done - 1) * 4) / total);
      if (isQuarter) {
        process.stdout.write(`  ${done}/${total} events\n`);
      }
    },
    stop: () => undefined,
  };
}
