/** Reads the options of a command. What is wrong with them is said in the words of the command line. */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { timestampSchema } from "../contract/event.ts";
import { nearName } from "../kernel/near-name.ts";
import { timeOf } from "../query/ordered-value.ts";
import { UsageError } from "./command.ts";

/** @throws UsageError that names the option. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  allowPositionals: boolean,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    throw new UsageError(sentenceOf(error as NodeJS.ErrnoException, Object.keys(options)), {
      cause: error,
    });
  }
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * A time as the API takes it. A date alone is its beginning in UTC.
 *
 * @throws UsageError when it is none in ISO 8601, or says not in which time zone.
 */
export function timeText(text: string, option: string): string {
  const date = DATE.test(text) ? timeOf(text) : undefined;
  const time = timestampSchema.safeParse(date === undefined ? text : new Date(date).toISOString());
  if (!time.success) {
    throw new UsageError(
      `${option} is '${text}'; it must be a date in ISO 8601, such as 2026-01-01, or a time with an offset, such as 2026-01-01T09:00:00+09:00.`,
    );
  }
  return time.data;
}

/** Node says it for programmers, and names the option in quotation marks. */
function sentenceOf({ code, message }: NodeJS.ErrnoException, names: readonly string[]): string {
  const [, quoted = ""] = /'([^']*)'/.exec(message) ?? [];
  switch (code) {
    case "ERR_PARSE_ARGS_UNKNOWN_OPTION":
      return unknownOption(quoted, names);
    case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE": {
      const option = /--[\w-]+/.exec(quoted)?.[0] ?? quoted;
      return message.includes("does not take")
        ? `${option} takes no value.`
        : `${option} needs a value; one that begins with '-' is written ${option}=VALUE.`;
    }
    default:
      return `there is '${quoted}', and only options can stand here.`;
  }
}

function unknownOption(option: string, names: readonly string[]): string {
  const near = nearName(option.replace(/^-+/, ""), names);
  const hint =
    near === undefined
      ? `The options are ${names.map((known) => `--${known}`).join(", ")}.`
      : `Did you mean --${near}?`;
  const query = option.startsWith("--") ? "" : " A query that begins with '-' stands after '--'.";
  return `there is no option ${option}. ${hint}${query}`;
}
