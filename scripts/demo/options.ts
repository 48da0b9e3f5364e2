/** The command line of the demo. */
import { parseArgs } from "node:util";
import { DemoError } from "./demo-error.ts";

const REPEAT_MAX = 1_000;

export const USAGE = `Usage: npm run demo -- [options]

Fills a running rekishi server with audit events made of real GitHub webhook payloads.

  --repeat N   send N sets of the events instead of one (1 to ${REPEAT_MAX})
  --no-tail    do not follow the live tail afterwards
  --help       show this

The server is REKISHI_URL, or the one that npm start serves with the same settings.
The key is REKISHI_ROOT_KEY, or the one in the data folder (REKISHI_DATA).
`;

export interface Options {
  readonly repeat: number;
  readonly isTailWanted: boolean;
  readonly isHelpWanted: boolean;
}

/** Reads what stands after `npm run demo --`; what is wrong with it is a `DemoError`. */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const repeat = Number(values.repeat ?? "1");
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > REPEAT_MAX) {
    throw new DemoError(
      `--repeat is '${values.repeat}'; it must be a whole number from 1 to ${REPEAT_MAX}.`,
    );
  }
  return {
    repeat,
    isTailWanted: values["no-tail"] !== true,
    isHelpWanted: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      repeat: { type: "string" },
      "no-tail": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new DemoError(`${(error as Error).message}\n\n${USAGE}`, { cause: error });
  }
}
