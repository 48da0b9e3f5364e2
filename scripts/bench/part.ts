/** A part of the benchmark: one command of `npm run bench`. */

export interface PartOptions {
  /** How often everything is measured; medians are reported. */
  readonly rounds: number;
  readonly say: (text: string) => void;
}

export interface PartReport {
  /** For the terminal. */
  readonly text: string;
  /** For `--json`: everything that was measured, each round by itself. */
  readonly data: unknown;
}

export interface Part {
  readonly name: string;
  readonly title: string;
  readonly run: (options: PartOptions) => Promise<PartReport>;
}
