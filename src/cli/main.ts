#!/usr/bin/env node
/**
 * The command line: `npm run rekishi -- <command> …`.
 *
 * `export` talks to a server, everything else works on files. A command is a folder here, with a `Command` that is named below. Results go to
 * standard output, everything else to standard error. Exit codes: 0 done, 1 failed or damage found, 2 wrong use.
 */
import { type Command, CommandError, OK, type Terminal, UsageError } from "./command.ts";
import { exportCommand } from "./export/export-command.ts";
import { logCommand } from "./log/log-command.ts";

const COMMANDS: readonly Command[] = [exportCommand, logCommand];

const HELP = `Usage: npm run rekishi -- <command> [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

'npm run rekishi -- <command> --help' tells more about one of them.
`;

/** @returns the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    if (!(error instanceof CommandError)) {
      throw error;
    }
    terminal.err(`rekishi: ${error.message}\n`);
    return error.exitCode;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = "--help", ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    terminal.out(HELP);
    return OK;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = COMMANDS.map((candidate) => candidate.name).join(", ");
    throw new UsageError(`there is no command '${name}'. There is: ${names}.`);
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    terminal.out(command.help);
    return OK;
  }
  return command.run(rest, terminal);
}

if (import.meta.main) {
  // Whoever reads the output may stop early, as `head` does.
  process.stdout.on("error", () => process.exit(OK));
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    width: process.stdout.isTTY ? process.stdout.columns : Infinity,
  });
}
