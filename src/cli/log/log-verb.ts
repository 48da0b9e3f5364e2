/** What the verbs of `rekishi log` have in common. */
import type { Terminal } from "../command.ts";

export interface LogCall {
  readonly file: string;
  readonly verb: string;
  /** What stands after the verb. */
  readonly args: readonly string[];
}

/** @returns the exit code. */
export type LogVerb = (call: LogCall, terminal: Terminal) => Promise<number>;
