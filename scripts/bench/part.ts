/** A part of the benchmark: one command of `npm run bench`. */

import type { CorpusName } from "./engine/commands.ts";
import type { LayoutName } from "./engine/layout.ts";

export interface PartOptions {
  /** How often everything is measured; medians are reported. */
  readonly rounds: number;
  /** For the engine: how many events to store, … */
  readonly events: number;
  /** … how, and which. */
  readonly layouts: readonly LayoutName[];
  readonly corpora: readonly CorpusName[];
  readonly say: (text: string) => void;
}

export interface PartReport {
  /** For the terminal. */
  readonly text: string;
  /** For `--markdown`, where a part has a report to keep. */
  readonly markdown?: string;
  /** For `--json`: everything that was measured, each round by itself. */
  readonly data: unknown;
}

export interface Part {
  readonly name: string;
  readonly title: string;
  readonly run: (options: PartOptions) => Promise<PartReport>;
}
