/** What may stand after `rekishi log <file> <verb>`: the filters of the API under short names, and the output. */
import type { Result } from "../../kernel/result.ts";
import { UsageError } from "../command.ts";
import { readOptions, timeText } from "../options.ts";

export type Format = "table" | "json" | "ndjson";

/** An option of the command line and the parameter of the API that it stands for. */
const PARAMETERS = {
  action: "actions",
  "actor-id": "actor_ids",
  "actor-name": "actor_names",
  "actor-type": "actor_types",
  "target-id": "target_ids",
  "target-type": "target_types",
  from: "range_start",
  to: "range_end",
  order: "order",
  interval: "interval",
  "time-zone": "time_zone",
  facet: "facets",
} as const;

type ParameterOption = keyof typeof PARAMETERS;

const FILTERS: readonly ParameterOption[] = [
  "action",
  "actor-id",
  "actor-name",
  "actor-type",
  "target-id",
  "target-type",
  "from",
  "to",
];
export const LIST_OPTIONS: readonly ParameterOption[] = [...FILTERS, "order"];
export const COUNT_OPTIONS: readonly ParameterOption[] = [
  ...FILTERS,
  "interval",
  "time-zone",
  "facet",
];

export interface Arguments {
  readonly positionals: readonly string[];
  /** What the API would be asked. */
  readonly parameters: URLSearchParams;
  readonly format: Format;
  /** Events to show; Infinity for all. */
  readonly limit: number;
  /** The folder of the blob store. */
  readonly blobs: string | undefined;
}

const LIMIT_DEFAULT = 100;

/** @param allowed the options that stand for parameters of the API. @throws UsageError */
export function readArguments(
  args: readonly string[],
  allowed: readonly ParameterOption[],
  hasLimit: boolean,
): Arguments {
  const { values, positionals } = parse(args, allowed, hasLimit);
  const parameters = new URLSearchParams();
  for (const option of allowed) {
    for (const value of values[option] ?? []) {
      const isTime = option === "from" || option === "to";
      parameters.append(PARAMETERS[option], isTime ? timeText(value, `--${option}`) : value);
    }
  }
  return {
    positionals,
    parameters,
    format: formatOf(values["format"]?.at(-1) ?? "table"),
    limit: limitOf(values["limit"]?.at(-1) ?? String(LIMIT_DEFAULT)),
    blobs: values["blobs"]?.at(-1),
  };
}

/** What the API would refuse, said with the names of the command line. */
export function understood<T>(read: Result<T>): T {
  if (read.ok) {
    return read.value;
  }
  const message = Object.entries(PARAMETERS).reduce(
    (text, [option, parameter]) => text.replaceAll(`'${parameter}'`, `--${option}`),
    read.failure.message,
  );
  throw new UsageError(message);
}

function parse(args: readonly string[], allowed: readonly ParameterOption[], hasLimit: boolean) {
  const names = [...allowed, "blobs", "format", ...(hasLimit ? ["limit"] : [])];
  const options = Object.fromEntries(
    names.map((name) => [name, { type: "string", multiple: true } as const]),
  );
  const parsed = readOptions(args, options, true);
  return {
    values: parsed.values as Readonly<Record<string, readonly string[] | undefined>>,
    positionals: parsed.positionals,
  };
}

function formatOf(text: string): Format {
  const formats: readonly Format[] = ["table", "json", "ndjson"];
  const format = formats.find((candidate) => candidate === text);
  if (format === undefined) {
    throw new UsageError(`--format is '${text}'; it must be table, json or ndjson.`);
  }
  return format;
}

function limitOf(text: string): number {
  const limit = text === "all" ? Infinity : Number(text);
  if (limit !== Infinity && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new UsageError(`--limit is '${text}'; it must be a whole number from 1, or 'all'.`);
  }
  return limit;
}
