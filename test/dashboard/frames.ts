/** How smoothly a page is drawn: the time between its frames, and the tasks that held it up. */
import type { CDPSession, Page } from "playwright-core";

export interface Smoothness {
  readonly frames: number;
  /** Time between two frames, in milliseconds. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestFrameMs: number;
  /** What the page's thread computed for a frame, on the average: it says the same on a busy machine. */
  readonly cpuMs: number;
  /** Tasks of 50 ms and more, which are felt. */
  readonly longTasks: number;
  readonly longestTaskMs: number;
}

interface Seen {
  readonly frames: number[];
  readonly tasks: number[];
  isOver: boolean;
}

/** Watches from now on. @returns a function that ends the watch and says what was seen. */
export async function watchFrames(page: Page): Promise<() => Promise<Smoothness>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const cpuBefore = await cpuSeconds(session);
  const seen = await page.evaluateHandle(() => {
    const watch: Seen = { frames: [], tasks: [], isOver: false };
    new PerformanceObserver((list) => {
      watch.tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask" });
    let before = performance.now();
    function onFrame(now: number): void {
      watch.frames.push(now - before);
      before = now;
      if (!watch.isOver) {
        requestAnimationFrame(onFrame);
      }
    }
    requestAnimationFrame(onFrame);
    return watch;
  });
  return async () => {
    const { frames, tasks } = await seen.evaluate((watch) => {
      watch.isOver = true;
      return watch;
    });
    const cpu = (await cpuSeconds(session)) - cpuBefore;
    await session.detach();
    const sorted = frames.slice(1).sort((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
    return {
      frames: sorted.length,
      medianMs: at(0.5),
      p95Ms: at(0.95),
      longestFrameMs: Math.round(sorted.at(-1) ?? 0),
      cpuMs: Math.round((cpu * 10_000) / Math.max(1, sorted.length)) / 10,
      longTasks: tasks.length,
      longestTaskMs: Math.round(Math.max(0, ...tasks)),
    };
  };
}

async function cpuSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

/** One line of a report. */
export function smoothnessText(what: string, seen: Smoothness): string {
  const { frames, medianMs, p95Ms, longestFrameMs, cpuMs, longTasks, longestTaskMs } = seen;
  return `${what}: ${frames} frames, ${medianMs} ms each (p95 ${p95Ms}, longest ${longestFrameMs}), ${cpuMs} ms of CPU; ${longTasks} long tasks, longest ${longestTaskMs} ms\n`;
}
