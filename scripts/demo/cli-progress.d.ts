/** The part of cli-progress that the demo uses; the package has no types of its own. */
declare module "cli-progress" {
  export class SingleBar {
    constructor(options: {
      stream?: NodeJS.WritableStream;
      format?: string;
      barCompleteChar?: string;
      barIncompleteChar?: string;
      barsize?: number;
    });
    start(total: number, startValue: number, payload?: Record<string, unknown>): void;
    increment(step: number, payload?: Record<string, unknown>): void;
    stop(): void;
  }
}
