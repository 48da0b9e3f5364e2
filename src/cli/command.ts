/** What a command of the command line is, what it gets, and how it fails. */

export interface Command {
  /** What is typed after `rekishi`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole help text. */
  readonly help: string;
  /** @returns the exit code: `OK`, or `FOUND_FAULTS` when it did its work and what it looked at is not in order. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Where a command writes. */
export interface Terminal {
  /** Writes a result. */
  readonly out: (text: string) => void;
  /** Writes what is not a result: warnings and progress. */
  readonly err: (text: string) => void;
  /** Characters that fit on a line; Infinity when the output is no terminal. */
  readonly width: number;
}

export const OK = 0;
/** The command could not do its work, or found that what it looked at is damaged. */
export const FOUND_FAULTS = 1;
const WRONG_USE = 2;

/** What a person can mend. `main.ts` prints the message without a stack. */
export class CommandError extends Error {
  readonly exitCode: number = FOUND_FAULTS;
}

/** The command line itself is wrong. */
export class UsageError extends CommandError {
  override readonly exitCode = WRONG_USE;
}
